//! How frames and effects are named in a run.

use std::sync::Arc;

/// An instance of a group or loop turn that has begun; numbered in the order begun. The root is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameId(pub u64);

/// An effect that has begun (all its attempts); numbered in the order begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EffectId(pub u64);

/// What tells instances of one node apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// The text of the item of a `for`.
    Item(Arc<str>),
    /// The turn of a `repeat`, the look of a poll, guard or `done when`, the beat of an `every`, from 1.
    Turn(u32),
    /// The step that a rollback or restore undoes, named by the frame it ran in.
    Undo(FrameId),
}
