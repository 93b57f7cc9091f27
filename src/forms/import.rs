//! `use`: takes in a module.

use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "use",
    summary: "Takes in a module",
    doc: "`use \"std/name\"` is inside the binary, `use \"./path\"` a file beside this one. Its checks and \
          steps are called `name.check(…)`.",
    example: r#"use "std/redis""#,
    stands_in: &[Place::Runbook, Place::Module],
    operands: &[SlotKind::FixedText],
    ..BASE
};
