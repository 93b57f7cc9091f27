//! `notify`: says something on a channel.

use super::shape::{BASE, RECORDING};
use crate::program::{Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "notify",
    summary: "Says something on a channel",
    doc: "Sends the text to a channel of `bowline.toml`; where none is set up it is shown to be copied. \
          Recorded either way.",
    example: r#"notify "release" "v1.0.0 is out""#,
    stands_in: RECORDING,
    operands: &[SlotKind::FixedText, SlotKind::Text],
    ..BASE
};
