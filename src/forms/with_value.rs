//! `with`: what a name holds in a scenario.

use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "with",
    summary: "What a name holds in a scenario",
    doc: "An input, or a name that a statement binds. What is not given is a sample of its type.",
    example: r#"scenario "The upgrade" {
  with release = 2.0.0
  ends "completed"
}"#,
    stands_in: &[Place::Scenario],
    operands: &[SlotKind::Assign],
    ..BASE
};
