//! What people saw whom a question was put to: its words, and what it showed them.
//!
//! Of an approval that is what stands in the request, which they signed; of other questions it is computed again
//! from what the run knew when it asked.

use crate::event::{Begun, RunState};
use crate::plan::{Plan, QuestionKind};
use crate::value::{Expr, eval, show};

/// So much of it is told.
const LINES_MOST: usize = 60;
const LETTERS_MOST: usize = 4000;

/// What a question shows whoever answers it.
pub(super) fn shown(plan: &Plan, state: &RunState, begun: &Begun) -> Option<String> {
    let question = plan.question(begun.node).filter(|_| begun.attempt > 0)?;
    let prose = plan.node(begun.node).and_then(|node| node.prose.clone());
    let seen = state.seen_from(begun.frame);
    let words = |expr: &Expr| eval(expr, &seen).ok().map(|value| show(&value));
    let of = |word: &str, expr: Option<&Expr>| expr.and_then(words).map(|text| format!("{word}:\n{text}"));
    let more = match &question.kind {
        QuestionKind::Judge { showing, expected } => {
            [words(showing), of("expected", expected.as_ref())].to_vec()
        }
        QuestionKind::Approval { showing, .. } => vec![showing.as_ref().and_then(words)],
        QuestionKind::Confirm { typing, .. } => vec![of("to be typed", typing.as_ref())],
        QuestionKind::Choose { answers } => vec![Some(answers.join("\n"))],
        QuestionKind::Ask { .. } | QuestionKind::Manual => vec![],
    };
    joined([Some(begun.shown.clone()), prose].into_iter().chain(more))
}

/// What a request shows whoever signs it.
pub(super) fn of_request(text: &str) -> Option<String> {
    let block = |name: &str| {
        let lines = text.lines().skip_while(|line| *line != name).skip(1);
        let lines: Vec<&str> = lines.map_while(|line| line.strip_prefix("  |")).collect();
        let lines = lines.iter().map(|line| line.strip_prefix(' ').unwrap_or(line));
        Some(lines.collect::<Vec<_>>().join("\n"))
    };
    let title = crate::approval::field(text, "approval").map(str::to_owned);
    joined([title, block("says"), block("shown")].into_iter())
}

fn joined(parts: impl Iterator<Item = Option<String>>) -> Option<String> {
    let parts: Vec<String> = parts.flatten().map(|part| part.trim_end().to_owned()).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.trim().is_empty()).collect();
    (!parts.is_empty()).then(|| short(&parts.join("\n")))
}

/// The beginning of a long text.
fn short(text: &str) -> String {
    let lines = text.lines().take(LINES_MOST).collect::<Vec<_>>().join("\n");
    let kept: String = lines.chars().take(LETTERS_MOST).collect();
    if kept.len() < text.len() { format!("{kept}\n… {} bytes in all", text.len()) } else { kept }
}
