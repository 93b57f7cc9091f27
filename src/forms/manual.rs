//! `manual`: a step done by a person.

use super::lower::{Lowering, StepSource};
use super::shape::{BASE, FLOW, MANUAL_OPTIONS};
use crate::program::{BlockOf, Flow, Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "manual",
    summary: "A step done by a person",
    doc: "As a step, but a person does it and says so. Its prose is the instruction.",
    example: r#"manual "Publish the changelog" irreversible {
  """
  On the status page.
  """
  ask link: url "Link to the entry"
}"#,
    stands_in: FLOW,
    operands: &[SlotKind::Title],
    options: MANUAL_OPTIONS,
    block: BlockOf::Optional(Place::Manual),
    flow: Flow::Through,
    ..BASE
};

/// The step.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let title = low.title(stmt);
    low.step(&StepSource { manual: true, ..StepSource::of(stmt, title) });
}
