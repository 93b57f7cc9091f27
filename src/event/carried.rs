//! What a run did before it was planned anew, where its plan has something else there now.

use super::actor::Actor;
use super::id::FrameId;
use crate::plan::NodeId;
use crate::value::{Value, VarId};

/// How something stands that was done, or begun, under the plan before.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    /// In which frame.
    pub frame: FrameId,
    /// The node; the frame's own node means the frame itself.
    pub node: NodeId,
    /// How.
    pub how: Carry,
    /// What it bound.
    pub values: Vec<(VarId, Value)>,
    /// Whether anything that changes the world was started: then its undo is owed.
    pub started: bool,
    /// Whether the outcome of something in it was unknown.
    pub in_doubt: bool,
    /// Why.
    pub why: String,
    /// Who said so.
    pub by: Actor,
}

/// How it goes on there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carry {
    /// What was done counts as done.
    Keep,
    /// It is done as the plan has it now, from where they differ.
    Again,
    /// A person did the rest by hand.
    Done,
}
