//! `call`: another runbook as a part of this one.

use super::lower::Lowering;
use super::shape::{BASE, FLOW};
use crate::program::{Form, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "call",
    summary: "Another runbook as a part of this one",
    doc: "Takes in another runbook with its inputs given in `(…)`: one plan, one undo. Its handlers do not \
          run.",
    example: r#"call "./cleanup.runbook" (folder: "backups")"#,
    stands_in: FLOW,
    operands: &[SlotKind::FixedText, SlotKind::Args],
    ..BASE
};

/// The other runbook, taken in here.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    if let Form::Call(call) = &stmt.form {
        low.take_in(call);
    }
}
