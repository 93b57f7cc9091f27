//! `ran`: what ran in a scenario.

use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "ran",
    summary: "What ran in a scenario",
    doc: "The title of a step, check or question, or the end of its path. In the order written.",
    example: r#"scenario "The upgrade" {
  ran "Back up"
  ends "completed"
}"#,
    stands_in: &[Place::Scenario],
    operands: &[SlotKind::FixedText],
    ..BASE
};
