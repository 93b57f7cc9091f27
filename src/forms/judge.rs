//! `judge`: a person compares and judges.

use super::shape::{BASE, BY, JUDGING, gives_bool};
use crate::program::{BlockOf, OptionSpec, Part, Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "judge",
    summary: "A person compares and judges",
    doc: "Shows a value, and what it should look like, to a person who answers pass or fail with a finding.",
    example: r#"judge "The samples agree" showing "3 of 3" expected "all of them""#,
    stands_in: JUDGING,
    operands: &[SlotKind::Title],
    options: &[
        OptionSpec { word: "showing", parts: &[Part::Slot(SlotKind::Any)], doc: "What is judged." },
        OptionSpec {
            word: "expected",
            parts: &[Part::Slot(SlotKind::Text)],
            doc: "What it should look like.",
        },
        BY,
    ],
    block: BlockOf::Optional(Place::TextBlock),
    gives: Some(gives_bool),
    ..BASE
};
