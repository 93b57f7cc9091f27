//! Finds what outlived a crashed bowline, and makes sure that it is dead.
//!
//! A process is known again by pid, start time and boot; what has moved elsewhere by its mark.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};

use super::DEATH;
use super::group::{self, Stat};
use super::kin::{Kin, Mark};
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
    let found = kin(recorded).living();
    if found.is_empty() {
        return LeftOver::Nothing;
    }
    for (signal, patience) in [(Signal::TERM, grace), (Signal::KILL, DEATH)] {
        let end = Instant::now() + patience;
        kin(recorded).signal(signal);
        while Instant::now() < end {
            if kin(recorded).living().is_empty() {
                return LeftOver::Killed(group::names(&found));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    LeftOver::Alive(group::names(&kin(recorded).living()))
}

/// A group keeps its number as long as it has a member. If its first process is another than ours, the number was
/// given anew and nothing of ours is in it.
fn kin(recorded: &Recorded) -> Kin {
    let mark = Mark::new(&recorded.run, recorded.effect);
    let ours = recorded.child.as_ref().filter(|child| {
        let reused = Stat::of(child.pid).is_some_and(|now| now.started != child.started);
        child.boot == group::boot_id() && !reused
    });
    let since = ours.map_or(0, |child| child.started);
    let group = ours.and_then(|child| i32::try_from(child.pid).ok()).and_then(Pid::from_raw);
    Kin { mark, group, since }
}
