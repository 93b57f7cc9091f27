//! What no scenario of a runbook comes to, each by its place and its name.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde::Serialize;

use crate::drill::Coverage;
use crate::plan::{NodeId, Op, Plan};
use crate::text::Sources;
use crate::view::plan::{Known, condition_as_written};

/// So many of one kind are told on a screen.
const LISTED: usize = 5;

/// Something that no scenario comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MissedTold {
    /// The file and the line.
    pub place: String,
    /// Its title; of a branch when it is taken.
    pub title: String,
}

/// So many of so many.
#[derive(Clone, Debug, Serialize)]
pub struct Share {
    /// Come to.
    pub of: usize,
    /// There are.
    pub all: usize,
    /// What is not come to, in the order of the plan; what has one place and one name once.
    pub missing: Vec<MissedTold>,
}

/// How much of what there is was come to.
#[derive(Debug, Serialize)]
pub struct CoverageTold {
    /// Branches taken.
    pub branches: Share,
    /// Checks that passed.
    pub checks_passed: Share,
    /// Checks that did not.
    pub checks_failed: Share,
    /// Rollbacks that ran.
    pub rollbacks: Share,
}

impl CoverageTold {
    /// What the scenarios of a plan came to, and what they did not.
    pub(super) fn of(naming: &Naming<'_>, covered: &Coverage) -> Self {
        let whole = Coverage::whole(naming.plan);
        let title = |at: &NodeId| naming.missed(*at, naming.title(*at));
        let branch = |(at, taken): &(NodeId, bool)| naming.missed(*at, naming.branch(*at, *taken));
        Self {
            branches: Share::of(&covered.branches, &whole.branches, branch),
            checks_passed: Share::of(&covered.passed, &whole.passed, title),
            checks_failed: Share::of(&covered.failed, &whole.failed, title),
            rollbacks: Share::of(&covered.rollbacks, &whole.rollbacks, title),
        }
    }

    /// In a line: so many of each of which there are any.
    pub(super) fn counts(&self) -> String {
        let share = |(what, share): (&str, &Share)| format!("{what} {} of {}", share.of, share.all);
        let shares = [
            ("branches", &self.branches),
            ("checks passed", &self.checks_passed),
            ("checks failed", &self.checks_failed),
            ("rollbacks", &self.rollbacks),
        ];
        let there = shares.into_iter().filter(|(_, share)| share.all > 0).map(share);
        let counts = there.collect::<Vec<_>>().join(", ");
        if counts.is_empty() { "no branches, checks or rollbacks".to_owned() } else { counts }
    }

    /// In lines: what is not come to, with its places.
    pub(super) fn missing(&self) -> String {
        let mut out = String::new();
        let kinds = [
            ("branches that no scenario takes", &self.branches),
            ("checks that pass in no scenario", &self.checks_passed),
            ("checks that fail in no scenario", &self.checks_failed),
            ("rollbacks that no scenario runs", &self.rollbacks),
        ];
        for (heading, Share { missing, .. }) in kinds.iter().filter(|(_, share)| !share.missing.is_empty()) {
            _ = writeln!(out, "    {heading}");
            missing
                .iter()
                .take(LISTED)
                .for_each(|one| _ = writeln!(out, "      {}: {}", one.place, one.title));
            if let Some(more) = missing.len().checked_sub(LISTED).filter(|more| *more > 0) {
                _ = writeln!(out, "      and {more} more; --format json has them all");
            }
        }
        out
    }
}

impl Share {
    fn of<T: Ord>(covered: &BTreeSet<T>, whole: &BTreeSet<T>, told: impl Fn(&T) -> MissedTold) -> Self {
        let mut missing: Vec<MissedTold> = vec![];
        for one in whole.difference(covered).map(told) {
            if !missing.contains(&one) {
                missing.push(one);
            }
        }
        Self { of: covered.len(), all: whole.len(), missing }
    }
}

/// What nodes of a plan are called.
pub(super) struct Naming<'a> {
    pub(super) plan: &'a Plan,
    pub(super) sources: &'a Sources,
    pub(super) known: &'a Known<'a>,
    /// The parents of its nodes.
    pub(super) parents: Vec<NodeId>,
}

impl Naming<'_> {
    fn missed(&self, at: NodeId, title: String) -> MissedTold {
        let place = self.plan.node(at).map_or_else(String::new, |node| self.sources.line(node.span));
        MissedTold { place, title }
    }

    /// The nearest title.
    fn title(&self, at: NodeId) -> String {
        self.known.title(at).unwrap_or_else(|| self.known.path(at, &self.parents))
    }

    /// When a branch is taken, or a condition that none of its arms met is not met.
    fn branch(&self, at: NodeId, taken: bool) -> String {
        if self.plan.step(at).is_some() {
            let fate = if taken { "is done" } else { "is left out" };
            return format!("\"{}\" {fate}", self.title(at));
        }
        let branch = if taken { self.parents.get(at.0 as usize).copied().unwrap_or(at) } else { at };
        let Some(Op::Branch(arms)) = self.plan.op(branch) else { return self.title(at) };
        let arm = arms.iter().find(|arm| taken && arm.body == at);
        if let Some(answer) = self.known.title(at).filter(|_| arm.is_some()) {
            return format!("answer \"{answer}\"");
        }
        let own = arm.and_then(|arm| arm.when.as_ref());
        let first = arms.first().and_then(|arm| arm.when.as_ref());
        let condition = own.or(first).map(|when| condition_as_written(self.plan, when)).unwrap_or_default();
        if own.is_some() { format!("`if {condition}`") } else { format!("`else` of `if {condition}`") }
    }
}
