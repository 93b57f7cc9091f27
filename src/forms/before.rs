//! `before`: before the run is unwound.

use super::lower::Lowering;
use super::shape::BASE;
use crate::plan::HandlerWhen;
use crate::program::{BlockOf, Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "before",
    summary: "Before the run is unwound",
    doc: "`before rollback { … }`: evidence, looks, notify, ask. Where nothing is owed it does not run. It never \
          changes the outcome.",
    example: r#"before rollback { log "unwinding" }"#,
    stands_in: &[Place::Runbook],
    operands: &[SlotKind::Word("rollback")],
    block: BlockOf::Required(Place::Handler),
    ..BASE
};

/// A handler of the run.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    low.handler(stmt, HandlerWhen::BeforeRollback);
}
