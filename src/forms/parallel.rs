//! `parallel`: side by side.

use super::lower::Lowering;
use super::shape::{BASE, FLOW};
use crate::plan::{Group, Mode, Op, Role};
use crate::program::{BlockOf, Flow, OptionSpec, Part, Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "parallel",
    summary: "Side by side",
    doc: "Its statements start together, at most `limit` at a time, and do not see each other.",
    example: r#"parallel limit 2 {
  check "EU answers" { run memoryos ping eu }
  check "US answers" { run memoryos ping us }
}"#,
    stands_in: FLOW,
    options: &[OptionSpec { word: "limit", parts: &[Part::Slot(SlotKind::Int)], doc: "How many at a time." }],
    block: BlockOf::Required(Place::Parallel),
    flow: Flow::Parallel,
    ..BASE
};

/// Children side by side.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let limit = low.option_number(&stmt.options, "limit", 1, 10_000);
    let id = low.open(stmt.span);
    low.entitle(id, None, stmt.prose.as_ref());
    let children = low.gather(|low| low.items(&stmt.body));
    low.fill(id, Op::Group(Box::new(Group { role: Role::Block, mode: Mode::Parallel(limit), children })));
}
