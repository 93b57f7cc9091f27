//! `fail`: stops and undoes.

use super::shape::{BASE, FLOW};
use crate::program::{Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "fail",
    summary: "Stops and undoes",
    doc: "Fails, as decided: nobody is asked before unwinding.",
    example: r#"if 1 > 2 { fail "arithmetic is broken" }"#,
    stands_in: FLOW,
    operands: &[SlotKind::Title],
    ..BASE
};
