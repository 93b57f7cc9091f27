//! Lints that a single statement shows.

use crate::diag::{Diagnostic, codes};
use crate::forms::lower::Lowering;
use crate::program::{Form, Stmt, Tail, Word};
use crate::value::{Expr, Piece, Value};

/// Programs with the option after which the next word is program text.
const RUNNERS: &[(&str, &[&str])] = &[
    ("sh", &["-c", "-ec", "-euc"]),
    ("bash", &["-c", "-ec", "-lc", "-euc"]),
    ("zsh", &["-c", "-ec", "-lc"]),
    ("dash", &["-c", "-ec"]),
    ("psql", &["-c", "--command"]),
    ("mysql", &["-e", "--execute"]),
    ("python", &["-c"]),
    ("python3", &["-c"]),
    ("perl", &["-e", "-E"]),
    ("ruby", &["-e"]),
    ("node", &["-e", "--eval"]),
];

/// Programs whose later words are all read as program text by somebody else.
const EVALUATORS: &[&str] = &["ssh", "eval"];

/// A value pasted into the text of a program.
pub(in crate::forms) fn program_text(low: &mut Lowering<'_>, words: &[Word]) {
    let Some(path) = words.first().and_then(|word| fixed(&word.value)) else { return };
    let program = path.rsplit('/').next().unwrap_or(&path);
    let start = if EVALUATORS.contains(&program) {
        Some(if program == "ssh" { 2 } else { 1 })
    } else {
        let options = RUNNERS.iter().find(|(name, _)| *name == program).map(|(_, options)| *options);
        options.and_then(|options| {
            let is_option = |word: &Word| fixed(&word.value).is_some_and(|text| options.contains(&&*text));
            words.iter().position(is_option).map(|at| at + 1)
        })
    };
    let Some(start) = start else { return };
    let end = if EVALUATORS.contains(&program) { words.len() } else { start + 1 };
    let pasted = words.get(start..end.min(words.len())).unwrap_or_default();
    for word in pasted.iter().filter(|word| !word.splice && fixed(&word.value).is_none()) {
        let message = format!("a value is pasted into text that `{program}` reads as a program");
        let report = Diagnostic::warning(codes::VALUE_IN_PROGRAM, word.span, message)
            .label("a value with quotes or `$(…)` in it would be run")
            .help(instead(program));
        low.report(report);
    }
}

/// How a value is handed to a program that reads text as one.
fn instead(program: &str) -> String {
    match program {
        "ssh" => "run it there by a step `on \"target\"`, each word by itself".into(),
        "psql" => {
            "hand it over by `-v name={value}`, and write `:'name'` in SQL that it reads from `stdin`".into()
        }
        "python" | "python3" | "perl" | "ruby" | "node" => {
            format!("write a fenced script and hand the value to it: ```{program} (name)")
        }
        _ => "write a fenced script and hand the value to it: ```sh (name)".into(),
    }
}

/// The text of a word without values.
fn fixed(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Const(Value::Text(text)) => Some(text.to_string()),
        Expr::At(_, inner) => fixed(inner),
        Expr::Text(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => Some(text.as_str()),
                Piece::Value(value) => match value {
                    Expr::Const(Value::Text(text)) => Some(&**text),
                    _ => None,
                },
            })
            .collect(),
        _ => None,
    }
}

/// A check that cannot fail, or whose times contradict each other.
pub(in crate::forms) fn check(low: &mut Lowering<'_>, stmt: &Stmt) {
    let head = low.head(stmt.span);
    if !stmt.body.iter().any(judges) && !low.is_unread(stmt.span) {
        let report = Diagnostic::warning(codes::CHECK_WITHOUT_EXPECT, head, "this check expects nothing")
            .label("it cannot fail")
            .help("say what must hold: `expect …`");
        low.report(report);
    }
    let within = low.option(&stmt.options, "within");
    let every = low.option(&stmt.options, "every");
    if let (Some(Some(within)), Some(Some(every))) = (within.map(duration), every.map(duration))
        && within < every
    {
        let report = Diagnostic::warning(
            codes::WITHIN_TOO_SHORT,
            head,
            "`within` is shorter than `every`: it looks once",
        )
        .help("make `within` several times as long as `every`");
        low.report(report);
    }
}

/// A gate that asks nothing is always open.
pub(in crate::forms) fn gate(low: &mut Lowering<'_>, stmt: &Stmt) {
    let says = |inner: &Stmt| matches!(inner.schema.word, "log" | "notify" | "evidence");
    if stmt.body.iter().all(says) && !low.is_unread(stmt.span) {
        let head = low.head(stmt.span);
        let report = Diagnostic::warning(codes::CHECK_WITHOUT_EXPECT, head, "this gate asks nothing")
            .label("it is always open")
            .help("put into it what decides: a `check`, `confirm`, `judge` or `approval`");
        low.report(report);
    }
}

fn duration(expr: Expr) -> Option<std::time::Duration> {
    match expr {
        Expr::Const(Value::Duration(length)) => Some(length),
        Expr::At(_, inner) => duration(*inner),
        _ => None,
    }
}

/// Whether a statement in a check can fail it.
fn judges(stmt: &Stmt) -> bool {
    let asks = !stmt.calls.is_empty() || matches!(stmt.form, Form::Call(_));
    let tail = match stmt.tail.as_deref() {
        Some(Tail::Else(inner) | Tail::Otherwise(inner)) => inner.body.iter().any(judges),
        Some(Tail::Until(..)) | None => false,
    };
    stmt.schema.judges
        || asks
        || tail
        || matches!(stmt.schema.word, "if" | "for") && stmt.body.iter().any(judges)
}
