//! `end`: stops well.

use super::shape::{BASE, FLOW};
use crate::program::{Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "end",
    summary: "Stops well",
    doc: "Ends the run as completed, under a name.",
    example: r#"end "dual run kept""#,
    stands_in: FLOW,
    never_inside: &["attempt", "parallel"],
    operands: &[SlotKind::Title],
    ..BASE
};
