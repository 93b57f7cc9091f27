//! `body`: the body as text.

use super::lower::{Clauses, Lowering};
use super::shape::BASE;
use crate::plan::HttpBody;
use crate::program::{Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "body",
    summary: "The body as text",
    doc: "Sends the text as it is.",
    example: r#"body "ping""#,
    stands_in: &[Place::HttpBlock],
    operands: &[SlotKind::Text],
    ..BASE
};

/// The request's body.
pub(crate) fn clause<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>, clauses: &mut Clauses) {
    clauses.once(low, "body", stmt);
    clauses.body = low.operand(stmt, 0).map(HttpBody::Text);
}
