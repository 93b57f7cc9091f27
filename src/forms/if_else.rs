//! `if`: only where a condition holds.

use super::shape::{BASE, EVERYWHERE};
use crate::program::{BlockOf, Flow, Schema, SlotKind, TailOf};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "if",
    summary: "Only where a condition holds",
    doc: "Takes the first branch whose condition holds. A name bound in every branch is seen after it.",
    example: r#"let ready = look run memoryos ready
if ready == "yes" {
  log "go"
} else {
  end "not ready"
}"#,
    stands_in: EVERYWHERE,
    operands: &[SlotKind::Bool],
    block: BlockOf::Same,
    tail: TailOf::Else,
    flow: Flow::Branches,
    ..BASE
};
