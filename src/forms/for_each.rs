//! `for`: once for each item.

use super::shape::{BASE, EVERYWHERE};
use crate::program::{BlockOf, Flow, OptionSpec, Part, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "for",
    summary: "Once for each item",
    doc: "The list is read once; instances are known by the text of their item, so two equal items are an \
          error. After it, what it bound is a map by item.",
    example: r#"for region in ["eu", "us"] parallel 2 {
  check "{region} answers" { run memoryos ping {region} }
}"#,
    stands_in: EVERYWHERE,
    operands: &[SlotKind::NewName, SlotKind::Word("in"), SlotKind::List],
    options: &[OptionSpec {
        word: "parallel",
        parts: &[Part::Optional(SlotKind::Int)],
        doc: "Side by side, at most so many at a time.",
    }],
    block: BlockOf::Same,
    flow: Flow::Each,
    ..BASE
};
