//! `expect`: what must hold.

use super::lower::{Clauses, Lowering, condition};
use super::shape::{BASE, EXPECTING};
use crate::plan::{Eval, Expect, Op};
use crate::program::{Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "expect",
    summary: "What must hold",
    doc: "Fails where it does not hold, with the message. In the block of an effect it judges the answer.",
    example: r#"check "Drift is small" {
  let drift: json = run memoryos drift --json
  expect drift.avg < 0.02 "drift is {drift.avg}"
}"#,
    stands_in: EXPECTING,
    operands: &[SlotKind::Bool, SlotKind::TitleOptional],
    judges: true,
    ..BASE
};

/// Fails where it does not hold.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let expect = expectation(stmt, low);
    low.leaf(stmt.span, Op::Eval(Eval::Expect(Box::new(expect))));
}

/// Judges the answer of an effect.
pub(crate) fn clause<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>, clauses: &mut Clauses) {
    let expect = expectation(stmt, low);
    clauses.expects.push(expect);
}

/// The condition with its message.
pub(super) fn expectation(stmt: &Stmt, low: &mut Lowering<'_>) -> Expect {
    let (holds, span) = condition(low, stmt);
    let message = low.operand(stmt, 1);
    low.expectation(holds, message, span)
}
