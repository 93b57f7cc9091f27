//! `fence`: runs a script in the language of its fence.

use super::shape::{BASE, EFFECTS, gives_text};
use crate::program::{BlockOf, Place, Schema};
use crate::value::Type;

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "fence",
    summary: "Runs a script in the language of its fence",
    doc: "A script, verbatim, handed to the interpreter of its language (`sh`, `bash`, `python`). Nothing is \
          pasted into it: only the values named in `(…)` arrive, as environment variables; a list as JSON, \
          `lines` as lines. Shells stop at the first error. Otherwise as `run`.",
    example: r#"step "Prune old exports" {
  ```sh (keep: 3)
  ls -1t backups | tail -n +"$keep" | xargs -r rm --
  ```
  rollback none "only removes what is too old"
}"#,
    stands_in: EFFECTS,
    block: BlockOf::Optional(Place::FenceBlock),
    gives: Some(gives_text),
    provides: &[("exit", Type::Int), ("stdout", Type::Text), ("stderr", Type::Text)],
    ..BASE
};
