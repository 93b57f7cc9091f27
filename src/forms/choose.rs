//! `choose`: a person picks how it goes on.

use super::shape::{BASE, BY, FLOW};
use crate::program::{BlockOf, Flow, Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "choose",
    summary: "A person picks how it goes on",
    doc: "Asks a question whose answers are blocks; only the picked one is done.",
    example: r#"choose "Parity is off. What now?" {
  answer "Keep both" { end "dual run kept" }
  answer "Stop" { fail "parity is off" }
}"#,
    stands_in: FLOW,
    operands: &[SlotKind::Title],
    options: &[BY],
    block: BlockOf::Required(Place::Choose),
    flow: Flow::Branches,
    ..BASE
};
