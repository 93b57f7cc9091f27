//! `evidence`: keeps a value or a file with the run.

use super::shape::{BASE, RECORDING};
use crate::program::{OptionSpec, Part, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "evidence",
    summary: "Keeps a value or a file with the run",
    doc: "Adds a value to the record of the run; of an artifact the file too. `evidence artifact \"path\"` \
          takes the file directly.",
    example: r#"check "Space" {
  let free = run df --output=avail backups
  evidence free
}"#,
    stands_in: RECORDING,
    operands: &[SlotKind::AnyOptional],
    options: &[OptionSpec {
        word: "artifact",
        parts: &[Part::Slot(SlotKind::Text)],
        doc: "Keeps the file of that path, which must exist.",
    }],
    ..BASE
};
