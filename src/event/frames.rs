//! What a frame is and what is open in it, asked of it.

use super::{Frame, FrameId, Kind, ScopeState, Slot, StepState, Unwind};
use crate::plan::NodeId;

impl Frame {
    /// The open child at a node.
    #[must_use]
    pub fn slot(&self, node: NodeId) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.node == node)
    }

    pub(super) fn slot_mut(&mut self, node: NodeId) -> Option<&mut Slot> {
        self.slots.iter_mut().find(|slot| slot.node == node)
    }

    pub(super) fn close(&mut self, node: NodeId) {
        self.slots.retain(|slot| slot.node != node);
    }

    /// The step's state, if it is one.
    #[must_use]
    pub fn as_step(&self) -> Option<&StepState> {
        match &self.kind {
            Kind::Step(step) => Some(step),
            _ => None,
        }
    }

    pub(super) fn as_step_mut(&mut self) -> Option<&mut StepState> {
        match &mut self.kind {
            Kind::Step(step) => Some(step),
            _ => None,
        }
    }

    /// The state of a run, phase, call or attempt.
    #[must_use]
    pub fn as_scope(&self) -> Option<&ScopeState> {
        match &self.kind {
            Kind::Scope(scope) => Some(scope),
            _ => None,
        }
    }

    pub(super) fn as_scope_mut(&mut self) -> Option<&mut ScopeState> {
        match &mut self.kind {
            Kind::Scope(scope) => Some(scope),
            _ => None,
        }
    }

    /// Frames directly below it, whatever they are for.
    #[must_use]
    pub fn kids(&self) -> Vec<FrameId> {
        let mut kids: Vec<FrameId> = self.slots.iter().filter_map(Slot::frame).collect();
        match &self.kind {
            Kind::Scope(scope) => {
                kids.extend(scope.watches.iter().filter_map(|watch| watch.frame));
                kids.extend(scope.handler);
            }
            Kind::Step(step) => kids.extend(step.looking),
            Kind::Undo(undo) => kids.extend(undo.looking),
            _ => {}
        }
        kids.extend(self.unwind.iter().flat_map(Unwind::frames));
        kids
    }
}
