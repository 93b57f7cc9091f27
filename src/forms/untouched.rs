//! `untouched`: what did not begin in a scenario.

use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "untouched",
    summary: "What did not begin in a scenario",
    doc: "Nothing of it was done.",
    example: r#"scenario "A failure" {
  given "Migrate" failure
  untouched "Announce"
  ends "rolled back"
}"#,
    stands_in: &[Place::Scenario],
    operands: &[SlotKind::FixedText],
    ..BASE
};
