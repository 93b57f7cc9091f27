//! `if`: only where a condition holds.

use super::lower::{Lowering, condition};
use super::shape::{BASE, EVERYWHERE};
use crate::plan::{Arm, NodeId, Op};
use crate::program::{BlockOf, Flow, Schema, SlotKind, Stmt, Tail, TailOf};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "if",
    summary: "Only where a condition holds",
    doc: "Takes the first branch whose condition holds. A name bound in every branch is seen after it.",
    example: r#"let ready = look run memoryos ready
if ready == "yes" {
  log "go"
} else {
  end "not ready"
}"#,
    stands_in: EVERYWHERE,
    operands: &[SlotKind::Bool],
    block: BlockOf::Same,
    tail: TailOf::Else,
    flow: Flow::Branches,
    ..BASE
};

/// A branch; `else if` is one more arm unless it asks checks of its own.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let id = low.open(stmt.span);
    let mut arms = vec![];
    let mut next = Some(stmt);
    while let Some(branch) = next.take() {
        let (when, _) = condition(low, branch);
        arms.push(Arm { when: Some(when), body: body(low, branch, &branch.body, branch.prose.as_ref()) });
        if let Some(Tail::Else(inner)) = branch.tail.as_deref() {
            match inner.body.as_slice() {
                [only] if is_plain_if(only) => next = Some(only),
                stmts => {
                    arms.push(Arm { when: None, body: body(low, branch, stmts, inner.prose.as_ref()) });
                }
            }
        }
    }
    low.fill(id, Op::Branch(arms));
}

fn body<'p>(low: &mut Lowering<'p>, branch: &'p Stmt, stmts: &'p [Stmt], prose: Option<&String>) -> NodeId {
    let id = low.block(branch.span, stmts);
    low.entitle(id, None, prose);
    id
}

fn is_plain_if(stmt: &Stmt) -> bool {
    stmt.schema.word == "if" && stmt.calls.is_empty()
}
