//! `ends`: how the run of a scenario ends.

use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind};

/// How a run can end.
pub(super) const ENDS: &[&str] = &["completed", "rolled back", "failed, kept", "stuck", "waiting"];

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "ends",
    summary: "How the run of a scenario ends",
    doc: "`completed`, `rolled back`, `failed, kept`, `stuck` or `waiting`.",
    example: r#"scenario "The upgrade" {
  ends "completed"
}"#,
    stands_in: &[Place::Scenario],
    operands: &[SlotKind::FixedText],
    ..BASE
};
