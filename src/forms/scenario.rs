//! `scenario`: a test of this runbook.

use super::lower::Lowering;
use super::shape::{BASE, NOT_NESTED};
use crate::program::{BlockOf, Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "scenario",
    summary: "A test of this runbook",
    doc: "Run by `bowline test`; not part of the plan.",
    example: r#"scenario "A failing migration is undone" {
  """
  Not run by `bowline run`.
  """
}"#,
    stands_in: &[Place::Runbook],
    never_inside: NOT_NESTED,
    operands: &[SlotKind::Title],
    block: BlockOf::Required(Place::Scenario),
    ..BASE
};

/// Not a part of the plan.
pub(crate) fn lower<'p>(_: &'p Stmt, _: &mut Lowering<'p>) {}
