//! `body`: the body as text, or as what a file holds.

use super::lower::{Clauses, Lowering};
use super::shape::BASE;
use crate::plan::HttpBody;
use crate::program::{Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "body",
    summary: "The body as text or file",
    doc: "Sends the text as it is; an artifact as what its file holds, once its hash is checked, as \
          `application/octet-stream` unless a `header` says another type.",
    example: r#"body "ping""#,
    stands_in: &[Place::HttpBlock],
    operands: &[SlotKind::Content],
    ..BASE
};

/// The request's body.
pub(crate) fn clause<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>, clauses: &mut Clauses) {
    clauses.once(low, "body", stmt);
    clauses.body = low.operand(stmt, 0).map(HttpBody::Text);
}
