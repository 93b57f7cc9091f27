//! `input`: a value given from outside.

use super::shape::BASE;
use crate::program::{OptionSpec, Part, Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "input",
    summary: "A value given from outside",
    doc: "Given by `--input name=value`, a file of inputs or the environment; checked before anything runs.",
    example: r#"input folder: path = "backups" "Folder that receives the exports""#,
    stands_in: &[Place::Runbook],
    operands: &[SlotKind::Decl, SlotKind::TitleOptional],
    options: &[
        OptionSpec {
            word: "from",
            parts: &[
                Part::Slot(SlotKind::OneOf(&["env", "file", "command", "prompt"])),
                Part::Optional(SlotKind::Any),
            ],
            doc: "Where it comes from when not given: an environment variable, a file, a command, a prompt.",
        },
        OptionSpec { word: "where", parts: &[Part::Slot(SlotKind::Bool)], doc: "What must hold of it." },
    ],
    ..BASE
};
