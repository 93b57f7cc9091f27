//! `restore`: puts back what was paused.

use super::lower::Lowering;
use super::rollback::{twice, undo};
use super::shape::{BASE, EVERY, RETRY, STEP, flag};
use crate::program::{BlockOf, OptionSpec, Part, Place, Schema, Stmt};

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
    options: &[
        flag("once", "Not safe to repeat: a failed or unknown one is stuck at once."),
        OptionSpec {
            word: "best",
            parts: &[Part::Word("effort")],
            doc: "A failure goes on to the next undo; the end is then failed, kept.",
        },
        RETRY,
        EVERY,
    ],
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
    let Some(parts) = low.steps.last_mut() else { return };
    match &parts.restore {
        None => parts.restore = Some((undo, span)),
        Some((_, first)) => {
            let first = *first;
            twice(low, span, first, "the step has two `restore` blocks");
        }
    }
}
