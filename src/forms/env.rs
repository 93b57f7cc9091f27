//! `env`: a variable of the environment.

use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "env",
    summary: "A variable of the environment",
    doc: "Sets one variable in the environment of the program. In a step it holds for every program after \
          it, those of its rollback too. The way for a secret to travel.",
    example: r#"env DATABASE_URL = "sqlite:///memoria.db""#,
    stands_in: &[Place::RunBlock, Place::FenceBlock, Place::Step, Place::Manual, Place::Undo],
    operands: &[SlotKind::Assign],
    ..BASE
};
