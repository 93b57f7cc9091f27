//! What a run came to under the plan that it had: how its frames ended, what it touched, what stands open.

use std::collections::{HashMap, HashSet};

use super::words::NotCarried;
use crate::event::{EffectId, Event, Fact, FrameId, Key, Outcome, RunState, Site, Status, Verdict};
use crate::plan::{NodeId, Plan};
use crate::value::VarId;

/// What a step set going.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SetGoing {
    /// Something that changes the world, and that did not fail clean.
    pub(super) started: bool,
    /// Something whose outcome was unknown.
    pub(super) in_doubt: bool,
}

/// A run, looked back at.
#[derive(Default)]
pub(super) struct History {
    /// As it stands.
    pub(super) last: RunState,
    /// How frames ended.
    pub(super) ends: HashMap<FrameId, Verdict>,
    /// Nodes that were come to.
    pub(super) touched: HashSet<NodeId>,
    /// What steps set going, by their frames.
    set_going: HashMap<FrameId, SetGoing>,
    /// What binds each variable.
    binders: HashMap<VarId, Vec<NodeId>>,
    /// The undos that began, by the frame of their step.
    pub(super) undos: HashMap<FrameId, Vec<FrameId>>,
}

impl History {
    pub(super) fn of(plan: &Plan, events: &[Event]) -> Result<Self, NotCarried> {
        let mut history = Self { binders: binders(plan), ..Self::default() };
        for event in events {
            history.before(plan, &event.fact);
            let applied = history.last.apply(plan, event);
            applied.map_err(|error| NotCarried { place: plan.title.clone(), why: error.to_string() })?;
        }
        let steps: Vec<FrameId> =
            history.last.frames().filter(|frame| frame.as_step().is_some()).map(|frame| frame.id).collect();
        for step in steps {
            let going = history.going(plan, step);
            history.set_going.insert(step, going);
        }
        Ok(history)
    }

    fn before(&mut self, plan: &Plan, fact: &Fact) {
        match fact {
            Fact::Entered { frame, node, key, .. } => {
                self.touched.insert(*node);
                if let Some(Key::Undo(step)) = key {
                    self.undos.entry(*step).or_default().push(*frame);
                }
            }
            Fact::Left { frame, verdict } => {
                self.ends.insert(*frame, verdict.clone());
                let going = self.going(plan, *frame);
                self.set_going.insert(*frame, going);
            }
            Fact::Began(begun) => _ = self.touched.insert(begun.node),
            Fact::Bound { var, .. } => {
                self.touched.extend(self.binders.get(var).into_iter().flatten().copied());
            }
            Fact::Failed { node, .. } | Fact::Committed { node, .. } | Fact::Concluded { node, .. } => {
                self.touched.insert(*node);
            }
            _ => {}
        }
    }

    fn going(&self, plan: &Plan, step: FrameId) -> SetGoing {
        let Some(frame) = self.last.frame(step) else { return SetGoing::default() };
        let Some(state) = frame.as_step() else { return SetGoing::default() };
        let parts = self.last.frames().filter(|part| part.step == Some(step)).flat_map(|part| &part.slots);
        let mut going = SetGoing { started: state.dirty, in_doubt: state.doubt };
        for run in
            parts.filter_map(|slot| slot.effect()).filter(|run| plan.is_owed_for(frame.node, run.class))
        {
            going.started |= !run.clean || run.status == Status::Running;
            going.in_doubt |= matches!(run.status, Status::Running | Status::Failed(Outcome::Unknown));
        }
        going
    }

    /// What a step set going.
    pub(super) fn set_going(&self, step: FrameId) -> SetGoing {
        self.set_going.get(&step).copied().unwrap_or_default()
    }

    /// Whether a frame ended as it should.
    pub(super) fn is_done(&self, frame: FrameId) -> bool {
        matches!(self.ends.get(&frame), Some(Verdict::Passed | Verdict::InPlace))
    }

    /// Whether an effect is not over, or failed and nobody has decided.
    pub(super) fn is_open(&self, effect: EffectId) -> bool {
        self.last.site(effect).is_some()
    }

    /// Whether something stands open at a place.
    pub(super) fn stands_open(&self, site: Site) -> bool {
        self.last.slot(site).is_some()
    }

    /// Whether a scope of the run has failed: it is undone, or about to be.
    pub(super) fn is_failing(&self) -> bool {
        self.last.frames().any(|frame| frame.failing.is_some() && !frame.unwound || frame.is_undoing())
            || self.last.root().is_some_and(|root| root.failing.is_some())
    }

    /// Whether the undo of the step that ran in a frame has begun.
    pub(super) fn undo_began(&self, step: FrameId) -> bool {
        self.undos.contains_key(&step)
    }

    /// Whether it is wholly undone.
    pub(super) fn is_undone(&self, step: FrameId) -> bool {
        self.undos.get(&step).is_some_and(|undos| undos.iter().all(|undo| self.is_done(*undo)))
    }
}

fn binders(plan: &Plan) -> HashMap<VarId, Vec<NodeId>> {
    let mut binders: HashMap<VarId, Vec<NodeId>> = HashMap::new();
    for (id, node) in (0..).map(NodeId).zip(&plan.nodes) {
        node.binds(&mut |var| binders.entry(var).or_default().push(id));
    }
    binders
}
