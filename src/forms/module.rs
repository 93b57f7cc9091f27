//! `module`: the first line of a module.

use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "module",
    summary: "The first line of a module",
    doc: "Its name and version. A module holds `use`, `let` constants, `check` and `step` definitions.",
    example: "module tools 1.0.0",
    stands_in: &[Place::Module],
    operands: &[SlotKind::NewName, SlotKind::Any],
    ..BASE
};
