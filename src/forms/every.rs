//! `every`: a beat while its phase runs.

use super::lower::{Context, Lowering, value};
use super::shape::{BASE, SCOPES};
use crate::plan::{Watch, WatchKind};
use crate::program::{BlockOf, Place, Schema, SlotKind, Stmt};

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

/// A beat of the phase or run that it stands in.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let every = value(low, &stmt.operands, 0);
    let Some(every) = low.pause(every) else { return };
    let Some(title) = low.operand(stmt, 1) else { return };
    let body = low.within(Context::looking(), |low| low.block(stmt.span, &stmt.body));
    low.entitle(body, Some(title.clone()), stmt.prose.as_ref());
    low.watch(Watch { kind: WatchKind::Beat, title, every, body });
}
