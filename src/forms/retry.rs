//! `retry`: further attempts of this effect.

use super::shape::{BASE, EVERY};
use crate::program::{Place, Schema, SlotKind};

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
