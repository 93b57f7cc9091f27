//! `rollback`: how the step is undone.

use super::lower::{Lowering, fixed, given, has};
use super::shape::{BASE, BEST_EFFORT, EVERY, ONCE, RETRY, STEP};
use crate::diag::codes;
use crate::plan::{Answer, Undo};
use crate::program::{BlockOf, OptionSpec, Part, Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "rollback",
    summary: "How the step is undone",
    doc: "Done, newest step first, when the run fails later. Safe to repeat unless `once`; it is retried \
          before the run is stuck. `best effort` goes on after a failure. `rollback none \"why\"` says that \
          nothing needs undoing.",
    example: r#"step "Open the gate" {
  run memoryos gate open
  rollback { run memoryos gate close }
}"#,
    stands_in: STEP,
    options: &[
        OptionSpec {
            word: "none",
            parts: &[Part::Slot(SlotKind::FixedText)],
            doc: "Nothing needs undoing, and why.",
        },
        ONCE,
        BEST_EFFORT,
        RETRY,
        EVERY,
    ],
    block: BlockOf::Optional(Place::Undo),
    ..BASE
};

/// The step's answer about undo.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    if low.context.silent.undo {
        return;
    }
    let span = low.head(stmt.span);
    let answer = match (given(&stmt.options, "none"), stmt.has_block) {
        (Some(none), false) => Answer::Nothing(fixed(&none.values, 0)),
        (None, true) => Answer::Rollback(undo(stmt, low)),
        (Some(_), true) => {
            let help = "drop `none \"…\"`, or the block";
            low.error(codes::NO_UNDO, span, "`rollback none` has a block", help);
            Answer::Nothing(String::new())
        }
        (None, false) => {
            if !low.is_line_unread(span) {
                let help = "write `rollback { … }`, or `rollback none \"why\"`";
                low.error(codes::NO_UNDO, span, "`rollback` does not say how", help);
            }
            return low.half_answer();
        }
    };
    if stmt.has_block && stmt.body.is_empty() {
        return low.half_answer();
    }
    low.keep(|parts| &mut parts.answer, (answer, span), "the step gives two answers about undo");
}

/// An undo without a statement undoes nothing, and would still count as done. What a person does, a question asks for.
fn says_how(stmt: &Stmt, low: &mut Lowering<'_>) {
    if !stmt.body.is_empty() || low.is_unread(stmt.span) {
        return;
    }
    let (word, span) = (stmt.schema.word, low.head(stmt.span));
    let (message, help) = if stmt.prose.is_some() {
        let help = "add what does it; where a person does, `confirm \"…\"` asks whether it is done";
        (
            format!(
                "this `{word}` has only prose: nothing would be undone, and the run would say that it was"
            ),
            help,
        )
    } else if word == "restore" {
        ("this `restore` is empty".to_owned(), "write what puts it back, or take the `restore` out")
    } else {
        ("this `rollback` is empty".to_owned(), "write what undoes the step, or `rollback none \"why\"`")
    };
    low.error(codes::EMPTY_UNDO, span, message, help);
}

/// The body of a rollback or restore with its options.
pub(super) fn undo<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) -> Undo {
    let retry = low.retry(&stmt.options);
    let start = low.position();
    let context = low.context.undoing();
    let body = low.within(context, |low| low.block(stmt.span, &stmt.body));
    low.entitle(body, None, stmt.prose.as_ref());
    let end = low.position();
    if let Some(parts) = low.steps.last_mut() {
        parts.undo_nodes.push(start..end);
    }
    says_how(stmt, low);
    let (once, best_effort) = (has(&stmt.options, "once"), has(&stmt.options, "best"));
    Undo { body, once, best_effort, retry }
}
