//! Who drives a run or says something in it, and what is to be done where nobody is there.

/// The role of whoever drives a run; it is held by that person without being given.
pub const OPERATOR: &str = "operator";

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The local user, or whom `--as` named.
    pub name: String,
    /// Whether the words came from an answers file.
    pub from_file: bool,
}

/// Whether somebody is there to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attended {
    /// A person at a terminal.
    Terminal,
    /// Nobody, but a file that may hold the answer.
    File,
    /// Nobody.
    Nobody,
}

/// What happens on a failure when nobody decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFailure {
    /// Undo.
    Rollback,
    /// Leave everything as it is, resumable.
    Hold,
}

/// How a run was started or resumed.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Who drives it.
    pub operator: Actor,
    /// Whether somebody is there.
    pub attended: Attended,
    /// What happens on a failure when nobody decides.
    pub on_failure: OnFailure,
    /// Keeps waiting in the process however long it takes.
    pub stay: bool,
    /// The version of the bowline that drives it.
    pub bowline: String,
    /// Asks before each step.
    pub step: bool,
}
