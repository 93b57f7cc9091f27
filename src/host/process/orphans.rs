//! What a program leaves behind becomes a child of ours, so that it stays in sight.
//!
//! Whoever waits for a child of his own must find it: only what carries the mark of this run and is none of the
//! programs that run is reaped here.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, WaitId, WaitIdOptions, WaitOptions};

use super::group::{self, Stat};
use super::kin;

/// From now on orphans of this process' programs are given to it, and not to the first process of the machine.
pub(super) fn adopt() {
    // Where the system refuses, orphans are still found by their mark.
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
}

/// Whether this process has no child at all, adopted or not.
pub(super) fn are_none() -> bool {
    ended() == Err(rustix::io::Errno::CHILD)
}

/// Whether some child has ended and is not reaped.
fn ended() -> rustix::io::Result<bool> {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    rustix::process::waitid(WaitId::All, options).map(|status| status.is_some())
}

/// Children of a run that somebody waits for on a thread of their own.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Awaited(Arc<Mutex<Vec<Pid>>>);

impl Awaited {
    /// The list. While it is held nothing is reaped: whoever starts such a child holds it until the child is on it.
    pub(super) fn list(&self) -> MutexGuard<'_, Vec<Pid>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reaps what was adopted and has ended; `known` are the programs of the run.
pub(super) fn reap(run: &str, known: &[Pid]) {
    if ended() != Ok(true) {
        return;
    }
    let us = std::process::id();
    let adopted = |stat: &Stat| stat.parent == us && stat.state == 'Z' && kin::is_of_run(run, stat.pid);
    for stat in group::everyone().filter_map(Stat::of).filter(adopted) {
        let pid = i32::try_from(stat.pid).ok().and_then(Pid::from_raw);
        if let Some(pid) = pid.filter(|pid| !known.contains(pid)) {
            let _ = rustix::process::waitpid(Some(pid), WaitOptions::NOHANG);
        }
    }
}
