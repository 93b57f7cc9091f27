//! Something that counts as passed for so long.

use jiff::Timestamp;

use super::FrameId;
use crate::plan::NodeId;

/// Something that a person waived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// What: an item of a gate, or a check.
    pub node: NodeId,
    /// Until then it counts as passed where it says no again.
    pub until: Timestamp,
    /// Where it was waived.
    pub frame: FrameId,
}
