//! `form`: the body as a form.

use super::lower::{Clauses, Lowering};
use super::shape::BASE;
use crate::plan::HttpBody;
use crate::program::{Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "form",
    summary: "The body as a form",
    doc: "Sends a map as `application/x-www-form-urlencoded`.",
    example: r#"form { name: "export", keep: "3" }"#,
    stands_in: &[Place::HttpBlock],
    operands: &[SlotKind::Json],
    ..BASE
};

/// The request's body.
pub(crate) fn clause<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>, clauses: &mut Clauses) {
    clauses.once(low, "body", stmt);
    clauses.body = low.operand(stmt, 0).map(HttpBody::Form);
}
