//! `check`: a check that other runbooks can ask.

use super::shape::{BASE, DEPRECATED};
use crate::program::{BlockOf, Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "check",
    summary: "A check that other runbooks can ask",
    doc: "Only looks, and gives a value by `return`.",
    example: "check depth(folder: path): int {
  let depth: int = run memoryos queue depth {folder}
  return depth
}",
    stands_in: &[Place::Module],
    operands: &[SlotKind::Signature],
    options: &[DEPRECATED],
    block: BlockOf::Required(Place::ModuleCheck),
    ..BASE
};
