//! What can never be done any more, for want of a value that nothing will give.
//!
//! Only what is taken on every way through it counts: a branch or a loop may not come to it.

use std::collections::BTreeSet;

use super::Pass;
use crate::event::Frame;
use crate::plan::{Loop, NodeId, Op, Plan, Role};
use crate::run::missing::said;
use crate::value::VarId;

impl Pass<'_> {
    /// In words which value from outside something takes for certain that nothing will give any more.
    pub(super) fn gone(&self, frame: &Frame, node: NodeId) -> Option<String> {
        let range = node.0 as usize..*self.plan.ends().get(node.0 as usize)? as usize;
        let mut taken = BTreeSet::new();
        match self.plan.group(node) {
            Some(group) => group.children.iter().for_each(|child| self.taken(*child, &mut taken)),
            None => self.taken(node, &mut taken),
        }
        let needs = self.plan.step(node).map(|step| step.needs.as_slice()).unwrap_or_default();
        let free = Plan::free(&self.plan.nodes, range).into_iter().filter(|var| taken.contains(var));
        let gone = |var: &VarId| self.state.value(frame.id, *var).is_none();
        let lost = needs.iter().copied().chain(free).find(gone)?;
        Some(said(self.plan, self.state, frame.id, lost))
    }

    /// Values that something takes whatever comes.
    fn taken(&self, node: NodeId, taken: &mut BTreeSet<VarId>) {
        match self.plan.op(node) {
            Some(Op::Group(group)) if !may_pass(&group.role) => {
                group.children.iter().for_each(|child| self.taken(*child, taken));
            }
            Some(Op::Loop(of)) => {
                if let Loop::Poll { body, .. } = of.as_ref() {
                    self.taken(*body, taken);
                }
            }
            Some(Op::Do(_) | Op::Eval(_)) => {
                let own = node.0 as usize..node.0 as usize + 1;
                taken.extend(Plan::free(&self.plan.nodes, own));
            }
            _ => {}
        }
    }
}

/// Whether a group may turn out to be nothing to do.
fn may_pass(role: &Role) -> bool {
    matches!(role, Role::Step(step) if step.condition.is_some() || step.done_when.is_some())
}
