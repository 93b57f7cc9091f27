//! `phase`: groups what belongs together.

use super::shape::{BASE, FLOW};
use crate::program::{BlockOf, Flow, OptionSpec, Part, Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "phase",
    summary: "Groups what belongs together",
    doc: "The scope of guards and restores. `window` says when its steps may start; undo always may.",
    example: r#"phase "Upgrade" window "Sat 02:00-04:00 Europe/Paris" {
  check "Ready" { run memoryos ready }
}"#,
    stands_in: FLOW,
    operands: &[SlotKind::Title],
    options: &[OptionSpec {
        word: "window",
        parts: &[Part::Slot(SlotKind::FixedText)],
        doc: "No step starts outside it: `Sat 02:00-04:00 Europe/Paris`.",
    }],
    block: BlockOf::Required(Place::Phase),
    flow: Flow::Through,
    ..BASE
};
