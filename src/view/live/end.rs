//! What a run did, kept as it goes, and the honest summary at its end.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use serde::Serialize;

use super::Line;
use super::frames::Seen;
use super::index::{Index, step};
use crate::event::{Actor, Ending, FrameId, Outcome, RunState, Verdict};
use crate::plan::{Answer, NodeId, Plan, What};
use crate::view::moment::took;
use crate::view::paint::Ink;

/// Titles in one row at most; the rest is counted.
const MANY: usize = 12;

/// What happened to the steps.
#[derive(Debug, Default)]
pub(super) struct Books {
    began: Option<Timestamp>,
    steps: Vec<Entry>,
    at: HashMap<FrameId, usize>,
    /// Nodes of steps that are done: a step in a loop counts once.
    done: BTreeSet<NodeId>,
    /// Undos that are over, in that order: of which step, which, whether well.
    undos: Vec<(usize, What, bool)>,
    /// What people said: of what, what, why, who.
    words: Vec<String>,
    /// What failed, and why.
    failed: Vec<(String, String)>,
    /// What was made to fail on purpose.
    injected: Vec<String>,
    /// Steps that were done later than they were due.
    late: Vec<String>,
    /// What people handed over.
    handed: Vec<String>,
}

#[derive(Debug)]
struct Entry {
    node: NodeId,
    title: String,
    fate: Fate,
    /// Effects that changed something, or may have.
    changes: u32,
    /// Whether nobody knows what became of one of them.
    doubt: bool,
    began: Timestamp,
    ended: Option<Timestamp>,
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It has begun.
    Running,
    /// It was done.
    Done,
    /// It was in place already: nothing was done.
    InPlace,
    /// It failed.
    Failed,
    /// It was stopped on the way.
    Stopped,
    /// A person passed it over: it was not done, or not to its end.
    PassedOver,
}

/// A step that began, for programs.
#[derive(Clone, Debug, Serialize)]
pub struct StepTold {
    /// Its title.
    pub title: String,
    /// How it stands.
    pub state: Fate,
    /// When it began.
    pub began: Timestamp,
    /// When it was over.
    pub ended: Option<Timestamp>,
    /// Whether its rollback went well; `None` where none ran.
    pub rollback: Option<bool>,
    /// Whether its restore went well; `None` where none ran.
    pub restore: Option<bool>,
}

/// What a run came to so far.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// The step or check that failed so that the run ended, or last where it has not.
    pub failed: Option<String>,
    /// What else failed, each with its reason, in that order.
    pub also_failed: Vec<String>,
    /// Steps that are done or in place; one in a loop counts once.
    pub done: usize,
    /// Steps that stand in the plan's way forward.
    pub steps: usize,
    /// Steps that were in place already.
    pub in_place: Vec<String>,
    /// Steps whose rollback ran well, in that order.
    pub undone: Vec<String>,
    /// Steps whose restore ran well, in that order.
    pub restored: Vec<String>,
    /// Steps whose rollback or restore failed.
    pub not_undone: Vec<String>,
    /// Steps that changed something and were not rolled back, with what the runbook says of that.
    pub stays: Vec<Stays>,
    /// What people passed over, did by hand or gave up, in their words.
    pub by_people: Vec<String>,
    /// What was made to fail on purpose.
    pub injected: Vec<String>,
    /// Steps that were done later than they were due.
    pub late: Vec<String>,
    /// Roles that were handed over while the run went on.
    pub handed_over: Vec<String>,
}

/// A step that changed something and was not rolled back.
#[derive(Clone, Debug, Serialize)]
pub struct Stays {
    /// Its title.
    pub title: String,
    /// Why.
    pub why: String,
}

impl Books {
    pub(super) fn begin(&mut self, at: Timestamp) {
        self.began = Some(at);
    }

    pub(super) fn entered(&mut self, frame: FrameId, node: NodeId, (title, began): (&str, Timestamp)) {
        self.at.insert(frame, self.steps.len());
        let title = title.to_owned();
        self.steps.push(Entry {
            node,
            title,
            fate: Fate::Running,
            changes: 0,
            doubt: false,
            began,
            ended: None,
        });
    }

    /// A changing effect of that step begins.
    pub(super) fn changes(&mut self, step: FrameId) {
        if let Some(entry) = self.entry(step) {
            entry.changes += 1;
        }
    }

    /// It changed nothing after all.
    pub(super) fn ended(&mut self, step: FrameId, outcome: Outcome) {
        let Some(entry) = self.entry(step) else { return };
        entry.doubt = matches!(outcome, Outcome::Unknown | Outcome::Alive);
        if outcome == Outcome::FailedClean {
            entry.changes = entry.changes.saturating_sub(1);
        }
    }

    pub(super) fn left(&mut self, frame: FrameId, at: Timestamp, verdict: &Verdict, passed_over: bool) {
        let fate = match verdict {
            Verdict::Passed if passed_over => Fate::PassedOver,
            Verdict::Passed => Fate::Done,
            Verdict::InPlace => Fate::InPlace,
            Verdict::Failed(_) | Verdict::Inconclusive(_) => Fate::Failed,
            Verdict::Stopped => Fate::Stopped,
        };
        let Some(entry) = self.entry(frame) else { return };
        (entry.fate, entry.ended) = (fate, Some(at));
        let node = entry.node;
        if matches!(fate, Fate::Done | Fate::InPlace) {
            self.done.insert(node);
        }
    }

    /// What failed before is well now: it was looked at, or done, again.
    pub(super) fn passed(&mut self, title: &str) {
        self.failed.retain(|(failed, _)| failed != title);
    }

    pub(super) fn failed(&mut self, title: &str, why: &str) {
        self.failed.push((title.to_owned(), why.to_owned()));
    }

    pub(super) fn undone(&mut self, step: FrameId, undo: What, verdict: &Verdict) {
        let well = matches!(verdict, Verdict::Passed | Verdict::InPlace);
        if let Some(at) = self.at.get(&step) {
            self.undos.push((*at, undo, well));
        }
    }

    /// What a person said about something that did not go by itself.
    /// `name` is empty for the run as a whole.
    pub(super) fn word(&mut self, name: &str, word: &str, why: &str, by: Option<&Actor>) {
        let by = by.map_or("somebody", |by| &by.name);
        let what = if name.is_empty() { "the run" } else { name };
        self.words.push(format!("{what} {word} ({by}: {why})"));
    }

    pub(super) fn injected(&mut self, told: &str) {
        self.injected.push(told.to_owned());
    }

    /// A step was done late; the words say when it was due.
    pub(super) fn late(&mut self, title: &str, words: &str) {
        self.late.push(format!("\"{title}\": {words}"));
    }

    /// Somebody else holds a role from here on.
    pub(super) fn handed_over(&mut self, told: String) {
        self.handed.push(told);
    }

    pub(super) fn title(&self, frame: FrameId) -> &str {
        let entry = self.at.get(&frame).and_then(|at| self.steps.get(*at));
        entry.map(|entry| entry.title.as_str()).unwrap_or_default()
    }

    pub(super) fn done(&self) -> usize {
        self.done.len()
    }

    pub(super) fn steps(&self) -> Vec<StepTold> {
        let told = self.steps.iter().enumerate().map(|(at, entry)| StepTold {
            title: entry.title.clone(),
            state: entry.fate,
            began: entry.began,
            ended: entry.ended,
            rollback: self.undo(at, What::Rollback),
            restore: self.undo(at, What::Restore),
        });
        told.collect()
    }

    fn entry(&mut self, frame: FrameId) -> Option<&mut Entry> {
        self.at.get(&frame).and_then(|at| self.steps.get_mut(*at))
    }

    /// How an undo of a step went the last time.
    fn undo(&self, at: usize, undo: What) -> Option<bool> {
        let own = |(of, which, _): &&(usize, What, bool)| (*of, *which) == (at, undo);
        self.undos.iter().rfind(own).map(|(.., well)| *well)
    }

    pub(super) fn summary(&self, plan: &Plan, index: &Index, state: &RunState) -> Summary {
        let undone = |undo: What, well: bool| {
            let those = self.undos.iter().filter(move |(_, which, how)| (*which, *how) == (undo, well));
            those.filter_map(|(at, ..)| self.steps.get(*at)).map(|entry| entry.title.clone())
        };
        let in_place = self.steps.iter().filter(|entry| entry.fate == Fate::InPlace);
        Summary {
            failed: self.culprit(state).map(str::to_owned),
            also_failed: self.also_failed(state),
            done: self.done(),
            steps: index.steps.len(),
            in_place: in_place.map(|entry| entry.title.clone()).collect(),
            undone: undone(What::Rollback, true).collect(),
            restored: undone(What::Restore, true).collect(),
            not_undone: undone(What::Rollback, false).chain(undone(What::Restore, false)).collect(),
            stays: self.stays(plan, state),
            by_people: self.words.clone(),
            injected: self.injected.clone(),
            late: self.late.clone(),
            handed_over: self.handed.clone(),
        }
    }

    /// Steps that changed something and were not undone, each with its own words about that.
    fn stays(&self, plan: &Plan, state: &RunState) -> Vec<Stays> {
        let changed = self.steps.iter().enumerate().filter(|(_, entry)| entry.changes > 0);
        let told = changed.filter_map(|(at, entry)| {
            let why = match (&step(plan, entry.node)?.undo, self.undo(at, What::Rollback)) {
                (_, Some(true)) => return None,
                (_, Some(false)) => "its rollback failed",
                (Answer::Irreversible, _) => "cannot be undone",
                (Answer::Nothing(why), _) => why.as_str(),
                (Answer::Unanswered, _) if self.undo(at, What::Restore) == Some(true) => return None,
                (Answer::Unanswered, _) => "it says nothing about undo",
                (Answer::Rollback(_), _) if state.committed => "past the point of no return",
                (Answer::Rollback(_), _) => "not rolled back",
            };
            let doubt = entry.doubt && !matches!(entry.fate, Fate::Done | Fate::InPlace | Fate::PassedOver);
            let doubt = if doubt { "nobody knows whether it was done; " } else { "" };
            Some(Stays { title: entry.title.clone(), why: format!("{doubt}{why}") })
        });
        let before = state.left_behind.iter();
        let before = before.map(|one| Stays { title: one.what.clone(), why: one.why.clone() });
        before.chain(told).collect()
    }

    /// The end, and below it what it came to.
    pub(super) fn told(
        &self,
        seen: Seen<'_>,
        index: &Index,
        at: Timestamp,
        (ending, name): (Ending, Option<&str>),
    ) -> Vec<Line> {
        let summary = self.summary(seen.plan, index, seen.state);
        let length = self.began.map(|began| took(at.duration_since(began))).unwrap_or_default();
        let (word, ink) = match ending {
            Ending::Completed => ("completed", Ink::Good),
            Ending::RolledBack => ("rolled back: everything that was owed is undone", Ink::Bad),
            Ending::FailedKept => ("failed, and not everything is undone", Ink::Bad),
            Ending::Superseded => {
                let next = name.unwrap_or_default();
                let text = format!("superseded: planned anew, it goes on as run {next}");
                return vec![Line::new(0, text).ink(Ink::Alert)];
            }
        };
        let failed = ending != Ending::Completed;
        let because = name.filter(|_| failed).map(|why| match self.culprit(seen.state) {
            Some(title) => format!("\"{title}\": {why}"),
            None => why.to_owned(),
        });
        let outcome = name.filter(|_| !failed).map(str::to_owned);
        let stays = summary.stays.iter().map(|one| format!("\"{}\" ({})", one.title, one.why));
        let done = match summary.steps {
            0 => format!("no step stands in it; in {length}"),
            1 => format!("{} of 1 step, in {length}", summary.done),
            steps => format!("{} of {steps} steps, in {length}", summary.done),
        };
        let rows = [
            ("injected", summary.injected),
            ("because", because.into_iter().collect()),
            ("failed", summary.also_failed.into_iter().filter(|_| failed).collect()),
            ("outcome", outcome.into_iter().collect()),
            ("done", vec![done]),
            ("in place", in_one(&summary.in_place)),
            ("undone", in_one(&summary.undone)),
            ("restored", in_one(&summary.restored)),
            ("not undone", in_one(&summary.not_undone)),
            ("stays", stays.filter(|_| failed).collect()),
            ("late", summary.late),
            ("by people", summary.by_people),
            ("taken over", summary.handed_over),
        ];
        let rows = rows.into_iter().flat_map(|(word, what)| row(word, what));
        std::iter::once(Line::new(0, word).ink(ink)).chain(rows).collect()
    }

    /// What failed so that the run ended, or last where it has not.
    fn culprit(&self, state: &RunState) -> Option<&str> {
        let (title, _) = self.failed.get(self.culprit_at(state)?)?;
        Some(title.as_str()).filter(|title| !title.is_empty())
    }

    fn culprit_at(&self, state: &RunState) -> Option<usize> {
        let reason = state.finished.as_ref().and_then(|(_, reason)| reason.as_ref());
        self.failed.iter().rposition(|(_, why)| reason.is_none_or(|reason| reason == why))
    }

    /// What failed beside that, and did not end the run: while it was stopped, side by side, in an attempt.
    fn also_failed(&self, state: &RunState) -> Vec<String> {
        let culprit = self.culprit_at(state);
        let others = self
            .failed
            .iter()
            .enumerate()
            .filter(|(at, (title, _))| Some(*at) != culprit && !title.is_empty());
        others.map(|(_, (title, why))| format!("\"{title}\": {why}")).collect()
    }
}

/// Titles in one line.
fn in_one(titles: &[String]) -> Vec<String> {
    let shown: Vec<_> = titles.iter().take(MANY).map(|title| format!("\"{title}\"")).collect();
    let more = titles.len().saturating_sub(MANY);
    match (shown.is_empty(), more) {
        (true, _) => vec![],
        (false, 0) => vec![shown.join(", ")],
        (false, more) => vec![format!("{} and {more} more", shown.join(", "))],
    }
}

/// A word with what belongs to it, below each other.
fn row(word: &str, mut what: Vec<String>) -> Vec<Line> {
    if what.len() > MANY {
        let more = what.len() - MANY;
        what.truncate(MANY);
        what.push(format!("and {more} more"));
    }
    let words = std::iter::once(word).chain(std::iter::repeat(""));
    words.zip(what).map(|(word, what)| Line::new(1, format!("{word:<11}{what}"))).collect()
}
