//! `given`: what must hold for a look to count.

use super::lower::Lowering;
use super::shape::{BASE, JUDGED};
use crate::plan::{Eval, Op};
use crate::program::{Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "given",
    summary: "What must hold for a look to count",
    doc: "Where it does not hold the look is inconclusive: neither a yes nor a no.",
    example: r#"check "Drift is small" {
  let drift: json = run memoryos drift --json
  given drift.samples >= 500
  expect drift.avg < 0.02
}"#,
    stands_in: JUDGED,
    operands: &[SlotKind::Bool, SlotKind::TitleOptional],
    ..BASE
};

/// Inconclusive where it does not hold.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let given = super::expect::expectation(stmt, low);
    low.leaf(stmt.span, Op::Eval(Eval::Given(Box::new(given))));
}
