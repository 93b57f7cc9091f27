//! `wait`: waits for a time.

use super::shape::{BASE, WAITING};
use crate::program::{OptionSpec, Part, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "wait",
    summary: "Waits for a time",
    doc: "`wait 72h \"Why\"`, or `wait until` a `time`, `\"Sat 02:00 Europe/Paris\"` or a window. Durable: \
          the process may end meanwhile.",
    example: r#"wait 72h "Code freeze""#,
    stands_in: WAITING,
    operands: &[SlotKind::AnyOptional, SlotKind::TitleOptional],
    options: &[OptionSpec {
        word: "until",
        parts: &[Part::Slot(SlotKind::Any)],
        doc: "A `time`, a moment or a window as text.",
    }],
    ..BASE
};
