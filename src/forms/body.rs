//! `body`: the body as text.

use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "body",
    summary: "The body as text",
    doc: "Sends the text as it is.",
    example: r#"body "ping""#,
    stands_in: &[Place::HttpBlock],
    operands: &[SlotKind::Text],
    ..BASE
};
