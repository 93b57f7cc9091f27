//! What other views take from the fold.

use super::Live;
use crate::event::FrameId;

impl Live {
    /// What is written over an active frame, and how deep it stands; `None` for plumbing.
    pub(crate) fn heading_of(&self, frame: FrameId) -> Option<(&str, usize)> {
        let place = self.frames.get(&frame)?;
        place.heading.as_deref().map(|heading| (heading, place.depth))
    }

    /// How deep what stands in an active frame is.
    pub(crate) fn depth_in(&self, frame: FrameId) -> usize {
        self.inside(frame)
    }
}
