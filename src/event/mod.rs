//! The shared vocabulary of a run: what happened, as facts, and the state that they fold to.
//!
//! One vocabulary for journal, screen, JSON and replay. Events carry facts, never display policy;
//! secrets are masked before an event exists. The fold is pure and names illegal moves.

mod actor;
mod anew;
mod apply;
mod ballot;
mod bindings;
mod carried;
mod choose;
mod debts;
mod effects;
mod enter;
mod fact;
mod frame;
mod frames;
mod id;
mod injection;
mod leave;
mod note;
mod outcome;
mod owed;
mod request;
mod resume;
mod seen;
mod state;
mod unwind;
mod vars;
mod waive;
mod waiver;
mod whole;

pub use apply::IllegalMove;
pub use bindings::{Binding, Bindings};
pub use debts::Claim;
pub use effects::step_around;
pub use fact::{
    Actor, Attended, Begun, Carried, Carry, Choice, EffectId, Ending, Event, Fact, Fault, FrameId, Holder,
    Key, OPERATOR, OnFailure, Outcome, OutputRef, ReplyNote, Settings, Settlement, SourceRef, StoredInput,
    Undoing, Verdict,
};
pub use frame::{
    Asked, Context, EffectRun, ForState, Frame, GateState, Kind, Open, PollState, Process, Purpose,
    ScopeState, Slot, Status, StepState, UndoState, WatchState,
};
pub use injection::Injection;
pub use owed::{Debt, Lane, Owed, Undoes, Unwind, has_restores};
pub use request::Ballot;
pub use seen::SeenFrom;
pub use state::{Late, LeftBehind, PassedOver, RunState, Site};
pub use vars::{Turn, Vars};
pub use waiver::Waiver;
