//! `timeout`: a limit for one attempt.

use super::lower::{Clauses, Lowering};
use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "timeout",
    summary: "A limit for one attempt",
    doc: "Stops the attempt after so long. What a program had done by then is unknown.",
    example: "timeout 30s",
    stands_in: &[Place::RunBlock, Place::FenceBlock, Place::HttpBlock],
    operands: &[SlotKind::Duration],
    ..BASE
};

/// The limit of the effect.
pub(crate) fn clause<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>, clauses: &mut Clauses) {
    clauses.once(low, "timeout", stmt);
    clauses.timeout = low.operand(stmt, 0);
}
