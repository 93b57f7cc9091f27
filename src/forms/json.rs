//! `json`: the body as JSON.

use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "json",
    summary: "The body as JSON",
    doc: "Sends the value as JSON; each value inside is one leaf, whatever it holds.",
    example: r#"json { enabled: true, tags: ["a", "b"] }"#,
    stands_in: &[Place::HttpBlock],
    operands: &[SlotKind::Json],
    ..BASE
};
