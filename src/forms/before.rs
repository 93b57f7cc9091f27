//! `before`: before the run is unwound.

use super::shape::BASE;
use crate::program::{BlockOf, Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "before",
    summary: "Before the run is unwound",
    doc: "`before rollback { … }`: evidence, looks, notify, ask. It never changes the outcome.",
    example: r#"before rollback { log "unwinding" }"#,
    stands_in: &[Place::Runbook],
    operands: &[SlotKind::Word("rollback")],
    block: BlockOf::Required(Place::Handler),
    ..BASE
};
