//! How things end: effects, checks and gates, runs; and what a person says of what has no end yet.

use jiff::Timestamp;

/// What went wrong at a node that is no effect of its own, or that needs no further question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Something did not hold or could not be computed: a question, then the policy.
    Failed,
    /// `fail`, a rejection, a "no": a decision already, what is owed is undone.
    Decided,
    /// A look that gave no answer.
    Inconclusive,
}

/// How an attempt of an effect ended (ENGINE.md, "Outcomes of an effect").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As expected.
    Done,
    /// It certainly changed nothing.
    FailedClean,
    /// It may have done part of its work.
    Failed,
    /// Nobody knows.
    Unknown,
    /// Nobody knows, and its program could not be ended: it may be at work still.
    Alive,
    /// A look that gave no answer.
    Inconclusive,
}

impl Outcome {
    /// What people read of it.
    #[must_use]
    pub const fn told(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::FailedClean => "failed, nothing was changed",
            Self::Failed => "failed",
            Self::Unknown | Self::Alive => "outcome unknown",
            Self::Inconclusive => "no answer",
        }
    }
}

/// How a group ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything in it is done.
    Passed,
    /// Its `done when` held before it began: nothing was done, nothing is owed.
    InPlace,
    /// It failed; the words say why.
    Failed(String),
    /// A look gave no answer.
    Inconclusive(String),
    /// It was stopped (cancel, a failed sibling, a broken guard, `end`).
    Stopped,
}

/// How a person settled what was in doubt (`bowline settle`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// Do it again.
    Again,
    /// It is done.
    Done(String),
    /// Leave it undone.
    Skip(String),
    /// Start unwinding.
    Rollback,
    /// After commit: what is done stays.
    GiveUp(String),
}

/// The ends of a run (ENGINE.md, "Ends and exit codes"); waiting is no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Exit 0.
    Completed,
    /// Exit 1.
    RolledBack,
    /// Exit 6.
    FailedKept,
    /// It was planned anew: another run goes on from here.
    Superseded,
}

/// How it goes on after a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The failed effect again.
    Retry,
    /// A person did it by hand.
    ByHand(String),
    /// On without it, with a reason.
    GoOn(String),
    /// Undo; of a gate or check that holds: reject.
    Rollback,
    /// Of a gate or check that holds: on without what it asks, for a reason, for so long.
    Waive {
        /// Why.
        why: String,
        /// Until then what was waived counts as passed wherever the run asks for it again.
        until: Timestamp,
    },
    /// Leave it as it is, resumable.
    Leave,
    /// After commit: what is done stays.
    GiveUp(String),
    /// Of a step that is asked about before it begins: it begins.
    Run,
}

impl Choice {
    /// The reason that it was given, where it takes one.
    #[must_use]
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::ByHand(why) | Self::GoOn(why) | Self::GiveUp(why) | Self::Waive { why, .. } => Some(why),
            Self::Retry | Self::Rollback | Self::Leave | Self::Run => None,
        }
    }
}
