//! `exclusive`: one run at a time.

use super::shape::{BASE, NOT_NESTED, SCOPES};
use crate::program::{Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "exclusive",
    summary: "One run at a time",
    doc: "No other run with the same name, in the same journal, until this one ends.",
    example: r#"exclusive "memoria eu""#,
    stands_in: SCOPES,
    never_inside: NOT_NESTED,
    operands: &[SlotKind::Text],
    ..BASE
};
