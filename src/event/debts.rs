//! What a run still owes, wherever it stands: in scopes, in an unwinding, in steps that are not over.

use std::sync::Arc;

use super::leave::has_failed;
use super::owed::list_outstanding;
use super::{Debt, Frame, FrameId, Owed, RunState, Turn, Undoing, Unwind, Vars};
use crate::plan::{NodeId, Plan};

impl Frame {
    /// What it owes, in its lists and in its unwinding; restores being unwound alone stand in both.
    pub(super) fn debts(&self) -> Vec<&Debt> {
        let mut all = vec![];
        let lists = self.branches.iter().flat_map(|(_, owed)| owed).chain(&self.owed);
        lists.for_each(|owed| owed.each(&mut |debt| all.push(debt)));
        all.extend(self.unwind.iter().flat_map(Unwind::outstanding));
        all
    }

    /// Calls `visit` for all of these.
    pub(super) fn each_debt_mut(&mut self, visit: &mut impl FnMut(&mut Debt)) {
        let lists = self.branches.iter_mut().flat_map(|(_, owed)| owed).chain(&mut self.owed);
        lists.for_each(|owed| owed.each_mut(visit));
        self.unwind.iter_mut().for_each(|unwind| unwind.each_mut(visit));
    }

    /// The values of a turn that ends stay with what it owes.
    pub(super) fn leave_to_debts(&mut self, vars: &Vars) {
        if vars.is_empty() || (self.owed.is_empty() && self.branches.is_empty()) {
            return;
        }
        let turn = Arc::new(Turn { frame: self.id, vars: vars.clone() });
        self.each_debt_mut(&mut |debt| debt.turns.push(Arc::clone(&turn)));
    }
}

/// What one step owes, and where the values that its undo takes are seen from.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// What is owed.
    pub debt: Debt,
    /// The frame in which it is kept, or the step's own while it is not over.
    pub around: FrameId,
}

impl RunState {
    /// The rollbacks and restores that are owed and not wholly done, in the order in which they would be undone. Of a step
    /// that is not over, what it would owe if it ended so.
    #[must_use]
    pub fn owed(&self, plan: &Plan) -> Vec<Claim> {
        self.owed_within(plan, Self::ROOT)
    }

    /// The same of a scope alone.
    #[must_use]
    pub fn owed_within(&self, plan: &Plan, scope: FrameId) -> Vec<Claim> {
        let mut all = self.claims_within(plan, scope);
        all.retain(|claim| claim.debt.rollback || claim.debt.restore);
        all
    }

    fn claims_within(&self, plan: &Plan, scope: FrameId) -> Vec<Claim> {
        let mut all = vec![];
        // What began later is undone first, and what a frame holds was done before the frames in it began.
        let within: Vec<&Frame> = self.frames().filter(|frame| self.is_within(frame, scope)).collect();
        for frame in within.into_iter().rev() {
            let around = frame.id;
            let mut claim = |debt: &Debt| all.push(Claim { debt: debt.clone(), around });
            let unwinding = frame.unwind.iter().filter(|unwind| unwind.what == Undoing::All);
            unwinding.flat_map(super::Unwind::outstanding).for_each(&mut claim);
            self.open_debt(plan, frame).iter().for_each(&mut claim);
            let mut kept = vec![];
            let mut branches: Vec<_> = frame.branches.iter().collect();
            branches.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
            branches.into_iter().for_each(|(_, owed)| list_outstanding(owed, &mut kept));
            list_outstanding(&frame.owed, &mut kept);
            kept.into_iter().for_each(claim);
        }
        all
    }

    /// Steps of a scope that changed something, or may have, and that nothing would undo if it were unwound now: those that
    /// say so, and those under way that owe nothing.
    #[must_use]
    pub fn not_owed_within(&self, plan: &Plan, scope: FrameId) -> Vec<Claim> {
        let mut all = self.claims_within(plan, scope);
        all.retain(|claim| !claim.debt.rollback && (claim.debt.irreversible || !claim.debt.restore));
        all
    }

    /// A step has changed something, and owes no rollback.
    pub(super) fn stands(&mut self, step: NodeId) {
        *self.stood.entry(step).or_default() += 1;
    }

    /// What was owed as rollbacks is so no more.
    pub(super) fn pass_by(&mut self, owed: &[Owed]) {
        let mut passed = vec![];
        owed.iter().for_each(|owed| owed.each(&mut |debt| passed.push(debt)));
        let undoable = passed.into_iter().filter(|debt| debt.rollback || debt.irreversible);
        undoable.for_each(|debt| self.stands(debt.node));
    }

    fn is_within(&self, frame: &Frame, scope: FrameId) -> bool {
        let parent = |frame: &&Frame| frame.parent.and_then(|parent| self.frame(parent));
        std::iter::successors(Some(frame), parent).any(|around| around.id == scope)
    }

    fn open_debt(&self, plan: &Plan, step: &Frame) -> Option<Debt> {
        let state = step.as_step()?;
        let parts: Vec<&Frame> = self.frames().filter(|frame| frame.step == Some(step.id)).collect();
        let failed = state.failed || parts.iter().flat_map(|part| &part.slots).any(has_failed);
        self.debt_of(plan, step, &parts, failed)
    }
}
