//! `basic`: sends user and password.

use super::lower::{Clauses, Lowering};
use super::shape::BASE;
use crate::plan::Login;
use crate::program::{Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "basic",
    summary: "Sends user and password",
    doc: "`Authorization: Basic …`.",
    example: r#"basic "admin" "test-password""#,
    stands_in: &[Place::HttpBlock],
    operands: &[SlotKind::Text, SlotKind::Text],
    ..BASE
};

/// The request's credentials.
pub(crate) fn clause<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>, clauses: &mut Clauses) {
    clauses.once(low, "login", stmt);
    let (user, password) = (low.operand(stmt, 0), low.operand(stmt, 1));
    clauses.login = user.zip(password).map(|(user, password)| Login::Basic(user, password));
}
