//! `end`: stops well.

use super::lower::Lowering;
use super::shape::{BASE, FLOW};
use crate::diag::codes;
use crate::plan::{Mark, Op};
use crate::program::{Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "end",
    summary: "Stops well",
    doc: "Ends the run as completed, under a name.",
    example: r#"end "dual run kept""#,
    stands_in: FLOW,
    never_inside: &["attempt", "parallel"],
    operands: &[SlotKind::Title],
    ends: true,
    ..BASE
};

/// The mark.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    if low.side_by_side > 0 {
        let head = low.head(stmt.span);
        let help = "end the run after the loop, by a condition over what it bound";
        low.error(codes::END_BESIDE_OTHERS, head, "`end` stands where turns run side by side", help);
    }
    let name = low.title(stmt);
    low.leaf(stmt.span, Op::Mark(Mark::End(Box::new(name))));
}
