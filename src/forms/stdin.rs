//! `stdin`: what the program reads.

use super::lower::{Clauses, Lowering};
use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "stdin",
    summary: "What the program reads",
    doc: "The text is its standard input, which is empty otherwise.",
    example: r#"stdin "yes""#,
    stands_in: &[Place::RunBlock, Place::FenceBlock],
    operands: &[SlotKind::Any],
    ..BASE
};

/// What the effect reads.
pub(crate) fn clause<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>, clauses: &mut Clauses) {
    clauses.once(low, "stdin", stmt);
    clauses.stdin = low.operand(stmt, 0);
}
