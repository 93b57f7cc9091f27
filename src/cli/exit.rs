//! Exit codes: an interface like any other, documented in `docs/exit-codes.md`, checked by tests.

use std::process::ExitCode;

/// How a command ended (ENGINE.md, "Ends and exit codes"; EXPERIENCE.md for the others).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything was done; or: yes.
    Completed = 0,
    /// Failed or cancelled, and everything owed was undone; or the asked-for "no" (`fmt --check`).
    RolledBack = 1,
    /// Bad command line or input value; nothing ran.
    Usage = 2,
    /// The runbook does not check; nothing ran.
    Invalid = 3,
    /// A person must act.
    Stuck = 4,
    /// Suspended on an approval, a person or a time; or held by another run.
    Waiting = 5,
    /// Not everything could be or was undone; the report lists it.
    FailedKept = 6,
    /// The journal cannot be written, or a bug.
    Internal = 70,
}

impl Exit {
    /// The asked-for "no" of a command that is no run.
    pub const NO: Self = Self::RolledBack;
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
