//! `undone`: what was undone in a scenario.

use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "undone",
    summary: "What was undone in a scenario",
    doc: "Its rollback or restore ran to its end. In the order written.",
    example: r#"scenario "A failure" {
  given "Migrate" failure
  undone "Migrate"
  ends "rolled back"
}"#,
    stands_in: &[Place::Scenario],
    operands: &[SlotKind::FixedText],
    ..BASE
};
