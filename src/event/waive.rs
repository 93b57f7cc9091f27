//! Waiving: what holds counts as passed, because a person says so, for a reason and for so long.

use jiff::Timestamp;

use super::apply::Move;
use super::{Fault, Kind, Open, RunState, Site, Slot, Status, Waiver};
use crate::plan::{NodeId, Plan};
use crate::value::Value;

impl RunState {
    /// The waiver of a node that holds now.
    #[must_use]
    pub fn waiver(&self, node: NodeId) -> Option<&Waiver> {
        self.waivers.iter().rev().find(|waiver| waiver.node == node && self.now < waiver.until)
    }

    /// Only what holds is waived; the items of a gate that did not pass, all at once.
    pub(super) fn waive(&mut self, plan: &Plan, site: Site, until: Timestamp) -> Move {
        if until <= self.now {
            return Err("the time of the waiver is over".into());
        }
        let frame = self.get(site.frame)?;
        let holds = |slot: &Slot| matches!(slot.fault, Some((Fault::Inconclusive, _)));
        if !frame.slot(site.node).is_some_and(holds) {
            return Err("only what holds is waived".into());
        }
        let gate = frame.node == site.node && matches!(frame.kind, Kind::Gate(_));
        frame.close(site.node);
        let noes: Vec<NodeId> = if gate {
            frame.slots.iter().filter(|slot| is_no(slot)).map(|slot| slot.node).collect()
        } else {
            vec![site.node]
        };
        self.waivers.extend(noes.into_iter().map(|node| Waiver { node, until, frame: site.frame }));
        match plan.verdict_var(site.node).filter(|_| !gate) {
            Some(var) => self.set_var(site.frame, var, Value::Bool(true)),
            None => Ok(()),
        }
    }
}

/// Whether an item of a gate was evaluated and did not pass.
fn is_no(slot: &Slot) -> bool {
    match &slot.open {
        Open::Nothing => true,
        Open::Effect(run) => matches!(run.status, Status::Failed(_)),
        _ => false,
    }
}
