//! `gate`: go or no-go.

use super::shape::{BASE, FLOW, gives_bool};
use crate::program::{BlockOf, Flow, Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "gate",
    summary: "Go or no-go",
    doc: "Every item is evaluated and shown in one table. A no holds: test again or reject. Only a reject \
          fails. Bound by `let`, a reject is a value.",
    example: r#"gate "Pre-flight" {
  confirm "Customer messages are prepared"
  check "The disk has room" { run test -d backups }
}"#,
    stands_in: FLOW,
    operands: &[SlotKind::Title],
    block: BlockOf::Required(Place::Gate),
    flow: Flow::Through,
    gives: Some(gives_bool),
    ..BASE
};
