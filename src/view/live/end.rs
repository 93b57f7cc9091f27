//! What a run did, kept as it goes, and the honest summary at its end.

use std::collections::HashMap;

use jiff::Timestamp;

use super::Line;
use super::frames::took;
use super::index::{Index, step};
use crate::event::{Actor, Ending, FrameId, RunState, Verdict};
use crate::plan::{Answer, NodeId, Plan, StepClass, step_class};

/// Titles on one line at most; the rest is counted.
const MANY: usize = 12;

/// What happened to the steps.
#[derive(Debug, Default)]
pub(super) struct Books {
    began: Option<Timestamp>,
    steps: Vec<Entry>,
    at: HashMap<FrameId, usize>,
    /// What people said: of what, what, why, who.
    words: Vec<String>,
}

#[derive(Debug)]
struct Entry {
    node: NodeId,
    title: String,
    fate: Fate,
    /// Whether its rollback ran, and how it ended.
    rollback: Option<bool>,
    restore: Option<bool>,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Open,
    Done,
    InPlace,
    Failed,
    Stopped,
}

impl Books {
    pub(super) fn begin(&mut self, at: Timestamp) {
        self.began = Some(at);
    }

    pub(super) fn entered(&mut self, frame: FrameId, node: NodeId, title: &str) {
        self.at.insert(frame, self.steps.len());
        let title = title.to_owned();
        self.steps.push(Entry { node, title, fate: Fate::Open, rollback: None, restore: None });
    }

    pub(super) fn left(&mut self, frame: FrameId, verdict: &Verdict) {
        let fate = match verdict {
            Verdict::Passed => Fate::Done,
            Verdict::InPlace => Fate::InPlace,
            Verdict::Failed(_) | Verdict::Inconclusive(_) => Fate::Failed,
            Verdict::Stopped => Fate::Stopped,
        };
        if let Some(entry) = self.entry(frame) {
            entry.fate = fate;
        }
    }

    pub(super) fn undone(&mut self, step: FrameId, word: Option<&&'static str>, verdict: &Verdict) {
        let well = matches!(verdict, Verdict::Passed | Verdict::InPlace);
        let Some(entry) = self.entry(step) else { return };
        match word {
            Some(&"restore") => entry.restore = Some(well),
            _ => entry.rollback = Some(well),
        }
    }

    /// What a person said about something that did not go by itself.
    pub(super) fn word(&mut self, title: &str, word: &str, why: &str, by: Option<&Actor>) {
        let by = by.map_or("somebody", |by| &by.name);
        self.words.push(format!("\"{title}\" {word} ({by}: {why})"));
    }

    pub(super) fn title(&self, frame: FrameId) -> String {
        let entry = self.at.get(&frame).and_then(|at| self.steps.get(*at));
        entry.map(|entry| entry.title.clone()).unwrap_or_default()
    }

    /// Steps that are done, by node: a step in a loop counts once.
    pub(super) fn done(&self) -> usize {
        let done = self.steps.iter().filter(|entry| matches!(entry.fate, Fate::Done | Fate::InPlace));
        done.map(|entry| entry.node).collect::<std::collections::HashSet<_>>().len()
    }

    /// The last step that began.
    pub(super) fn last(&self) -> Option<NodeId> {
        self.steps.iter().map(|entry| entry.node).max()
    }

    fn entry(&mut self, frame: FrameId) -> Option<&mut Entry> {
        self.at.get(&frame).and_then(|at| self.steps.get_mut(*at))
    }

    /// The lines below the end.
    pub(super) fn summary(
        &self,
        plan: &Plan,
        index: &Index,
        at: Timestamp,
        (ending, name): (Ending, Option<&str>),
        state: &RunState,
    ) -> Vec<Line> {
        let titles = |wanted: &dyn Fn(&Entry) -> bool| -> Vec<String> {
            self.steps
                .iter()
                .filter(|entry| wanted(entry))
                .map(|entry| format!("\"{}\"", entry.title))
                .collect()
        };
        let length = self.began.map(|began| took(at.duration_since(began))).unwrap_or_default();
        let failed = ending != Ending::Completed;
        let why = if failed { "because" } else { "outcome" };
        let done = self.steps.iter().filter(|entry| entry.fate == Fate::Done).count();
        let undone = titles(&|entry| entry.rollback == Some(true));
        let restored = titles(&|entry| entry.restore == Some(true));
        let not_undone = titles(&|entry| entry.rollback == Some(false) || entry.restore == Some(false));
        let in_place = titles(&|entry| entry.fate == Fate::InPlace);
        let left = if failed { self.left_over(plan, state) } else { vec![] };
        let rows = [
            (why, name.map(str::to_owned).into_iter().collect()),
            ("done", vec![format!("{done} of {} steps, in {length}", index.steps.len())]),
            ("in place", in_place),
            ("undone", undone),
            ("restored", restored),
            ("not undone", not_undone),
            ("left over", left),
            ("by people", self.words.clone()),
        ];
        rows.into_iter().filter(|(_, what)| !what.is_empty()).map(|(word, what)| row(word, &what)).collect()
    }

    /// Steps that changed something and were not undone, each with its own words about that.
    fn left_over(&self, plan: &Plan, state: &RunState) -> Vec<String> {
        let stays = self.steps.iter().filter(|entry| {
            let changed = !matches!(entry.fate, Fate::InPlace) && entry.rollback.is_none();
            changed && step_class(plan, entry.node) != StepClass::Reads
        });
        let told = stays.filter_map(|entry| {
            let kept = state.kept.iter().any(|debt| debt.node == entry.node);
            let why = match &step(plan, entry.node)?.undo {
                Answer::Irreversible => "cannot be undone",
                Answer::Nothing(why) => why.as_str(),
                Answer::Unanswered if entry.restore.is_some() => return None,
                Answer::Unanswered => "says nothing about undo",
                Answer::Rollback(_) if state.committed => "after the point of no return",
                Answer::Rollback(_) if kept => "not undone",
                Answer::Rollback(_) => return None,
            };
            Some(format!("\"{}\" ({why})", entry.title))
        });
        told.collect()
    }
}

fn row(word: &str, what: &[String]) -> Line {
    let shown = what.iter().take(MANY).map(String::as_str).collect::<Vec<_>>().join(", ");
    let more = what.len().saturating_sub(MANY);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Line::new(1, format!("{word:<11}{shown}{more}"))
}
