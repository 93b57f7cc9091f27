//! For each point of failure what would be undone and what would stay, as data.

use std::collections::HashMap;

use serde::Serialize;

use super::item::StepRef;
use super::tell::Told;
use crate::plan::{NodeId, Plan, UndoAt, What, WhyStays, undo_at};

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
        let point = Point { kind, title: title.clone(), number };
        match all.last_mut() {
            Some((last, failure)) if *last == answer => failure.points.push(point),
            _ => {
                let failure = failure(told, &answer, point);
                all.push((answer, failure));
            }
        }
    }
    all.into_iter().map(|(_, failure)| failure).collect()
}

fn failure(told: &Told, at: &UndoAt, point: Point) -> Failure {
    let undone = at.undone.iter().filter_map(|undone| {
        let what = match undone.what {
            What::Rollback => "rollback",
            What::Restore => "restore",
        };
        Some(UndoneItem { step: step(&told.steps, undone.step)?, what, sure: undone.sure })
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
