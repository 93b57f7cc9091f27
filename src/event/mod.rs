//! The shared vocabulary of a run: what happened, as facts, and the state that they fold to.
//!
//! One vocabulary for journal, screen, JSON and replay. Events carry facts, never display policy;
//! secrets are masked before an event exists. The fold is pure and names illegal moves.

mod fact;

pub use fact::{
    Actor, Attended, Begun, Choice, EffectId, Ending, Event, Fact, Fault, FrameId, Key, OnFailure, Outcome,
    OutputRef, ReplyNote, Settings, Settlement, StoredInput, Undoing, Verdict,
};
