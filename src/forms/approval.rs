//! `approval`: distinct people say yes.

use super::shape::{BASE, GATED, WITHIN, gives_bool};
use crate::program::{BlockOf, OptionSpec, Part, Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "approval",
    summary: "Distinct people say yes",
    doc: "So many distinct people of a group, not the operator unless `self approval`. One rejection ends \
          it. Bound by `let`, a no is a value.",
    example: r#"approval "Start the upgrade" need 2 from "release-managers" within 4h"#,
    stands_in: GATED,
    operands: &[SlotKind::Title],
    options: &[
        OptionSpec {
            word: "need",
            parts: &[Part::Slot(SlotKind::Int), Part::Word("from"), Part::Slot(SlotKind::FixedText)],
            doc: "How many people of which group of `bowline.toml`.",
        },
        OptionSpec {
            word: "or",
            parts: &[Part::Slot(SlotKind::Int), Part::Word("from"), Part::Slot(SlotKind::FixedText)],
            doc: "So many of another group will do instead.",
        },
        WITHIN,
        OptionSpec { word: "showing", parts: &[Part::Slot(SlotKind::Any)], doc: "What is approved." },
        OptionSpec {
            word: "self",
            parts: &[Part::Word("approval")],
            doc: "The operator may be one of them.",
        },
    ],
    block: BlockOf::Optional(Place::TextBlock),
    gives: Some(gives_bool),
    ..BASE
};
