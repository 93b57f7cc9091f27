//! `commit`: the point of no return.

use super::shape::{BASE, NOT_NESTED, SCOPES};
use crate::program::{BlockOf, Place, Schema, SlotKind};

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
