//! `expect`: what must hold.

use super::shape::{BASE, JUDGED_AND_BLOCKS};
use crate::program::{Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "expect",
    summary: "What must hold",
    doc: "Fails where it does not hold, with the message. In the block of an effect it judges the answer.",
    example: r#"check "Drift is small" {
  let drift: json = run memoryos drift --json
  expect drift.avg < 0.02 "drift is {drift.avg}"
}"#,
    stands_in: JUDGED_AND_BLOCKS,
    operands: &[SlotKind::Bool, SlotKind::TitleOptional],
    ..BASE
};
