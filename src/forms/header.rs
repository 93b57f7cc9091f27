//! `header`: a header of the request.

use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "header",
    summary: "A header of the request",
    doc: "Adds a header. Credentials belong into `bearer` and `basic`.",
    example: r#"header "Accept" "application/json""#,
    stands_in: &[Place::HttpBlock],
    operands: &[SlotKind::FixedText, SlotKind::Any],
    ..BASE
};
