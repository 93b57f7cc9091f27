//! `form`: the body as a form.

use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "form",
    summary: "The body as a form",
    doc: "Sends a map as `application/x-www-form-urlencoded`.",
    example: r#"form { name: "export", keep: "3" }"#,
    stands_in: &[Place::HttpBlock],
    operands: &[SlotKind::Json],
    ..BASE
};
