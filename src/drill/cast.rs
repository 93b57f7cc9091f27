//! What the scripted host has to know of a plan to answer: whose undo a node belongs to, what is watched, what a step does last.

use std::collections::{HashMap, HashSet};

use super::course::Course;
use super::unknown::Unknown;
use crate::plan::{Answer, Class, Loop, NodeId, Op, Plan, Role, Step, WatchKind};
use crate::run::is_called;

/// In which part of a runbook something stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// On the way.
    #[default]
    Forward,
    /// In a rollback.
    Rollback,
    /// In a restore.
    Restore,
    /// In the `done when` of a step.
    DoneWhen,
    /// In a guard or an `every`.
    Watch,
    /// In a handler.
    Handler,
}

impl Part {
    /// Whether something is undone there.
    pub(super) fn is_undo(self) -> bool {
        matches!(self, Self::Rollback | Self::Restore)
    }

    /// Whether what stands there is what a scenario means by `ran`, or by `undone`.
    pub(super) fn is_of(self, undo: bool) -> bool {
        self.is_undo() == undo && self != Self::DoneWhen
    }
}

/// What a plan's nodes are to the host.
#[derive(Debug, Default)]
pub(super) struct Cast {
    parts: Vec<Part>,
    /// The `done when` looks that tell of a step, and how that step begins.
    pub(super) tells: HashMap<NodeId, NodeId>,
    pub(super) in_place: HashSet<NodeId>,
    /// Effects after which a step is in place.
    pub(super) does: HashMap<NodeId, NodeId>,
    /// Effects after which it is not any more.
    pub(super) undoes: HashMap<NodeId, NodeId>,
    /// Effects that say no.
    pub(super) noes: HashSet<NodeId>,
    /// What a failure of a named step, check or question strikes, and what that of its undo does.
    /// Each with how many parts its path goes on behind the name.
    last: HashSet<(NodeId, usize)>,
    last_of_undo: HashSet<(NodeId, usize)>,
    /// What stands in a loop that has two turns: the effect that tells them.
    pub(super) turned: HashMap<NodeId, NodeId>,
    /// The most looks in a row after which a guard breaks.
    pub(super) misses: u32,
}

impl Cast {
    pub(super) fn of(unknown: &Unknown<'_>, course: &Course) -> Self {
        let plan = unknown.plan;
        let mut cast = Self { parts: vec![Part::Forward; plan.nodes.len()], misses: 1, ..Self::default() };
        cast.in_place.extend(course.in_place(unknown));
        cast.noes.extend(course.noes(unknown));
        for (by, body) in course.twice(unknown) {
            cast.turned.extend(unknown.within(body).into_iter().map(|at| (at, by)));
        }
        let parents = plan.parents();
        for at in (0..).map(NodeId).take(plan.nodes.len()) {
            cast.name(plan, &parents, at);
            let Some(group) = plan.group(at) else { continue };
            match &group.role {
                Role::Run(scope) => {
                    scope.handlers.iter().for_each(|handler| cast.mark(unknown, handler.body, Part::Handler));
                }
                Role::Step(step) => cast.step(unknown, at, step),
                _ => {}
            }
            for watch in plan.watches_of(at) {
                cast.mark(unknown, watch.body, Part::Watch);
                cast.last.extend(behind(plan, &parents, watch.body, &[watch.body]));
                if let WatchKind::Guard { misses, .. } = watch.kind {
                    cast.misses = cast.misses.max(misses);
                }
            }
        }
        cast
    }

    fn name(&mut self, plan: &Plan, parents: &[NodeId], at: NodeId) {
        if plan.node(at).is_none_or(|node| node.title.is_none()) {
            return;
        }
        self.last.extend(behind(plan, parents, at, &[at]));
        let bodies = plan.undo_bodies(at);
        for body in &bodies {
            self.last_of_undo.extend(behind(plan, parents, *body, &bodies));
        }
    }

    /// Whether a name means what stands at a path, or its undo.
    pub(super) fn is_named(&self, node: NodeId, path: &str, (place, undo): (&str, bool)) -> bool {
        let last = if undo { &self.last_of_undo } else { &self.last };
        let ends = path.match_indices(" / ").map(|(at, _)| at).chain([path.len()]);
        ends.into_iter().any(|end| {
            let (before, after) = path.split_at(end);
            is_called(before, place) && last.contains(&(node, after.matches(" / ").count()))
        })
    }

    /// In which part a node stands.
    pub(super) fn part(&self, at: NodeId) -> Part {
        self.parts.get(at.0 as usize).copied().unwrap_or_default()
    }

    fn mark(&mut self, unknown: &Unknown<'_>, body: NodeId, part: Part) {
        for at in unknown.within(body) {
            if let Some(slot) = self.parts.get_mut(at.0 as usize).filter(|slot| **slot == Part::Forward) {
                *slot = part;
            }
        }
    }

    fn step(&mut self, unknown: &Unknown<'_>, at: NodeId, step: &Step) {
        if let Some(look) = step.done_when {
            self.mark(unknown, look, Part::DoneWhen);
            self.tells.extend(unknown.says_no(look).map(|says| (says, at)));
        }
        if let Answer::Rollback(undo) = &step.undo {
            self.mark(unknown, undo.body, Part::Rollback);
            self.undoes.extend(last_change(unknown, undo.body).map(|last| (last, at)));
        }
        if let Some(undo) = &step.restore {
            self.mark(unknown, undo.body, Part::Restore);
        }
        let children = unknown.plan.group(at).map(|group| group.children.clone()).unwrap_or_default();
        let last = children.into_iter().rev().find_map(|child| last_change(unknown, child));
        self.does.extend(last.map(|last| (last, at)));
    }
}

/// What a failure of these bodies strikes, each with how many parts of its path stand behind that of a node.
fn behind(plan: &Plan, parents: &[NodeId], from: NodeId, bodies: &[NodeId]) -> Vec<(NodeId, usize)> {
    let parts = |at: NodeId| {
        let titled = plan.node(at).is_some_and(|node| node.title.is_some());
        usize::from(titled) + usize::from(matches!(plan.loop_of(at), Some(Loop::For { .. })))
    };
    let count = |effect: NodeId| {
        let (mut at, mut count) = (effect, 0);
        while at != from {
            if at == Plan::ROOT {
                return None;
            }
            count += parts(at);
            at = parents.get(at.0 as usize).copied()?;
        }
        Some((effect, count))
    };
    plan.last_effect(bodies).into_iter().filter_map(count).collect()
}

/// The last effect below a node that changes the world, or is done by a person.
fn last_change(unknown: &Unknown<'_>, body: NodeId) -> Option<NodeId> {
    let changes = |plan: &Plan, at| match plan.op(at) {
        Some(Op::Do(effect)) => effect.class != Class::Looks,
        _ => false,
    };
    unknown.within(body).into_iter().rev().find(|at| changes(unknown.plan, *at))
}
