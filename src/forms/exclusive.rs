//! `exclusive`: one run at a time.

use super::lower::Lowering;
use super::shape::{BASE, NOT_NESTED, SCOPES};
use crate::plan::{Act, ResponsePart};
use crate::program::{Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "exclusive",
    summary: "One run at a time",
    doc: "No other run with the same name, in the same journal, until this one ends.",
    example: r#"exclusive "memoria eu""#,
    stands_in: SCOPES,
    never_inside: NOT_NESTED,
    operands: &[SlotKind::Text],
    ..BASE
};

/// Takes the lock.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    low.top_level(stmt);
    if let Some(name) = low.operand(stmt, 0) {
        low.act(stmt, Act::Lock(name), ResponsePart::Answer);
    }
}
