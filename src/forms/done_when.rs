//! `done`: whether the step is already in place.

use super::lower::{Context, Lowering};
use super::shape::{BASE, STEP};
use crate::plan::Class;
use crate::program::{BlockOf, Place, Schema, SlotKind, Stmt};

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

/// The look that answers whether the step is in place.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    if low.context.silent.done {
        return;
    }
    let span = low.head(stmt.span);
    let context = Context { class: Class::Looks, ..low.context.clone() };
    let look = low.within(context, |low| low.block(stmt.span, &stmt.body));
    if let Some(parts) = low.steps.last_mut() {
        parts.done_depth = parts.depth;
    }
    low.keep(|parts| &mut parts.done_when, (look, span), "the step has two `done when` blocks");
}
