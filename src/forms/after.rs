//! `after`: after the outcome is settled.

use super::shape::BASE;
use crate::program::{BlockOf, Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "after",
    summary: "After the outcome is settled",
    doc: "`success`: completed; `rollback`: unwinding finished; `failure`: every end but completed; `run`: \
          last, always. It never changes the outcome.",
    example: r#"after run { notify "release" "the run is over" }"#,
    stands_in: &[Place::Runbook],
    operands: &[SlotKind::OneOf(&["success", "rollback", "failure", "run"])],
    block: BlockOf::Required(Place::Handler),
    ..BASE
};
