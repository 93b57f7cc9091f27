//! `header`: a header of the request.

use super::lower::{Clauses, Lowering, named_text};
use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "header",
    summary: "A header of the request",
    doc: "Adds a header. Credentials belong into `bearer` and `basic`.",
    example: r#"header "Accept" "application/json""#,
    stands_in: &[Place::HttpBlock],
    operands: &[SlotKind::FixedText, SlotKind::Any],
    ..BASE
};

/// Adds it to the request.
pub(crate) fn clause<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>, clauses: &mut Clauses) {
    clauses.headers.extend(named_text(stmt, low));
}
