//! `for`: once for each item.

use super::lower::{Lowering, given, new_name};
use super::shape::{BASE, EVERYWHERE};
use crate::plan::{Loop, Op};
use crate::program::{BlockOf, Flow, OptionSpec, Part, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "for",
    summary: "Once for each item",
    doc: "The list is read once; instances are known by the text of their item, so two equal items are an \
          error. After it, what it bound is a map by item.",
    example: r#"for region in ["eu", "us"] parallel 2 {
  check "{region} answers" { run memoryos ping {region} }
}"#,
    stands_in: EVERYWHERE,
    operands: &[SlotKind::NewName, SlotKind::Word("in"), SlotKind::List],
    options: &[OptionSpec {
        word: "parallel",
        parts: &[Part::Optional(SlotKind::Int)],
        doc: "Side by side, at most so many at a time.",
    }],
    block: BlockOf::Same,
    flow: Flow::Each,
    ..BASE
};

/// The loop; what it binds for others is known when the plan is whole.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let Some(list) = low.operand(stmt, 0) else { return };
    let Some(item) = new_name(&stmt.operands) else { return };
    let parallel = given(&stmt.options, "parallel");
    let limit = low.option_number(&stmt.options, "parallel", 1, 10_000);
    let id = low.open(stmt.span);
    low.entitle(id, None, stmt.prose.as_ref());
    let item = low.var(item.var);
    low.side_by_side += usize::from(parallel.is_some());
    let body = low.block(stmt.span, &stmt.body);
    low.side_by_side -= usize::from(parallel.is_some());
    let parallel = parallel.map(|_| limit);
    low.fill(id, Op::Loop(Box::new(Loop::For { item, list, parallel, body, binds: vec![] })));
}
