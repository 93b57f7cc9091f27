//! `runbook`: the first line of a runbook.

use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "runbook",
    summary: "The first line of a runbook",
    doc: "Its title and version.",
    example: r#"runbook "Upgrade the workers" 1.0.0"#,
    stands_in: &[Place::Runbook],
    operands: &[SlotKind::FixedText, SlotKind::Any],
    ..BASE
};
