//! `fail`: stops and undoes.

use super::lower::Lowering;
use super::shape::{BASE, FLOW};
use crate::plan::{Mark, Op};
use crate::program::{Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "fail",
    summary: "Stops and undoes",
    doc: "Fails, as decided: nobody is asked before unwinding.",
    example: r#"if 1 > 2 { fail "arithmetic is broken" }"#,
    stands_in: FLOW,
    operands: &[SlotKind::Title],
    ends: true,
    ..BASE
};

/// The mark.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let reason = low.title(stmt);
    low.leaf(stmt.span, Op::Mark(Mark::Fail(Box::new(reason))));
}
