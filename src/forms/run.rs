//! `run`: runs one program, without a shell.

use super::lint;
use super::lower::{Lowering, Side};
use super::shape::{BASE, EFFECTS};
use crate::plan::{Act, ResponsePart, WordExpr};
use crate::program::{BlockOf, Form, Place, Schema, Stmt};
use crate::value::{BinaryOp, Expr, Type, Value};

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
    gives: Some(&Type::Text),
    provides: &[("exit", Type::Int), ("stdout", Type::Text), ("stderr", Type::Text)],
    effect: true,
    judges: true,
    ..BASE
};

/// What a program answers.
pub(super) const SIDE: Side = Side {
    parts: &[ResponsePart::Exit, ResponsePart::Stdout, ResponsePart::Stderr],
    judged: ResponsePart::Exit,
    judge: exit_is_0,
    given: ResponsePart::Stdout,
};

/// One program.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let Form::Run(words) = &stmt.form else { return };
    lint::program_text(low, words);
    let words =
        words.iter().map(|word| WordExpr { value: low.expr(&word.value), splice: word.splice }).collect();
    let mut clauses = low.clauses(stmt);
    let act = Act::Run {
        words,
        env: low.environment(std::mem::take(&mut clauses.env)),
        dir: clauses.dir.take().or_else(|| low.context.dir.clone()).map(Box::new),
        stdin: clauses.stdin.take().map(Box::new),
        terminal: low.context.terminal,
    };
    low.effect(stmt, act, clauses, &SIDE);
}

/// A program did well if it exits with 0.
fn exit_is_0(exit: &Expr) -> (Expr, &'static str) {
    let zero = Box::new(Expr::Const(Value::Int(0)));
    (Expr::Binary(BinaryOp::Eq, Box::new(exit.clone()), zero), "exit == 0")
}
