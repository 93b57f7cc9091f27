//! Programs without a shell: started, read, limited, stopped as a whole, and found after a crash.
//!
//! Knows processes, pipes and `/proc`; knows nothing of plans or of why a program runs. Linux only:
//! it stands on pidfds and on the parent-death signal.

mod birth;
mod child;
mod command;
mod group;
mod kin;
mod leftover;
mod orphans;
mod output;
mod programs;
pub(super) mod terminal;
mod watch;

use std::path::PathBuf;
use std::time::Duration;

use rustix::process::WaitIdStatus;

use super::mask::Mask;
use super::shown;
use super::surroundings::Surroundings;
use super::target::Aim;
use crate::event::EffectId;
use crate::run::{Failure, Program};

pub use birth::keep_statuses;
pub(super) use birth::with_signals_blocked;
pub use leftover::{LeftOver, Recorded, find_left_over};
pub use output::output_name;
pub(super) use programs::Programs;
pub(super) use watch::Watch;

/// How long KILL may take before what is left is reported as alive.
const DEATH: Duration = Duration::from_secs(2);

/// Where somebody else took the status of a program of ours.
const UNKNOWN_END: &str = "it has ended, and with what status is not known: the system does not say";

/// What the processes of a run have in common.
#[derive(Clone, Debug)]
pub(super) struct Setup {
    pub around: Surroundings,
    /// Folder of the run's outputs; made when needed.
    pub outputs: PathBuf,
    /// Time between TERM and KILL.
    pub grace: Duration,
    pub mask: Mask,
}

/// A program to start.
pub(super) struct Job {
    pub effect: EffectId,
    pub address: String,
    pub timeout: Option<Duration>,
    pub program: Program,
    /// Where it runs, if not here.
    pub aim: Option<Aim>,
}

/// Its exit code, as a shell has it where a signal ended it.
fn exit_code(status: &WaitIdStatus) -> i32 {
    status.exit_status().unwrap_or_else(|| 128 + status.terminating_signal().unwrap_or_default())
}

/// Why and how a program was stopped, in words; `killed` is the grace that it did not use.
fn how_stopped(why: Failure, timeout: Option<Duration>, killed: Option<Duration>) -> String {
    let why = match (why, timeout) {
        (Failure::TimedOut, Some(timeout)) => format!("timed out after {}", shown(timeout)),
        _ => "stopped".to_owned(),
    };
    match killed {
        None => format!("{why}; it ended on TERM"),
        Some(grace) => format!("{why}; it did not end within {} of TERM and was killed", shown(grace)),
    }
}

/// What a program left running, for people.
fn runs_on(left: &[group::Stat]) -> String {
    format!("still running in the background: {}", group::names(left))
}

/// What did not die, for the end of a message.
fn still_alive(left: &[group::Stat]) -> String {
    if left.is_empty() {
        return String::new();
    }
    format!("; still alive, to be ended by hand: {}", group::names(left))
}

#[cfg(test)]
mod tests;
