//! `check`: looks, and passes, fails or cannot say.

use super::lint;
use super::lower::{Context, Lowering};
use super::shape::{BASE, CHECKS, EVERY, WITHIN};
use crate::plan::{Loop, Op};
use crate::program::{BlockOf, Flow, OptionSpec, Part, Place, Schema, SlotKind, Stmt};
use crate::value::Type;

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "check",
    summary: "Looks, and passes, fails or cannot say",
    doc: "Only looks. `given` that does not hold, or a look that gives no answer, is inconclusive and never \
          passes. `within` keeps looking, `soak` wants it unbroken for so long. Bound by `let`, a no is a \
          value.",
    example: r#"check "The queue is short" within 10m every 15s {
  let depth: int = run memoryos queue depth
  expect depth < 100 "{depth} are waiting"
}"#,
    stands_in: CHECKS,
    operands: &[SlotKind::Title],
    options: &[
        WITHIN,
        EVERY,
        OptionSpec {
            word: "soak",
            parts: &[Part::Slot(SlotKind::Duration)],
            doc: "Must pass unbroken for so long.",
        },
    ],
    block: BlockOf::Required(Place::Check),
    flow: Flow::Through,
    gives: Some(&Type::Bool),
    ..BASE
};

/// Looks until it passes.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    lint::check(low, stmt);
    let id = low.open_titled(stmt);
    let (every, within) = (low.option_typed(&stmt.options, "every"), low.option(&stmt.options, "within"));
    let every = low.pause(every);
    let soak = low.option(&stmt.options, "soak");
    let body = low.within(Context::looking(), |low| low.block(stmt.span, &stmt.body));
    let verdict = stmt.bind.as_ref().map(|bind| low.var(bind.var));
    low.fill(id, Op::Loop(Box::new(Loop::Poll { every, within, soak, body, verdict })));
}
