//! `basic`: sends user and password.

use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "basic",
    summary: "Sends user and password",
    doc: "`Authorization: Basic …`.",
    example: r#"basic "admin" "test-password""#,
    stands_in: &[Place::HttpBlock],
    operands: &[SlotKind::Text, SlotKind::Text],
    ..BASE
};
