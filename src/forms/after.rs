//! `after`: after the outcome is settled.

use super::lower::{Lowering, word};
use super::shape::BASE;
use crate::plan::HandlerWhen;
use crate::program::{BlockOf, Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "after",
    summary: "After the outcome is settled",
    doc: "`success`: completed; `rollback`: unwinding finished, where anything was owed; `failure`: every end but \
          completed; `run`: last, always. It never changes the outcome.",
    example: r#"after run { notify "release" "the run is over" }"#,
    stands_in: &[Place::Runbook],
    operands: &[SlotKind::OneOf(&["success", "rollback", "failure", "run"])],
    block: BlockOf::Required(Place::Handler),
    ..BASE
};

/// A handler of the run.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let when = match word(&stmt.operands, 0).map(|(word, _)| word) {
        Some("success") => HandlerWhen::AfterSuccess,
        Some("rollback") => HandlerWhen::AfterRollback,
        Some("failure") => HandlerWhen::AfterFailure,
        _ => HandlerWhen::AfterRun,
    };
    low.handler(stmt, when);
}
