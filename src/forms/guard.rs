//! `guard`: watches while its phase runs.

use super::shape::{BASE, EVERY, SCOPES, flag};
use crate::program::{BlockOf, OptionSpec, Part, Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "guard",
    summary: "Watches while its phase runs",
    doc: "Looks again and again; when it does not pass `misses` times in a row the phase fails, once what is \
          running has ended (`interrupts` stops it). Off while unwinding.",
    example: r#"phase "Upgrade" {
  guard "The API answers" every 15s misses 3 { run curl -fsS http://127.0.0.1:8080/ready }
  wait 1m "Settle"
}"#,
    stands_in: SCOPES,
    operands: &[SlotKind::Title],
    options: &[
        EVERY,
        OptionSpec {
            word: "misses",
            parts: &[Part::Slot(SlotKind::Int)],
            doc: "How many looks in a row must not pass; 1 unless given.",
        },
        flag("interrupts", "Stops the effect that is running."),
    ],
    block: BlockOf::Required(Place::Guard),
    ..BASE
};
