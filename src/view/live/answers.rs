//! Answers of people as a reader knows them: what was said, by whom and in whose name.

use super::frames::Seen;
use crate::event::{Outcome, ReplyNote};
use crate::plan::{NodeId, QuestionKind};
use crate::value::{Value, VarId};

/// An answer to a question of the runbook.
#[derive(Clone, Copy)]
pub(super) struct Answer<'a> {
    pub(super) node: NodeId,
    /// What was asked.
    pub(super) shown: &'a str,
    /// Whether it is a value; else it is a yes or no.
    pub(super) is_value: bool,
    pub(super) outcome: Outcome,
    pub(super) note: &'a ReplyNote,
    /// What it bound.
    pub(super) values: &'a [(VarId, Value)],
}

/// `✓ The standby is up: yes (ana as lead: seen)`, and whether that is a yes.
pub(super) fn answered(seen: Seen<'_>, answer: &Answer<'_>) -> (String, bool) {
    let Answer { node, shown, is_value, outcome, note, values } = *answer;
    let asked = seen.plan.question(node);
    let role = asked.and_then(|asked| asked.by.as_deref());
    let by = note.by.as_ref().map(|by| seen.state.answerer(role, &by.name)).unwrap_or_default();
    let value = values.first().map(|(_, value)| value.to_text());
    let yes = outcome == Outcome::Done && value.as_deref() != Some("false");
    let answer = match value {
        Some(value) if is_value => value,
        _ => verdict(asked.map(|asked| &asked.kind), yes).to_owned(),
    };
    let mark = if yes { "✓" } else { "✗" };
    let words = words_of(note, &by);
    let said = if words.is_empty() || answer == words { String::new() } else { format!(": {words}") };
    let file = if note.by.as_ref().is_some_and(|by| by.from_file) { ", from a file" } else { "" };
    (format!("{mark} {shown}: {answer} ({by}{file}{said})"), yes)
}

/// What was said beside an answer; that of a no has the verdict and the name before it, which stand there already.
fn words_of<'a>(note: &'a ReplyNote, by: &str) -> &'a str {
    let refusal = ["judged a fail by ", "not done, says ", "rejected by ", "no, says "];
    let rest = refusal.iter().find_map(|word| note.message.strip_prefix(word)?.strip_prefix(by));
    rest.map_or(note.message.as_str(), |rest| rest.trim_start_matches(": "))
}

/// A decision in the words of its question.
fn verdict(asked: Option<&QuestionKind>, yes: bool) -> &'static str {
    match (asked, yes) {
        (Some(QuestionKind::Judge { .. }), true) => "pass",
        (Some(QuestionKind::Judge { .. }), false) => "fail",
        (Some(QuestionKind::Manual), true) => "done",
        (Some(QuestionKind::Manual), false) => "not done",
        (_, true) => "yes",
        (_, false) => "no",
    }
}
