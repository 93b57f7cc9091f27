//! `json`: the body as JSON.

use super::lower::{Clauses, Lowering};
use super::shape::BASE;
use crate::plan::HttpBody;
use crate::program::{Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "json",
    summary: "The body as JSON",
    doc: "Sends the value as JSON; each value inside is one leaf, whatever it holds.",
    example: r#"json { enabled: true, tags: ["a", "b"] }"#,
    stands_in: &[Place::HttpBlock],
    operands: &[SlotKind::Json],
    ..BASE
};

/// The request's body.
pub(crate) fn clause<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>, clauses: &mut Clauses) {
    clauses.once(low, "body", stmt);
    clauses.body = low.operand(stmt, 0).map(HttpBody::Json);
}
