//! `answer`: one answer of a choose.

use super::shape::BASE;
use crate::program::{BlockOf, Flow, Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "answer",
    summary: "One answer of a choose",
    doc: "What is done where this answer is picked. Its text is fixed.",
    example: r#"answer "Stop" { fail "stopped by a person" }"#,
    stands_in: &[Place::Choose],
    operands: &[SlotKind::FixedText],
    block: BlockOf::Required(Place::Answer),
    flow: Flow::Through,
    ..BASE
};
