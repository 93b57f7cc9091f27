//! `dir`: the working folder.

use super::lower::{Clauses, Lowering};
use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "dir",
    summary: "The working folder",
    doc: "The folder in which the program starts, relative to where the run was started.",
    example: r#"dir "deploy""#,
    stands_in: &[Place::RunBlock, Place::FenceBlock],
    operands: &[SlotKind::Text],
    ..BASE
};

/// The folder of the effect.
pub(crate) fn clause<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>, clauses: &mut Clauses) {
    clauses.once(low, "dir", stmt);
    clauses.dir = low.operand(stmt, 0);
}
