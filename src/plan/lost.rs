//! What passing a step over makes impossible later: who takes the values that it alone gives.

use std::collections::BTreeSet;

use super::{Eval, Loop, NodeId, Op, Plan, Role};
use crate::value::VarId;

/// Something that cannot be done without a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// What: a step, a check, or whatever else has a title.
    pub node: NodeId,
    /// The value that it takes.
    pub var: VarId,
    /// For what it takes it.
    pub taken_by: TakenBy,
}

/// Which part of something takes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenBy {
    /// Its rollback or restore, which takes it from before: it cannot start.
    Undo,
    /// What it does.
    Body,
    /// The undo of the passed step itself: done by hand, it could not be undone.
    OwnUndo,
}

/// What could not be done if a step were passed over, in the order of the plan.
#[must_use]
pub fn lost(plan: &Plan, step: NodeId) -> Vec<Lost> {
    let end = plan.ends().get(step.0 as usize).copied().unwrap_or(step.0);
    let own = step.0..end;
    let mut without = Without { plan, parents: plan.parents(), vars: BTreeSet::new(), found: vec![] };
    for node in plan.nodes.get(step.0 as usize..end as usize).unwrap_or_default() {
        node.binds(&mut |var| _ = without.vars.insert(var));
    }
    let captures = plan.step(step).map(|step| step.captures.as_slice()).unwrap_or_default();
    if let Some(var) = captures.iter().find(|var| without.vars.contains(var)) {
        without.found.push(Lost { node: step, var: *var, taken_by: TakenBy::OwnUndo });
    }
    let after = (0..).take(plan.nodes.len()).filter(|id| !own.contains(id)).map(NodeId);
    after.for_each(|id| without.node(id));
    without.found
}

struct Without<'a> {
    plan: &'a Plan,
    parents: Vec<NodeId>,
    /// Values that nobody gives.
    vars: BTreeSet<VarId>,
    found: Vec<Lost>,
}

impl Without<'_> {
    fn node(&mut self, id: NodeId) {
        let Some(node) = self.plan.node(id) else { return };
        if let Some(step) = self.plan.step(id)
            && let Some(var) = step.needs.iter().find(|var| self.vars.contains(var))
        {
            self.found.push(Lost { node: id, var: *var, taken_by: TakenBy::Undo });
            return self.give_nothing(id);
        }
        let mut taken = None;
        node.reads(&mut |var| taken = taken.or(Some(var).filter(|var| self.vars.contains(var))));
        let Some(var) = taken else { return };
        if let Op::Eval(Eval::Let(bind)) = &node.op {
            self.vars.insert(bind.var);
        }
        let unit = self.unit(id);
        if !self.found.iter().any(|lost| lost.node == unit) && !self.is_undo(id) {
            self.found.push(Lost { node: unit, var, taken_by: TakenBy::Body });
            self.give_nothing(unit);
        }
    }

    /// What cannot be done gives no values, either.
    fn give_nothing(&mut self, unit: NodeId) {
        if !self.is_unit(unit) {
            return;
        }
        let end = self.plan.ends().get(unit.0 as usize).copied().unwrap_or(unit.0);
        for node in self.plan.nodes.get(unit.0 as usize..end as usize).unwrap_or_default() {
            node.binds(&mut |var| _ = self.vars.insert(var));
        }
    }

    /// The step or check around a node, else the node itself.
    fn unit(&self, id: NodeId) -> NodeId {
        self.up(id).find(|around| self.is_unit(*around)).unwrap_or(id)
    }

    fn is_unit(&self, id: NodeId) -> bool {
        match self.plan.op(id) {
            Some(Op::Group(group)) => matches!(group.role, Role::Step(_)),
            Some(Op::Loop(of)) => {
                let titled = self.plan.node(id).is_some_and(|node| node.title.is_some());
                titled && matches!(of.as_ref(), Loop::Poll { .. })
            }
            _ => false,
        }
    }

    /// Whether a node stands in the rollback or restore of a step: what that needs is said of the step.
    fn is_undo(&self, id: NodeId) -> bool {
        let child = |step: NodeId, below: NodeId| {
            self.plan.group(step).is_some_and(|group| group.children.contains(&below))
        };
        let mut up = self.up(id).peekable();
        while let (Some(below), Some(above)) = (up.next(), up.peek().copied()) {
            if self.plan.step(above).is_some() && !child(above, below) {
                return true;
            }
        }
        false
    }

    /// A node and those around it, outwards.
    fn up(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let above = |id: &NodeId| self.parents.get(id.0 as usize).copied().filter(|parent| parent != id);
        std::iter::successors(Some(id), above)
    }
}
