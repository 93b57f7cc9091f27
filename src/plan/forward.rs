//! What going forward from a node asks of the world: all of it in order, and what is done last.

use super::{Act, Answer, Class, Effect, Loop, NodeId, Op, Plan, Role};

impl Plan {
    /// The effects that a host is asked for going forward from a node, in order; undo, guards and handlers aside.
    #[must_use]
    pub fn effects_below(&self, id: NodeId) -> Vec<NodeId> {
        let mut found = vec![];
        self.add_effects(id, &mut found);
        found
    }

    fn add_effects(&self, id: NodeId, found: &mut Vec<NodeId>) {
        match self.op(id) {
            Some(Op::Do(effect)) if is_of_the_world(effect) => found.push(id),
            _ => self.forward(id).into_iter().for_each(|child| self.add_effects(child, found)),
        }
    }

    /// What is done of a node when nothing fails.
    #[must_use]
    pub fn forward(&self, id: NodeId) -> Vec<NodeId> {
        match self.op(id) {
            Some(Op::Group(group)) => group.children.clone(),
            Some(Op::Branch(arms)) => arms.iter().map(|arm| arm.body).collect(),
            Some(Op::Loop(looped)) => match **looped {
                Loop::For { body, .. } | Loop::Repeat { body, .. } | Loop::Poll { body, .. } => vec![body],
            },
            _ => vec![],
        }
    }

    /// The bodies of what undoes a step, the rollback first.
    #[must_use]
    pub fn undo_bodies(&self, step: NodeId) -> Vec<NodeId> {
        let Some(step) = self.step(step) else { return vec![] };
        let rollback = if let Answer::Rollback(undo) = &step.undo { Some(undo.body) } else { None };
        rollback.into_iter().chain(step.restore.as_ref().map(|undo| undo.body)).collect()
    }

    /// The last changing effect of the first of these bodies that changes anything, or the last of any kind
    /// where none does. Several where only a run decides which of them it is; empty where there is none.
    #[must_use]
    pub fn last_effect(&self, bodies: &[NodeId]) -> Vec<NodeId> {
        let by = |wanted: &dyn Fn(&Effect) -> bool| {
            let found = bodies.iter().map(|body| Last { plan: self, wanted }.of(*body).0);
            found.into_iter().find(|nodes| !nodes.is_empty())
        };
        let changing = by(&|effect| effect.class == Class::Changes && is_of_the_world(effect));
        changing.or_else(|| by(&is_of_the_world)).unwrap_or_default()
    }
}

/// A time, a line of a log and a lock are nothing that a host does.
fn is_of_the_world(effect: &Effect) -> bool {
    !matches!(effect.act, Act::Wait(_) | Act::Log(_) | Act::Lock(_))
}

struct Last<'a> {
    plan: &'a Plan,
    wanted: &'a dyn Fn(&Effect) -> bool,
}

impl Last<'_> {
    /// The effects one of which is done last, and whether one of them is done for certain.
    fn of(&self, id: NodeId) -> (Vec<NodeId>, bool) {
        match self.plan.op(id) {
            Some(Op::Do(effect)) if (self.wanted)(effect) => (vec![id], true),
            Some(Op::Group(group)) => {
                let (nodes, certain) = self.of_sequence(&group.children);
                (nodes, certain && !is_optional(&group.role))
            }
            Some(Op::Branch(arms)) => {
                let each: Vec<_> = arms.iter().map(|arm| self.of(arm.body)).collect();
                let whole =
                    arms.iter().any(|arm| arm.when.is_none()) && each.iter().all(|(_, certain)| *certain);
                (each.into_iter().flat_map(|(nodes, _)| nodes).collect(), whole)
            }
            Some(Op::Loop(looped)) => match **looped {
                Loop::For { body, .. } => (self.of(body).0, false),
                Loop::Repeat { body, .. } | Loop::Poll { body, .. } => self.of(body),
            },
            _ => (vec![], false),
        }
    }

    /// Where nothing is done for certain, the last of what may be.
    fn of_sequence(&self, children: &[NodeId]) -> (Vec<NodeId>, bool) {
        let mut maybe = vec![];
        for child in children.iter().rev() {
            let (nodes, certain) = self.of(*child);
            if certain {
                return (nodes, true);
            }
            if maybe.is_empty() {
                maybe = nodes;
            }
        }
        (maybe, false)
    }
}

/// A step within that may be passed over.
fn is_optional(role: &Role) -> bool {
    matches!(role, Role::Step(step) if step.condition.is_some() || step.done_when.is_some())
}
