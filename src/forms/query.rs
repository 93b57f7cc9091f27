//! `query`: a query parameter.

use super::lower::{Clauses, Lowering, fixed};
use super::shape::BASE;
use crate::plan::NamedText;
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
    let name = fixed(&stmt.operands, 0);
    if let Some(value) = Clauses::value(low, stmt) {
        clauses.query.push(NamedText { name, value });
    }
}
