//! `let`: gives a value a name.

use super::shape::{BASE, LETS};
use crate::program::Schema;

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "let",
    summary: "Gives a value a name",
    doc: "Bound once. Seen from there to the end of the runbook if every path binds it.",
    example: r#"let folder = "backups/{1 + 1}""#,
    stands_in: LETS,
    ..BASE
};
