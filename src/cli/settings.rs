//! How a run is driven: whether somebody attends it and at which terminal, and what a failure does where nobody decides.

use std::io::IsTerminal;

use super::args::{DriveArgs, OnFailureArg};
use crate::event::{Actor, Attended, OnFailure, Settings};
use crate::host::people::Terminal;

/// The version of this bowline, as it is recorded.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How it is driven; where the command line is silent about a failure, as it was driven before.
pub(super) fn settings(args: &DriveArgs, operator: Actor, before: Option<&Settings>) -> Settings {
    Settings {
        operator,
        attended: attended_by(args),
        on_failure: on_failure(args, before),
        stay: args.stay,
        bowline: VERSION.to_owned(),
        step: args.step,
    }
}

/// Who may answer what comes up: a person, else a file.
pub(super) fn attended_by(args: &DriveArgs) -> Attended {
    match (attended(), &args.answers) {
        (Attended::Nobody, Some(_)) => Attended::File,
        (attended, _) => attended,
    }
}

/// What a failure does when nobody decides.
pub(super) fn on_failure(args: &DriveArgs, before: Option<&Settings>) -> OnFailure {
    match args.on_failure {
        Some(OnFailureArg::Rollback) => OnFailure::Rollback,
        Some(OnFailureArg::Hold) => OnFailure::Hold,
        None => before.map_or(OnFailure::Rollback, |before| before.on_failure),
    }
}

/// Whether somebody is there.
pub(super) fn attended() -> Attended {
    let there = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if there { Attended::Terminal } else { Attended::Nobody }
}

/// Where questions are asked. Nowhere if nobody is there: a run in the background (`nohup`) would be
/// stopped by the terminal that it was started from.
pub(super) fn terminal() -> Option<Terminal> {
    (attended() == Attended::Terminal).then(Terminal::of_process).flatten()
}
