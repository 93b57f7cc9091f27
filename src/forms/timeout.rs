//! `timeout`: a limit for one attempt.

use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind};

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
