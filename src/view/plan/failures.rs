//! For each point of failure what would be undone and what would stay, as data.

use std::collections::HashMap;

use serde::Serialize;

use super::item::StepRef;
use super::tell::Told;
use crate::plan::{Answer, NodeId, Plan, Step, StepClass, UndoAt, What, WhyStays, step_class, undo_at};

/// Points of failure next to each other with the same answer.
#[derive(Debug, Serialize)]
pub struct Failure {
    /// The points, in the order of the tree.
    pub points: Vec<Point>,
    /// What would be undone, newest first.
    pub undone: Vec<UndoneItem>,
    /// What would stay, oldest first.
    pub stays: Vec<StaysItem>,
    /// The attempt that is unwound alone; its `otherwise` is done instead of failing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// The point of no return that was passed: a person retries, does it by hand or gives up, and only then
    /// `undone` runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_commit: Option<String>,
}

/// A point of failure.
#[derive(Debug, Serialize)]
pub struct Point {
    /// `step`, `check`, `gate`, …
    pub kind: &'static str,
    /// Its title, or its line.
    pub title: String,
    /// Its number, for a step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<usize>,
    /// Whether the run is stuck until a person says so where nobody knows if it was done: no `done when` and no
    /// `idempotent` answers that.
    pub stuck_if_unknown: bool,
    /// Values that its own undo takes and that it has not given yet where its effect fails: the run is stuck then.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stuck_without: Vec<String>,
}

impl Failure {
    /// In words which of its undos cannot start where the step itself fails; nothing where each can.
    pub(super) fn gaps(&self) -> Option<String> {
        let gaps = self.points.iter().filter_map(|point| {
            let names: Vec<_> = point.stuck_without.iter().map(|name| format!("`{name}`")).collect();
            let number = point.number.filter(|_| !names.is_empty())?;
            Some(format!("stuck if {number} fails before it gives {}", names.join(", ")))
        });
        let gaps = gaps.collect::<Vec<_>>().join("; ");
        (!gaps.is_empty()).then_some(gaps)
    }
}

/// An undo that would run.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct UndoneItem {
    /// Whose.
    pub step: StepRef,
    /// `rollback` or `restore`.
    pub what: &'static str,
    /// Whether the step has run for certain; else it stands behind a condition, a loop or a branch.
    pub sure: bool,
    /// Whether the run is stuck where this fails for good; else it is `best effort`, and stays undone.
    pub stuck_if_failed: bool,
}

/// A step whose effects would stay.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct StaysItem {
    /// Which.
    pub step: StepRef,
    /// `irreversible`, `nothing to undo`, `no answer` or `committed`.
    pub why: &'static str,
}

pub(super) fn failures(plan: &Plan, told: &Told) -> Vec<Failure> {
    let mut all: Vec<(UndoAt, Failure)> = vec![];
    for (node, kind, title) in &told.points {
        let Some(answer) = undo_at(plan, *node) else { continue };
        let number = told.steps.get(node).map(|step| step.number);
        let point = Point {
            kind,
            title: title.clone(),
            number,
            stuck_if_unknown: is_in_doubt(plan, *node),
            stuck_without: stuck_without(plan, *node, &answer),
        };
        match all.last_mut() {
            Some((last, failure)) if *last == answer => failure.points.push(point),
            _ => {
                let failure = failure(plan, told, &answer, point);
                all.push((answer, failure));
            }
        }
    }
    all.into_iter().map(|(_, failure)| failure).collect()
}

/// Whether nobody but a person can say if a step was done whose outcome is unknown.
fn is_in_doubt(plan: &Plan, node: NodeId) -> bool {
    let unsettled = |step: &Step| step.done_when.is_none() && !step.idempotent && !step.manual;
    plan.step(node).is_some_and(unsettled) && step_class(plan, node) == StepClass::Changes
}

/// What the undo of a step lacks where the step itself fails; of what is best effort nothing is stuck.
fn stuck_without(plan: &Plan, node: NodeId, at: &UndoAt) -> Vec<String> {
    let own = at.undone.iter().filter(|undone| undone.step == node);
    let strict = |what: What| plan.step(node).is_some_and(|step| !is_best_effort(step, what));
    if !own.into_iter().any(|undone| strict(undone.what)) {
        return vec![];
    }
    plan.undo_gaps(node).iter().filter_map(|var| Some(plan.var(*var)?.name.clone())).collect()
}

fn is_best_effort(step: &Step, what: What) -> bool {
    let undo = match (what, &step.undo) {
        (What::Rollback, Answer::Rollback(undo)) => Some(undo),
        (What::Rollback, _) => None,
        (What::Restore, _) => step.restore.as_ref(),
    };
    undo.is_some_and(|undo| undo.best_effort)
}

fn failure(plan: &Plan, told: &Told, at: &UndoAt, point: Point) -> Failure {
    let undone = at.undone.iter().filter_map(|undone| {
        let step = plan.step(undone.step)?;
        let stuck_if_failed = !is_best_effort(step, undone.what);
        let step = self::step(&told.steps, undone.step)?;
        Some(UndoneItem { step, what: undone.what.word(), sure: undone.sure, stuck_if_failed })
    });
    let stays = at.stays.iter().filter_map(|stays| {
        let why = match stays.why {
            WhyStays::Irreversible => "irreversible",
            WhyStays::NothingToUndo => "nothing to undo",
            WhyStays::Unanswered => "no answer",
            WhyStays::Committed => "committed",
        };
        Some(StaysItem { step: step(&told.steps, stays.step)?, why })
    });
    Failure {
        points: vec![point],
        undone: undone.collect(),
        stays: stays.collect(),
        within: at.within.map(|attempt| told.attempts.get(&attempt).cloned().unwrap_or_default()),
        after_commit: at.committed.map(|_| told.commit.clone().unwrap_or_default()),
    }
}

fn step(steps: &HashMap<NodeId, StepRef>, node: NodeId) -> Option<StepRef> {
    steps.get(&node).cloned()
}
