//! `attempt`: a part that may fail by itself.

use super::lower::{Lowering, group};
use super::shape::{BASE, FLOW};
use crate::plan::Role;
use crate::program::{BlockOf, Flow, Place, Schema, SlotKind, Stmt, Tail, TailOf};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "attempt",
    summary: "A part that may fail by itself",
    doc: "Its block is undone by itself when it fails, then `otherwise` is done; never for a cancel or a \
          guard outside.",
    example: r#"attempt "Fast path" {
  check "The replica is fresh" { run memoryos replica fresh }
} otherwise {
  log "taking the slow path"
}"#,
    stands_in: FLOW,
    operands: &[SlotKind::Title],
    block: BlockOf::Required(Place::Attempt),
    tail: TailOf::Otherwise,
    flow: Flow::Branches,
    ..BASE
};

/// A nested saga.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let id = low.open_titled(stmt);
    let children = low.gather(|low| low.stmts(&stmt.body));
    let otherwise = match stmt.tail.as_deref() {
        Some(Tail::Otherwise(inner)) => {
            let body = low.block(stmt.span, &inner.body);
            low.entitle(body, None, inner.prose.as_ref());
            Some(body)
        }
        _ => None,
    };
    low.fill(id, group(Role::Attempt { otherwise }, children));
}
