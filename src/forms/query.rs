//! `query`: a query parameter.

use super::lower::{Clauses, Lowering, named_text};
use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "query",
    summary: "A query parameter",
    doc: "Adds one parameter to the URL, encoded.",
    example: r#"query "page" 2"#,
    stands_in: &[Place::HttpBlock],
    operands: &[SlotKind::FixedText, SlotKind::Any],
    ..BASE
};

/// Adds it to the request.
pub(crate) fn clause<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>, clauses: &mut Clauses) {
    clauses.query.extend(named_text(stmt, low));
}
