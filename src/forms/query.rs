//! `query`: a query parameter.

use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "query",
    summary: "A query parameter",
    doc: "Adds one parameter to the URL, encoded.",
    example: r#"query "page" 2"#,
    stands_in: &[Place::HttpBlock],
    operands: &[SlotKind::FixedText, SlotKind::Any],
    ..BASE
};
