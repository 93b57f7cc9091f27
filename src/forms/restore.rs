//! `restore`: puts back what was paused.

use super::lower::Lowering;
use super::rollback::undo;
use super::shape::{BASE, BEST_EFFORT, EVERY, ONCE, RETRY, STEP};
use crate::program::{BlockOf, Place, Schema, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "restore",
    summary: "Puts back what was paused",
    doc: "Done when the phase ends, whatever the outcome, newest first.",
    example: r#"step "Pause ingestion" {
  run memoryos pause
  restore { run memoryos resume }
  rollback none "restore is enough"
}
step "Migrate" {
  run memoryos migrate
  rollback none "a second migration is harmless"
}"#,
    stands_in: STEP,
    options: &[ONCE, BEST_EFFORT, RETRY, EVERY],
    block: BlockOf::Required(Place::Undo),
    ..BASE
};

/// What is put back.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    if low.context.silent.undo {
        return;
    }
    let span = low.head(stmt.span);
    let undo = undo(stmt, low);
    low.keep(|parts| &mut parts.restore, (undo, span), "the step has two `restore` blocks");
}
