//! How a process of bowline ends: an interface like any other, documented in `docs/exit-codes.md`, checked by tests.

use super::decide::{Command, decide, standing};
use crate::event::{Ending, Fact, RunState};
use crate::plan::Plan;

/// The end that a run comes to as it stands, with its name; `None` while it is not over. The engine records no other.
#[must_use]
pub fn end_of(plan: &Plan, state: &RunState) -> Option<(Ending, Option<String>)> {
    decide(plan, state).into_iter().find_map(|command| match command {
        Command::Record(Fact::Finished { ending, name }) => Some((ending, name)),
        _ => None,
    })
}

/// Exit codes, of runs and of every other command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ExitCode {
    /// Everything was done, or `end`; or: yes.
    Completed = 0,
    /// Failed or cancelled, and everything owed was undone; or the asked-for "no" of a command that is no run.
    RolledBack = 1,
    /// Bad command line or input value; nothing ran.
    Usage = 2,
    /// The runbook does not check; nothing ran.
    Invalid = 3,
    /// A person must settle something.
    Stuck = 4,
    /// Suspended on an approval, a person or a time; or held by another run.
    Waiting = 5,
    /// Not everything could be or was undone.
    FailedKept = 6,
    /// The journal cannot be written, or a bug.
    Internal = 70,
}

impl ExitCode {
    /// The code of a run as it stands: its end, or stuck, or waiting.
    #[must_use]
    pub fn of(plan: &Plan, state: &RunState) -> Self {
        match &state.finished {
            Some((ending, _)) => Self::of_ending(*ending),
            None if standing(plan, state).stuck.is_empty() => Self::Waiting,
            None => Self::Stuck,
        }
    }

    /// The code of an end.
    #[must_use]
    pub fn of_ending(ending: Ending) -> Self {
        match ending {
            // Of one that was planned anew nothing is left to do: that is another run's now.
            Ending::Completed | Ending::Superseded => Self::Completed,
            Ending::RolledBack => Self::RolledBack,
            Ending::FailedKept => Self::FailedKept,
        }
    }

    /// How a run stands, in a word or two.
    #[must_use]
    pub fn standing(plan: &Plan, state: &RunState) -> &'static str {
        match &state.finished {
            Some((ending, _)) => Self::standing_of(*ending),
            None => Self::of(plan, state).status(),
        }
    }

    /// How a run with that end stands.
    #[must_use]
    pub fn standing_of(ending: Ending) -> &'static str {
        if ending == Ending::Superseded { "superseded" } else { Self::of_ending(ending).status() }
    }

    /// How a run with that code stands, in a word or two.
    #[must_use]
    pub fn status(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::RolledBack => "rolled back",
            Self::Stuck => "stuck",
            Self::Waiting => "waiting",
            Self::FailedKept => "failed, kept",
            Self::Usage | Self::Invalid | Self::Internal => "broken",
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(u8::from(code))
    }
}

impl From<ExitCode> for u8 {
    fn from(code: ExitCode) -> Self {
        code as Self
    }
}
