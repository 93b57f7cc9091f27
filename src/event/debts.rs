//! What a run still owes, wherever it stands: in scopes, in an unwinding, in steps that are not over.

use std::sync::Arc;

use super::leave::has_failed;
use super::{Debt, Frame, RunState, Turn, Undoing, Unwind, Vars};
use crate::plan::Plan;

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

impl RunState {
    /// The rollbacks and restores that are owed and not wholly done, in no particular order. Of a step that
    /// is not over, what it would owe if it ended so.
    #[must_use]
    pub fn owed(&self, plan: &Plan) -> Vec<Debt> {
        let mut all = vec![];
        for frame in self.frames() {
            let lists = frame.branches.iter().flat_map(|(_, owed)| owed).chain(&frame.owed);
            lists.for_each(|owed| owed.each(&mut |debt| all.push(debt.clone())));
            let unwinding = frame.unwind.iter().filter(|unwind| unwind.what == Undoing::All);
            all.extend(unwinding.flat_map(Unwind::outstanding).cloned());
            all.extend(self.open_debt(plan, frame));
        }
        all.retain(|debt| debt.rollback || debt.restore);
        all
    }

    fn open_debt(&self, plan: &Plan, step: &Frame) -> Option<Debt> {
        let state = step.as_step()?;
        let parts: Vec<&Frame> = self.frames().filter(|frame| frame.step == Some(step.id)).collect();
        let failed = state.failed || parts.iter().flat_map(|part| &part.slots).any(has_failed);
        self.debt_of(plan, step, &parts, failed)
    }
}
