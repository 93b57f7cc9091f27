//! Which ways on are open where something does not go on by itself.
//!
//! The question at a terminal, `bowline settle` and the report of a run that needs somebody all ask here, so that none
//! offers what another refuses. Knows how a run stands, and what a way back takes along; what becomes of a run by a choice
//! is the transition table's.

use super::decide::{Trouble, TroubleKind};
use super::door::Then;
use crate::event::{Choice, Frame, FrameId, RunState, Settlement};
use crate::plan::{Plan, Role};

/// A way on that a person may choose. Leaving it as it is can be chosen always, and is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Once more.
    Again,
    /// It is done.
    Done,
    /// On without it.
    Skip,
    /// Undo; of what holds: reject.
    Rollback,
    /// What is done stays.
    GiveUp,
}

impl Verb {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Again, Self::Done, Self::Skip, Self::Rollback, Self::GiveUp];

    /// As `bowline settle` takes it.
    #[must_use]
    pub fn option(self) -> &'static str {
        match self {
            Self::Again => "--again",
            Self::Done => "--done WHY",
            Self::Skip => "--skip WHY",
            Self::Rollback => "--rollback",
            Self::GiveUp => "--give-up WHY",
        }
    }

    /// As a question about that kind of trouble offers it.
    #[must_use]
    pub fn word(self, kind: TroubleKind) -> &'static str {
        use TroubleKind::{Cancelled, Failed, Guard, Held, Step, Undo, Unknown};
        match (self, kind) {
            (Self::Again, Failed | Step) => "retry",
            (Self::Again, Held) => "test again",
            (Self::Again, Guard | Cancelled) | (Self::Skip, Failed | Guard | Cancelled | Held) => "go on",
            (Self::Again, Unknown | Undo) => "again",
            (Self::Done, Failed | Guard | Cancelled | Held | Step) => "by hand",
            (Self::Done, Unknown | Undo) => "done",
            (Self::Skip, Unknown | Undo | Step) => "skip",
            (Self::Rollback, Held) => "reject",
            (Self::Rollback, _) => "roll back",
            (Self::GiveUp, _) => "give up",
        }
    }

    /// The one that a settlement says.
    #[must_use]
    pub fn of(how: &Settlement) -> Self {
        match how {
            Settlement::Again => Self::Again,
            Settlement::Done(_) => Self::Done,
            Settlement::Skip(_) => Self::Skip,
            Settlement::Rollback => Self::Rollback,
            Settlement::GiveUp(_) => Self::GiveUp,
        }
    }
}

/// The ways on that are open, in the order in which they are offered.
#[must_use]
pub fn open_verbs(state: &RunState, trouble: &Trouble) -> &'static [Verb] {
    use Verb::{Again, Done, GiveUp, Rollback, Skip};
    let back = state.may_unwind(trouble.site.frame);
    let lost = trouble.lacks.is_some();
    match trouble.kind {
        TroubleKind::Failed if lost && back => &[Done, Skip, Rollback],
        TroubleKind::Failed if lost => &[Done, GiveUp],
        TroubleKind::Undo => &[Again, Done, Skip],
        TroubleKind::Failed | TroubleKind::Unknown if back => &[Again, Done, Skip, Rollback],
        TroubleKind::Failed | TroubleKind::Unknown => &[Again, Done, GiveUp],
        TroubleKind::Held => &[Again, Rollback],
        TroubleKind::Step if back => &[Skip, Done, Rollback],
        TroubleKind::Step => &[Skip, Done, GiveUp],
        TroubleKind::Cancelled if is_undoing(state, trouble) => &[Again],
        TroubleKind::Guard | TroubleKind::Cancelled if back => &[Again, Rollback],
        TroubleKind::Guard | TroubleKind::Cancelled => &[Again, GiveUp],
    }
}

/// The scope that is undone where what failed in a frame is rolled back, and what follows then. An attempt that has no
/// `otherwise` takes with it what stands around it.
pub(super) fn scope_to_undo(plan: &Plan, state: &RunState, frame: FrameId) -> (FrameId, Then) {
    let mut scope = state.scope_of_inner(frame);
    loop {
        let group = state.frame(scope).and_then(|scope| plan.group(scope.node));
        match group.map(|group| &group.role) {
            Some(Role::Attempt { otherwise: Some(_) }) => return (scope, Then::Otherwise),
            Some(Role::Attempt { otherwise: None }) => {
                let around = state.scope_of(scope);
                if around == RunState::ROOT && state.committed {
                    return (scope, Then::Holds);
                }
                scope = around;
            }
            _ => return (scope, Then::Ends),
        }
    }
}

/// The same as words of a question, to leave it as the last.
pub(super) fn offered(state: &RunState, trouble: &Trouble) -> Vec<&'static str> {
    let words = open_verbs(state, trouble).iter().map(|verb| verb.word(trouble.kind));
    let begins = may_begin(trouble).then_some(RUN);
    let mut offered: Vec<_> = begins.into_iter().chain(words).chain([LEAVE]).collect();
    if trouble.kind == TroubleKind::Held {
        offered.insert(1, WAIVE);
    }
    offered
}

/// Whether a choice is one of those that are open.
pub(super) fn is_open(state: &RunState, trouble: &Trouble, choice: &Choice) -> bool {
    let regoes = matches!(trouble.kind, TroubleKind::Guard | TroubleKind::Cancelled);
    let verb = match choice {
        Choice::Leave => return true,
        Choice::Run => return may_begin(trouble),
        Choice::Waive { .. } => return trouble.kind == TroubleKind::Held,
        Choice::Retry => Verb::Again,
        // Nothing is passed over there: a guard is watched anew, the run goes on.
        Choice::GoOn(_) if regoes => Verb::Again,
        Choice::ByHand(_) => Verb::Done,
        Choice::GoOn(_) => Verb::Skip,
        Choice::Rollback => Verb::Rollback,
        Choice::GiveUp(_) => Verb::GiveUp,
    };
    open_verbs(state, trouble).contains(&verb)
}

/// Whether it is a step that is asked about, and that still can be done.
fn may_begin(trouble: &Trouble) -> bool {
    trouble.kind == TroubleKind::Step && trouble.lacks.is_none()
}

/// That a step which is asked about begins.
const RUN: &str = "run";

/// To go on as if what holds had passed; not a way to settle, since it takes an end.
const WAIVE: &str = "waive";

/// To leave it as it is.
const LEAVE: &str = "leave";

fn is_undoing(state: &RunState, trouble: &Trouble) -> bool {
    state.frame(trouble.site.frame).is_some_and(Frame::is_undoing)
}
