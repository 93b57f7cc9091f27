//! `done`: whether the step is already in place.

use super::shape::{BASE, STEP};
use crate::program::{BlockOf, Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "done",
    summary: "Whether the step is already in place",
    doc: "`done when { … }` looks: before the step (in place, then nothing is done and owed), to settle an \
          unknown outcome, and after the rollback (must no longer hold).",
    example: r#"step "Open the gate" {
  done when { run memoryos gate is-open }
  run memoryos gate open
  rollback { run memoryos gate close }
}"#,
    stands_in: STEP,
    operands: &[SlotKind::Word("when")],
    block: BlockOf::Required(Place::DoneWhen),
    ..BASE
};
