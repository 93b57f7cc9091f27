//! `hint`: a known failure and its remedy.

use super::shape::{BASE, STEP};
use crate::program::{Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "hint",
    summary: "A known failure and its remedy",
    doc: "Shown when the output of a failed effect matches.",
    example: r#"step "Migrate" {
  hint /database is locked/ "Stop the writers, then retry"
  run memoria migrate
  rollback none "a second migration is harmless"
}"#,
    stands_in: STEP,
    operands: &[SlotKind::Regex, SlotKind::FixedText],
    ..BASE
};
