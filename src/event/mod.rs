//! The shared vocabulary of a run: what happened, as facts, and the state that they fold to.
//!
//! One vocabulary for journal, screen, JSON and replay. Events carry facts, never display policy;
//! secrets are masked before an event exists. The fold is pure and names illegal moves.

mod apply;
mod ballot;
mod choose;
mod debts;
mod effects;
mod enter;
mod fact;
mod frame;
mod injection;
mod kept;
mod leave;
mod owed;
mod resume;
mod state;
mod unwind;
mod vars;
mod waiver;

pub use apply::IllegalMove;
pub use ballot::Ballot;
pub use effects::step_around;
pub use fact::{
    Actor, Attended, Begun, Choice, EffectId, Ending, Event, Fact, Fault, FrameId, Key, OnFailure, Outcome,
    OutputRef, ReplyNote, Settings, Settlement, StoredInput, Undoing, Verdict,
};
pub use frame::{
    Asked, Context, EffectRun, ForState, Frame, GateState, Kind, Open, PollState, Process, Purpose,
    ScopeState, Slot, Status, StepState, UndoState, WatchState,
};
pub use injection::Injection;
pub use kept::{Kept, Place};
pub use owed::{Debt, Lane, Owed, Undoes, Unwind, has_restores};
pub use state::{PassedOver, RunState, Site};
pub use vars::Vars;
pub use waiver::Waiver;
