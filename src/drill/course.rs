//! One way through a plan: what each unknown choice is taken for.

use std::collections::BTreeSet;

use super::unknown::{Matter, Unknown};
use crate::plan::{Loop, NodeId, Op, Plan};
use crate::value::Value;

/// A way through a plan. Of every choice it takes the first value, unless it says another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// The choice, by its number, and the number of its value.
    other: Vec<(usize, usize)>,
}

impl Course {
    /// The same way, but for one choice.
    pub(super) fn with(&self, choice: usize, value: usize) -> Self {
        let mut other = self.other.clone();
        other.retain(|(at, _)| *at != choice);
        other.push((choice, value));
        Self { other }
    }

    /// The choice in which it differs from the course that it was made of.
    pub(super) fn last(&self) -> Option<usize> {
        self.other.last().map(|(choice, _)| *choice)
    }

    /// What it takes a choice for, by its number.
    pub(super) fn number(&self, choice: usize) -> usize {
        self.other.iter().find(|(at, _)| *at == choice).map_or(0, |(_, value)| *value)
    }

    pub(super) fn value<'u>(&self, unknown: &'u Unknown<'_>, choice: usize) -> Option<&'u Value> {
        unknown.choices.get(choice)?.values.get(self.number(choice))
    }

    /// Where it takes another value than the first: the choice, and the value.
    pub(super) fn taken(&self, unknown: &Unknown<'_>) -> Vec<(Matter, Value)> {
        self.other.iter().filter_map(|(choice, _)| self.takes(*choice, unknown)).collect()
    }

    /// What it takes of that in which others differ from the first.
    pub(super) fn against(&self, others: &[Self], unknown: &Unknown<'_>) -> Vec<(Matter, Value)> {
        let differing: BTreeSet<usize> =
            others.iter().flat_map(|course| course.other.iter().map(|(choice, _)| *choice)).collect();
        differing.into_iter().filter_map(|choice| self.takes(choice, unknown)).collect()
    }

    fn takes(&self, choice: usize, unknown: &Unknown<'_>) -> Option<(Matter, Value)> {
        Some((unknown.choices.get(choice)?.matter.clone(), self.value(unknown, choice)?.clone()))
    }

    /// Steps that are in place before they begin.
    pub(super) fn in_place(&self, unknown: &Unknown<'_>) -> BTreeSet<NodeId> {
        let taken = self.taken(unknown).into_iter();
        let steps = taken.filter_map(|(matter, value)| match matter {
            Matter::InPlace(step) if value == Value::Bool(true) => Some(step),
            _ => None,
        });
        steps.collect()
    }

    /// Loops that meet their condition in the second turn: by what tells one turn from another, the body.
    pub(super) fn twice(&self, unknown: &Unknown<'_>) -> Vec<(NodeId, NodeId)> {
        let twice = self.taken(unknown).into_iter().filter_map(|(matter, value)| match matter {
            Matter::Turns(looped) if value == Value::Int(2) => Some(looped),
            _ => None,
        });
        let bodies = twice.filter_map(|looped| match unknown.plan.loop_of(looped) {
            Some(Loop::Repeat { body, .. }) => Some((unknown.turns_by(*body)?, *body)),
            _ => None,
        });
        bodies.collect()
    }

    /// What says no in it, so that a check, gate or step is found as it takes them: effects, and expectations where there
    /// is no effect.
    pub(super) fn noes(&self, unknown: &Unknown<'_>) -> Vec<NodeId> {
        let plan = unknown.plan;
        let is_no = |var| {
            let choice = unknown.choice(&Matter::Variable(var));
            choice.and_then(|choice| self.value(unknown, choice)) == Some(&Value::Bool(false))
        };
        let all = (0..).map(NodeId).zip(&plan.nodes);
        let verdicts = all.clone().filter(|(at, _)| plan.verdict_var(*at).is_some_and(is_no));
        let mut noes: Vec<NodeId> = verdicts.filter_map(|(at, _)| unknown.says_no(at)).collect();
        let in_place = self.in_place(unknown);
        for (at, _) in all.filter(|(at, _)| !in_place.contains(at)) {
            let look = plan.step(at).and_then(|step| step.done_when).and_then(|look| unknown.says_no(look));
            noes.extend(look.filter(|look| !is_effect(plan, *look)));
        }
        noes
    }
}

fn is_effect(plan: &Plan, at: NodeId) -> bool {
    matches!(plan.op(at), Some(Op::Do(_)))
}
