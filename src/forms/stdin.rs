//! `stdin`: what the program reads.

use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind};

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
