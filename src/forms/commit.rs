//! `commit`: the point of no return.

use super::lower::Lowering;
use super::shape::{BASE, NOT_NESTED, SCOPES};
use crate::plan::{Mark, Op};
use crate::program::{BlockOf, Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "commit",
    summary: "The point of no return",
    doc: "Rollbacks owed so far are owed no more (restores are); after it only forward. Its prose says what \
          to do instead of undoing.",
    example: r#"commit "Customers are on GA" {
  """
  Fix forward from here.
  """
}"#,
    stands_in: SCOPES,
    never_inside: NOT_NESTED,
    operands: &[SlotKind::Title],
    block: BlockOf::Optional(Place::TextBlock),
    ..BASE
};

/// The mark.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    low.top_level(stmt);
    let id = low.open_titled(stmt);
    low.fill(id, Op::Mark(Mark::Commit));
}
