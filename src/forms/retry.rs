//! `retry`: further attempts of this effect.

use super::lower::{Clauses, Lowering};
use super::shape::{BASE, EVERY};
use crate::plan::Retry;
use crate::program::{Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "retry",
    summary: "Further attempts of this effect",
    doc: "Tries again, so many times more, when it failed; when its outcome is unknown only where the step \
          is `idempotent` or it only looks.",
    example: "retry 3 every 10s",
    stands_in: &[Place::RunBlock, Place::FenceBlock, Place::HttpBlock],
    operands: &[SlotKind::Int],
    options: &[EVERY],
    ..BASE
};

/// The further attempts of the effect.
pub(crate) fn clause<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>, clauses: &mut Clauses) {
    clauses.once(low, "retry", stmt);
    let every = low.option(&stmt.options, "every");
    clauses.retry = low.retries(&stmt.operands).map(|times| Retry { times, every: every.map(Box::new) });
}
