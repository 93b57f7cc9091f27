//! `return`: what a module check or step gives.

use super::lower::{Lowering, value};
use super::shape::{BASE, RETURNS};
use crate::plan::Bind;
use crate::program::{Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "return",
    summary: "What a module check or step gives",
    doc: "The value of its call.",
    example: "check depth(folder: path): int {
  let depth: int = run memoryos queue depth {folder}
  return depth
}",
    stands_in: RETURNS,
    operands: &[SlotKind::Any],
    ends: true,
    ..BASE
};

/// Sets the result of the call.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let (Some(var), Some((value, ty, _))) = (low.returns, value(low, &stmt.operands, 0)) else { return };
    let bind = Bind { var, value, ty };
    low.note_result(stmt.span, &bind);
    low.bind(stmt.span, bind);
}
