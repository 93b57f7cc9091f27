//! A run goes on under another plan: what was done under the plan before takes its place in the state.

use super::apply::Move;
use super::{Carried, Carry, FrameId, Kind, LeftBehind, Open, PassedOver, RunState, Slot};
use crate::plan::{NodeId, Plan};

impl RunState {
    pub(super) fn carried(&mut self, plan: &Plan, carried: &Carried) -> Move {
        let Carried { frame, node, how, values, started, in_doubt, why, by: _ } = carried;
        if self.get(*frame)?.node != *node {
            return self.opened_again(plan, *frame, *node);
        }
        for (var, value) in values {
            self.set_var(*frame, *var, value.clone())?;
        }
        if let Kind::Step(step) = &mut self.get(*frame)?.kind {
            step.dirty |= started;
            step.doubt |= in_doubt;
        }
        if *how == Carry::Done {
            self.passed_over.push(PassedOver { node: *node, why: why.clone(), by_hand: true });
        }
        Ok(())
    }

    pub(super) fn left_behind(&mut self, what: &str, why: &str) {
        self.left_behind.push(LeftBehind { what: what.to_owned(), why: why.to_owned() });
    }

    /// A child among others that began after it is to begin once more.
    fn opened_again(&mut self, plan: &Plan, frame: FrameId, node: NodeId) -> Move {
        let index = self.advance(plan, frame, node)?;
        self.get(frame)?.slots.push(Slot::new(node, index, Open::Again));
        Ok(())
    }
}
