//! How a process of bowline ends (ENGINE.md, "Ends and exit codes").

use super::decide::standing;
use crate::event::{Ending, RunState};
use crate::plan::Plan;

/// Exit codes; part of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ExitCode {
    /// Everything was done, or `end`.
    Completed = 0,
    /// Failed or cancelled; everything owed was undone.
    RolledBack = 1,
    /// Bad command line or input value; nothing ran.
    Usage = 2,
    /// The runbook does not check; nothing ran.
    Invalid = 3,
    /// A person must settle something.
    Stuck = 4,
    /// Suspended on a person or a time.
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
            Some((Ending::Completed, _)) => Self::Completed,
            Some((Ending::RolledBack, _)) => Self::RolledBack,
            Some((Ending::FailedKept, _)) => Self::FailedKept,
            None if standing(plan, state).stuck.is_empty() => Self::Waiting,
            None => Self::Stuck,
        }
    }
}

impl From<ExitCode> for u8 {
    fn from(code: ExitCode) -> Self {
        code as Self
    }
}
