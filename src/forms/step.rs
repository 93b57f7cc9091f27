//! `step`: the unit of doing and undoing.

use super::lower::{Lowering, StepSource};
use super::shape::{BASE, FLOW, STEP_OPTIONS};
use crate::program::{BlockOf, Flow, Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "step",
    summary: "The unit of doing and undoing",
    doc: "What is done, skipped, retried, undone and reported as one. It gives one honest answer about undo: \
          `rollback { … }`, `irreversible` or `rollback none \"why\"`; any of them beside `restore { … }`.",
    example: r#"step "Open the gate" timeout 1m {
  run memoryos gate open
  rollback { run memoryos gate close }
}"#,
    stands_in: FLOW,
    operands: &[SlotKind::Title],
    options: STEP_OPTIONS,
    block: BlockOf::Required(Place::Step),
    flow: Flow::Through,
    ..BASE
};

/// The step.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let title = low.title(stmt);
    low.step(&StepSource::of(stmt, title));
}
