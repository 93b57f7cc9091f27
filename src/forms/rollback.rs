//! `rollback`: how the step is undone.

use super::shape::{BASE, EVERY, RETRY, STEP, flag};
use crate::program::{BlockOf, OptionSpec, Part, Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "rollback",
    summary: "How the step is undone",
    doc: "Done, newest step first, when the run fails later. Safe to repeat unless `once`; it is retried \
          before the run is stuck. `best effort` goes on after a failure. `rollback none \"why\"` says that \
          nothing needs undoing.",
    example: r#"step "Open the gate" {
  run memoryos gate open
  rollback { run memoryos gate close }
}"#,
    stands_in: STEP,
    options: &[
        OptionSpec {
            word: "none",
            parts: &[Part::Slot(SlotKind::FixedText)],
            doc: "Nothing needs undoing, and why.",
        },
        flag("once", "Not safe to repeat: a failed or unknown one is stuck at once."),
        OptionSpec {
            word: "best",
            parts: &[Part::Word("effort")],
            doc: "A failure goes on to the next undo; the end is then failed, kept.",
        },
        RETRY,
        EVERY,
    ],
    block: BlockOf::Optional(Place::Undo),
    ..BASE
};
