//! `run`: runs one program, without a shell.

use super::shape::{BASE, EFFECTS, gives_text};
use crate::program::{BlockOf, Place, Schema};
use crate::value::Type;

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "run",
    summary: "Runs one program, without a shell",
    doc: "One program with its arguments. There is no shell: words are split when the file is compiled, \
          `{x}` is exactly one argument and `{...list}` splices a list. Unless an `expect exit` says \
          otherwise, it must exit with 0.\n\n\
          `let name: type = run …` binds its standard output, decoded by the type; without a type it is \
          trimmed text. In its block stand `env`, `dir`, `stdin`, `timeout`, `retry`, `expect` and `let`, \
          which see `exit`, `stdout` and `stderr`. Outside a step, and outside blocks that only look, it \
          must be written `look run …`.",
    example: r#"step "Stop the service" {
  run systemctl stop memoria {
    timeout 30s
    expect exit in [0, 5]
  }
  rollback { run systemctl start memoria }
}"#,
    stands_in: EFFECTS,
    block: BlockOf::Optional(Place::RunBlock),
    gives: Some(gives_text),
    provides: &[("exit", Type::Int), ("stdout", Type::Text), ("stderr", Type::Text)],
    ..BASE
};
