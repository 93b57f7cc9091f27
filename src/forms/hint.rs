//! `hint`: a known failure and its remedy.

use super::lower::{Lowering, fixed};
use super::shape::{BASE, STEP};
use crate::plan::Hint;
use crate::program::{Operand, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "hint",
    summary: "A known failure and its remedy",
    doc: "Shown when the output of a failed effect matches.",
    example: r#"step "Migrate" {
  hint /database is locked/ "Stop the writers, then retry"
  run memoria migrate
  rollback none "a second migration is harmless"
}"#,
    stands_in: STEP,
    operands: &[SlotKind::Regex, SlotKind::FixedText],
    ..BASE
};

/// Kept with the step.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let pattern = stmt.operands.iter().find_map(|operand| match operand {
        Operand::Regex(pattern, _) => Some(pattern.clone()),
        _ => None,
    });
    let remedy = fixed(&stmt.operands, 0);
    if let (Some(pattern), Some(parts)) = (pattern, low.steps.last_mut()) {
        parts.hints.push(Hint { pattern, remedy });
    }
}
