//! `parallel`: side by side.

use super::shape::{BASE, FLOW};
use crate::program::{BlockOf, Flow, OptionSpec, Part, Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "parallel",
    summary: "Side by side",
    doc: "Its statements start together, at most `limit` at a time, and do not see each other.",
    example: r#"parallel limit 2 {
  check "EU answers" { run memoryos ping eu }
  check "US answers" { run memoryos ping us }
}"#,
    stands_in: FLOW,
    options: &[OptionSpec { word: "limit", parts: &[Part::Slot(SlotKind::Int)], doc: "How many at a time." }],
    block: BlockOf::Required(Place::Parallel),
    flow: Flow::Parallel,
    ..BASE
};
