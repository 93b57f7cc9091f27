//! `step`: a step that other runbooks can do.

use super::shape::{BASE, MODULE_STEP_OPTIONS};
use crate::program::{BlockOf, Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "step",
    summary: "A step that other runbooks can do",
    doc: "As a step; brings its rollback wherever it is called. It may `return` a value.",
    example: r#"step open(gate: text) "Open {gate}" {
  run memoryos gate open {gate}
  rollback { run memoryos gate close {gate} }
}"#,
    stands_in: &[Place::Module],
    operands: &[SlotKind::Signature, SlotKind::TitleOptional],
    options: MODULE_STEP_OPTIONS,
    block: BlockOf::Required(Place::Step),
    ..BASE
};
