//! What a frame sees of the values of a run.

use super::{FrameId, RunState};
use crate::value::{Scope, Value, VarId};

/// What a frame sees: its own values, then those around it.
#[derive(Clone, Copy)]
pub struct SeenFrom<'a> {
    state: &'a RunState,
    frame: FrameId,
}

impl Scope for SeenFrom<'_> {
    fn get(&self, var: VarId) -> Option<&Value> {
        self.state.value(self.frame, var)
    }
}

impl RunState {
    /// The values as seen from a frame.
    #[must_use]
    pub fn seen_from(&self, frame: FrameId) -> SeenFrom<'_> {
        SeenFrom { state: self, frame }
    }
}
