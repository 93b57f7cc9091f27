//! `log`: writes a line into the record.

use super::lower::Lowering;
use super::shape::{BASE, RECORDING};
use crate::plan::{Act, ResponsePart};
use crate::program::{Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "log",
    summary: "Writes a line into the record",
    doc: "The text stands in the record of the run and on the screen.",
    example: r#"log "next: the reconciliation runbook""#,
    stands_in: RECORDING,
    operands: &[SlotKind::Text],
    ..BASE
};

/// Writes the line.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    if let Some(text) = low.operand(stmt, 0) {
        low.act(stmt, Act::Log(text), ResponsePart::Answer);
    }
}
