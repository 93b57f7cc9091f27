//! `bearer`: sends a bearer token.

use super::lower::{Clauses, Lowering};
use super::shape::BASE;
use crate::plan::Login;
use crate::program::{Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "bearer",
    summary: "Sends a bearer token",
    doc: "`Authorization: Bearer …`, usually from a `secret` input.",
    example: r#"bearer "test-token""#,
    stands_in: &[Place::HttpBlock],
    operands: &[SlotKind::Text],
    ..BASE
};

/// The request's credentials.
pub(crate) fn clause<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>, clauses: &mut Clauses) {
    clauses.once(low, "login", stmt);
    clauses.login = low.operand(stmt, 0).map(Login::Bearer);
}
