//! Effects as a reader knows them: what begins, how it ends.

use jiff::Timestamp;

use super::index::{act, question};
use super::{Line, Live};
use crate::event::{Begun, EffectId, Outcome, ReplyNote, Site};
use crate::plan::{Act, Plan, QuestionKind};
use crate::value::{Value, VarId};
use crate::view::paint::Ink;

/// An effect that has begun.
pub(super) struct Running {
    pub(super) site: Site,
    /// One line.
    pub(super) shown: String,
    pub(super) began: Timestamp,
    pub(super) sort: Sort,
}

/// What an effect is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// A program, a request, a file.
    Work,
    /// A notice: its way is told at its end.
    Notice,
    /// A question of the runbook; its answer is a yes or no.
    Decision,
    /// A question of the runbook that is answered by a value.
    Question,
    /// A question about what failed: the terminal shows it, what was decided is told.
    About,
    /// A time.
    Wait,
}

impl Live {
    pub(super) fn began(&mut self, plan: &Plan, at: Timestamp, begun: &Begun) -> Vec<Line> {
        let sort = sort(plan, begun);
        let shown = one_line(plan, begun);
        let site = Site { frame: begun.frame, node: begun.node };
        let again = if begun.attempt > 1 { format!(" (attempt {})", begun.attempt) } else { String::new() };
        let told = matches!(sort, Sort::Work | Sort::Wait);
        let line = (told && !shown.is_empty() && !self.is_quiet(begun.frame))
            .then(|| self.line(begun.frame, format!("  {shown}{again}")));
        self.effects.insert(begun.effect, Running { site, shown, began: at, sort });
        line.into_iter().collect()
    }

    pub(super) fn ended(
        &mut self,
        effect: EffectId,
        outcome: Outcome,
        note: &ReplyNote,
        values: &[(VarId, Value)],
    ) -> Vec<Line> {
        let Some(running) = self.effects.remove(&effect) else { return vec![] };
        let frame = running.site.frame;
        if matches!(running.sort, Sort::Decision | Sort::Question) && note.by.is_some() {
            let answered = answered(&running, outcome, note, values);
            return vec![self.line(frame, format!("  {answered}"))];
        }
        if running.sort == Sort::Notice && outcome == Outcome::Done && !note.message.is_empty() {
            return vec![self.line(frame, format!("  {}", note.message))];
        }
        if outcome == Outcome::Done || self.is_quiet(frame) {
            return vec![];
        }
        let word = match outcome {
            Outcome::FailedClean => "failed, nothing was changed",
            Outcome::Failed => "failed",
            Outcome::Unknown => "outcome unknown",
            Outcome::Inconclusive | Outcome::Done => "no answer",
        };
        let told = self.line(frame, format!("  ! {word}: {}", note.message)).ink(Ink::Bad);
        let tail = note.tail.lines().map(|line| self.line(frame, format!("    | {line}")));
        [told].into_iter().chain(tail).collect()
    }

    pub(super) fn unanswered(&mut self, effect: EffectId, why: &str) -> Vec<Line> {
        let frame = self.effects.get(&effect).map(|running| running.site.frame);
        let line = format!("  waits for an answer: {why}");
        vec![frame.map_or_else(|| Line::new(0, &*line), |frame| self.line(frame, &*line)).ink(Ink::Alert)]
    }
}

fn sort(plan: &Plan, begun: &Begun) -> Sort {
    if begun.attempt == 0 {
        return Sort::About;
    }
    match (act(plan, begun.node), question(plan, begun.node)) {
        (_, Some(QuestionKind::Ask { .. } | QuestionKind::Choose { .. })) => Sort::Question,
        (_, Some(_)) => Sort::Decision,
        (Some(Act::Notify { .. }), _) => Sort::Notice,
        (Some(Act::Wait(_)), _) => Sort::Wait,
        _ => Sort::Work,
    }
}

/// What is shown, on one line: of a script its first line and how many follow.
fn one_line(plan: &Plan, begun: &Begun) -> String {
    let mut lines = begun.shown.trim_end().lines();
    let first = lines.next().unwrap_or_default();
    let more = lines.count();
    let script = match act(plan, begun.node) {
        Some(Act::Script { interpreter, .. }) if begun.attempt > 0 => {
            format!("{}: ", interpreter.first().map_or("script", String::as_str))
        }
        _ => String::new(),
    };
    match more {
        0 => format!("{script}{first}"),
        1 => format!("{script}{first} … (1 more line)"),
        more => format!("{script}{first} … ({more} more lines)"),
    }
}

/// `✓ The standby is up: yes (ana: seen)`.
fn answered(running: &Running, outcome: Outcome, note: &ReplyNote, values: &[(VarId, Value)]) -> String {
    let by = note.by.as_ref().map(|by| by.name.as_str()).unwrap_or_default();
    let file = if note.by.as_ref().is_some_and(|by| by.from_file) { ", from a file" } else { "" };
    let value = values.first().map(|(_, value)| value.to_text());
    let yes = outcome == Outcome::Done && value.as_deref() != Some("false");
    let answer = match (running.sort, value) {
        (Sort::Question, Some(value)) => value,
        _ if yes => "yes".to_owned(),
        _ => "no".to_owned(),
    };
    let mark = if yes { "✓" } else { "✗" };
    let said = if note.message.is_empty() || answer == note.message {
        String::new()
    } else {
        format!(": {}", note.message)
    };
    format!("{mark} {}: {answer} ({by}{file}{said})", running.shown)
}
