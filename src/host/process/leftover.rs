//! Finds what outlived a crashed bowline, and makes sure that it is dead.
//!
//! A process is known again by pid, start time and boot; what has moved elsewhere by the mark in
//! its environment.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};

use super::DEATH;
use super::group::{self, Stat};
use crate::event::{EffectId, Process};

/// What the journal recorded of a child.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Short id of the run.
    pub run: String,
    /// The effect that it was started for.
    pub effect: EffectId,
    /// Its process, where the journal has it.
    pub child: Option<Process>,
}

/// How a look for left-over processes ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOver {
    /// Nothing of the effect runs any more, and nothing did.
    Nothing,
    /// These ran (pid and name) and are dead now.
    Killed(String),
    /// These could not be killed.
    Alive(String),
}

/// Looks for processes of an effect that outlived the bowline that started them, stops them (TERM,
/// `grace`, KILL) and waits until they are dead. Blocks; call it before the effect is tried again
/// or undone.
#[must_use]
pub fn find_left_over(recorded: &Recorded, grace: Duration) -> LeftOver {
    let found = look(recorded);
    if found.is_empty() {
        return LeftOver::Nothing;
    }
    for (signal, patience) in [(Signal::TERM, grace), (Signal::KILL, DEATH)] {
        let end = Instant::now() + patience;
        group::signal_each(&look(recorded), signal);
        while Instant::now() < end {
            if look(recorded).is_empty() {
                return LeftOver::Killed(group::names(&found));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    LeftOver::Alive(group::names(&look(recorded)))
}

fn look(recorded: &Recorded) -> Vec<Stat> {
    let mut found = group::marked(&recorded.run, recorded.effect.0);
    if let Some(Process { pid, started, boot }) = &recorded.child
        && *boot == group::boot_id()
        && let Some(group) = i32::try_from(*pid).ok().and_then(Pid::from_raw)
    {
        let known: Vec<u32> = found.iter().map(|stat| stat.pid).collect();
        let members = group::members(group);
        // A group keeps its number as long as it has a member. If its first process is another
        // than ours, the number was given anew and nothing of ours is in it.
        let reused = Stat::of(*pid).is_some_and(|now| now.started != *started);
        found.extend(
            members
                .into_iter()
                .filter(|stat| !reused && !known.contains(&stat.pid) && stat.started >= *started),
        );
    }
    found
}
