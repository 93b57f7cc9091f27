//! `return`: what a module check or step gives.

use super::shape::{BASE, RETURNS};
use crate::program::{Schema, SlotKind};

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
    ..BASE
};
