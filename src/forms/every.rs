//! `every`: a beat while its phase runs.

use super::shape::{BASE, SCOPES};
use crate::program::{BlockOf, Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "every",
    summary: "A beat while its phase runs",
    doc: "Does its block again and again as long as its phase lives. A missed or failed beat is recorded.",
    example: r#"phase "Watch" {
  every 1h "Status" { log "still in dual run" }
  wait 4h "High-traffic window"
}"#,
    stands_in: SCOPES,
    operands: &[SlotKind::Duration, SlotKind::Title],
    block: BlockOf::Required(Place::Every),
    ..BASE
};
