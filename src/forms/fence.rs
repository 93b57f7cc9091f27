//! `fence`: runs a script in the language of its fence.

use super::lower::Lowering;
use super::shape::{BASE, EFFECTS};
use crate::diag::{codes, nearest};
use crate::plan::{Act, ScriptArg};
use crate::program::{BlockOf, Form, Place, Schema, Stmt};
use crate::value::Type;

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "fence",
    summary: "Runs a script in the language of its fence",
    doc: "A script, verbatim, handed to the interpreter of its language (`sh`, `bash`, `python`). Nothing is \
          pasted into it: only the values named in `(…)` arrive, as environment variables; a list as JSON, \
          `lines` as lines. Shells stop at the first error. Otherwise as `run`; its block opens behind the backticks that end it.",
    example: r#"step "Prune old exports" {
  ```sh (keep: 3)
  ls -1t backups | tail -n +"$keep" | xargs -r rm --
  ```
  rollback none "only removes what is too old"
}
check "There is room" {
  ```sh
  df --output=pcent / | tail -n 1
  ``` {
    let used: int = int(capture(stdout, /(\d+)%/))
    expect used < 90 "{used} % are used"
  }
}"#,
    stands_in: EFFECTS,
    block: BlockOf::Optional(Place::FenceBlock),
    gives: Some(&Type::Text),
    provides: &[("exit", Type::Int), ("stdout", Type::Text), ("stderr", Type::Text)],
    effect: true,
    judges: true,
    ..BASE
};

/// A script with the values handed to it.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let Form::Fence { tag, script, args } = &stmt.form else { return };
    let interpreter = interpreter(tag).unwrap_or_else(|| {
        unknown_language(low, stmt, tag);
        // What the step does is known no less.
        &["sh"]
    });
    let args = args.iter().map(|arg| ScriptArg {
        name: arg.name.clone(),
        value: low.expr(&arg.value),
        ty: arg.ty.clone(),
    });
    let args = args.collect();
    let mut clauses = low.clauses(stmt);
    let act = Act::Script {
        interpreter: interpreter.iter().map(|word| (*word).to_owned()).collect(),
        script: script.clone(),
        args,
        env: low.environment(std::mem::take(&mut clauses.env)),
        dir: clauses.dir.take().or_else(|| low.context.dir.clone()).map(Box::new),
        stdin: clauses.stdin.take().map(Box::new),
        terminal: low.context.terminal,
    };
    low.effect(stmt, act, clauses, &super::run::SIDE);
}

/// The interpreters by the tags of their fences; shells stop at the first error.
const INTERPRETERS: &[(&str, &[&str])] = &[
    ("sh", &["sh", "-eu"]),
    ("bash", &["bash", "-euo", "pipefail"]),
    ("zsh", &["zsh", "-eu", "-o", "pipefail"]),
    ("python", &["python3"]),
    ("python3", &["python3"]),
    ("node", &["node"]),
    ("ruby", &["ruby"]),
    ("perl", &["perl"]),
];

fn interpreter(tag: &str) -> Option<&'static [&'static str]> {
    INTERPRETERS.iter().find(|(known, _)| *known == tag).map(|(_, words)| *words)
}

fn unknown_language(low: &mut Lowering<'_>, stmt: &Stmt, tag: &str) {
    let known: Vec<_> = INTERPRETERS.iter().map(|(tag, _)| *tag).collect();
    let message = match tag {
        "" => "the script does not say its language".to_owned(),
        tag => format!("scripts in `{tag}` cannot be run"),
    };
    let near = nearest(tag, known.iter().copied()).unwrap_or("sh");
    let help = format!("write ```{near}; languages are {}", known.join(", "));
    let head = low.head(stmt.span);
    low.error(codes::UNKNOWN_LANGUAGE, head, message, &help);
}
