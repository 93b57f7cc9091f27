//! `log`: writes a line into the record.

use super::shape::{BASE, RECORDING};
use crate::program::{Schema, SlotKind};

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
