//! What a scenario lets a person answer: whether the question takes that. Knows questions, and no
//! scenario.

use std::collections::HashMap;

use crate::diag::{Diagnostic, codes, nearest};
use crate::plan::QuestionKind;
use crate::text::Span;
use crate::value::{Value, convert, eval, show};

/// Whether a question can be answered so.
pub(super) fn takes(kind: &QuestionKind, answer: &Value) -> bool {
    match kind {
        QuestionKind::Choose { .. } => choices(kind).is_none_or(|all| all.contains(&show(answer))),
        QuestionKind::Ask { ty, .. } => {
            convert(ty, answer.clone()).is_ok() && choices(kind).is_none_or(|all| all.contains(&show(answer)))
        }
        _ => matches!(answer, Value::Bool(_)),
    }
}

/// The answers that there are, where they are fixed in the file.
fn choices(kind: &QuestionKind) -> Option<Vec<String>> {
    match kind {
        // One without answers is told of where it stands.
        QuestionKind::Choose { answers } => Some(answers.clone()).filter(|answers| !answers.is_empty()),
        QuestionKind::Ask { choices: Some(choices), .. } => match eval(choices, &HashMap::new()) {
            Ok(Value::List(all)) => Some(all.iter().map(show).collect()),
            _ => None,
        },
        _ => None,
    }
}

/// An answer that a question does not take.
pub(super) fn not_taken(title: &str, kind: &QuestionKind, answer: &Value, at: Span) -> Diagnostic {
    let said = show(answer);
    let Some(choices) = choices(kind) else {
        let message = format!("\"{title}\" cannot be answered so");
        let report = Diagnostic::error(codes::TYPE_MISMATCH, at, message);
        return match kind {
            QuestionKind::Ask { ty, .. } => {
                let why = convert(ty, answer.clone()).err().unwrap_or_default();
                report.label(why).help(format!("write a value of type {ty}"))
            }
            _ => report.help("it is answered by yes or no: write `answers true` or `answers false`"),
        };
    };
    let report = Diagnostic::error(codes::NOT_CALLED_SO, at, format!("\"{title}\" has no answer \"{said}\""));
    if let Some(near) = nearest(&said, choices.iter().map(String::as_str)) {
        let near = format!("\"{near}\"");
        return report.help(format!("did you mean {near}?")).guess(format!("write {near}"), at, near);
    }
    let all: Vec<String> = choices.iter().map(|choice| format!("\"{choice}\"")).collect();
    report.help(format!("its answers are {}", all.join(", ")))
}
