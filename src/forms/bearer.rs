//! `bearer`: sends a bearer token.

use super::shape::BASE;
use crate::program::{Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "bearer",
    summary: "Sends a bearer token",
    doc: "`Authorization: Bearer …`, usually from a `secret` input.",
    example: r#"bearer "test-token""#,
    stands_in: &[Place::HttpBlock],
    operands: &[SlotKind::Text],
    ..BASE
};
