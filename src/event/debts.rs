//! What a run still owes, wherever it stands: in scopes, in an unwinding, in steps that are not over.

use super::leave::has_failed;
use super::{Debt, Frame, RunState, Undoing};
use crate::plan::Plan;

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
            all.extend(unwinding.flat_map(super::Unwind::outstanding).cloned());
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
