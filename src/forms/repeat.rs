//! `repeat`: again until a condition holds.

use super::shape::{BASE, FLOW};
use crate::program::{BlockOf, Flow, OptionSpec, Part, Schema, SlotKind, TailOf};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "repeat",
    summary: "Again until a condition holds",
    doc: "Does its block, at most so many times, until the condition holds; each turn has values of its own \
          and what follows sees those of the last.",
    example: r#"repeat "Find and mend" at most 5 {
  let left = look run memoryos drift count
  log "{left} left"
} until left == "0""#,
    stands_in: FLOW,
    operands: &[SlotKind::Title],
    options: &[OptionSpec {
        word: "at",
        parts: &[Part::Word("most"), Part::Slot(SlotKind::Int)],
        doc: "The most turns; failed when none met the condition.",
    }],
    block: BlockOf::Same,
    tail: TailOf::Until,
    flow: Flow::LastTurn,
    ..BASE
};
