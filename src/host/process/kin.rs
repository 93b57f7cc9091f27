//! Who belongs to an effect, wherever it has moved.
//!
//! A process is found by its group, by a mark that children inherit, and by its parents. The mark stands twice: in the
//! environment, and in a resource limit. A program with a cleared environment in a session of its own still has that.
//!
//! Knows the kernel's files only; decides nothing about runs.

use std::collections::HashSet;

use rustix::process::{Pid, Signal};
use sha2::{Digest, Sha256};

use super::group::{self, Stat};
use crate::event::EffectId;

/// Bits of the limit that hold the number of the effect.
const EFFECT_BITS: u32 = 24;

/// Bits of the limit that hold the run.
const RUN_BITS: u32 = 38;

/// Marks all that was started for one effect of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    variables: [String; 2],
    limit: u64,
}

impl Mark {
    /// The mark of an effect of the run with that short id.
    pub(super) fn new(run: &str, effect: EffectId) -> Self {
        let number = effect.0 & ((1 << EFFECT_BITS) - 1);
        let variables = [format!("BOWLINE_RUN={run}"), format!("BOWLINE_EFFECT={}", effect.0)];
        Self { variables, limit: run_limit(run) | number }
    }

    /// What `RLIMIT_RTTIME` is set to: microseconds that a real-time program may run without a pause. It comes to more
    /// than 100,000 years, so it limits nothing.
    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// The environment of another user's process cannot be read, its limits can.
    fn is_on(&self, pid: u32) -> bool {
        limit_of(pid) == Some(self.limit) || self.is_in_environment(pid)
    }

    fn is_in_environment(&self, pid: u32) -> bool {
        let Ok(environ) = std::fs::read(format!("/proc/{pid}/environ")) else { return false };
        let has = |wanted: &String| environ.split(|byte| *byte == 0).any(|found| found == wanted.as_bytes());
        self.variables.iter().all(has)
    }
}

/// The part of the limit that all effects of a run have.
fn run_limit(run: &str) -> u64 {
    let digest = Sha256::digest(run);
    let number = digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
    1 << (RUN_BITS + EFFECT_BITS) | (number & ((1 << RUN_BITS) - 1)) << EFFECT_BITS
}

/// The soft limit of real time of a process, one that has ended and is not reaped included.
fn limit_of(pid: u32) -> Option<u64> {
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max realtime timeout"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Whether a process carries the mark of any effect of that run.
pub(super) fn is_of_run(run: &str, pid: u32) -> bool {
    limit_of(pid).is_some_and(|limit| limit >> EFFECT_BITS == run_limit(run) >> EFFECT_BITS)
}

/// The processes of an effect.
#[derive(Clone, Debug)]
pub(super) struct Kin {
    pub mark: Mark,
    /// The group that its first process made.
    pub group: Option<Pid>,
    /// No member of the group is older, in clock ticks since boot; 0 where the group is certainly ours.
    pub since: u64,
}

impl Kin {
    /// Those that live. Looks at every process of the machine.
    pub(super) fn living(&self) -> Vec<Stat> {
        self.found(|stat| self.mark.is_on(stat.pid))
    }

    /// As [`Self::living`], but of what has left the group only what is our own child by now. Much cheaper.
    pub(super) fn left_behind(&self) -> Vec<Stat> {
        let us = std::process::id();
        self.found(|stat| stat.parent == us && self.mark.is_on(stat.pid))
    }

    fn found(&self, is_marked: impl Fn(&Stat) -> bool) -> Vec<Stat> {
        let all: Vec<Stat> = group::everyone().filter_map(Stat::of).filter(Stat::is_alive).collect();
        let first = all.iter().filter(|stat| self.is_member(stat) || is_marked(stat));
        let found = with_descendants(&all, first.map(|stat| stat.pid).collect());
        all.into_iter().filter(|stat| found.contains(&stat.pid)).collect()
    }

    fn is_member(&self, stat: &Stat) -> bool {
        let group = self.group.map(|group| group.as_raw_nonzero().get().unsigned_abs());
        Some(stat.group) == group && stat.started >= self.since
    }

    /// Sends a signal to all of them.
    pub(super) fn signal(&self, signal: Signal) {
        self.signal_group(signal);
        let outside: Vec<Stat> =
            self.living().into_iter().filter(|stat| self.since > 0 || !self.is_member(stat)).collect();
        group::signal_each(&outside, signal);
    }

    /// Sends a signal to the group alone: all at once, so that none of a pipeline sees another end. Where the group is
    /// known from a record only, its number may be another's by now; its members are told one by one.
    pub(super) fn signal_group(&self, signal: Signal) {
        if let Some(group) = self.group.filter(|_| self.since == 0) {
            group::signal(group, signal);
        }
    }

    /// Whether none of them lives, and none of the group waits to be reaped.
    pub(super) fn is_gone(&self) -> bool {
        self.group.is_none_or(group::is_empty) && self.living().is_empty()
    }
}

fn with_descendants(all: &[Stat], mut found: HashSet<u32>) -> HashSet<u32> {
    loop {
        let children = all.iter().filter(|stat| found.contains(&stat.parent)).map(|stat| stat.pid);
        let children: Vec<u32> = children.filter(|pid| !found.contains(pid)).collect();
        if children.is_empty() {
            return found;
        }
        found.extend(children);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_and_runs_have_limits_of_their_own() {
        let marks = [("a", 1), ("a", 2), ("b", 1)].map(|(run, effect)| Mark::new(run, EffectId(effect)));
        let limits: HashSet<u64> = marks.iter().map(Mark::limit).collect();
        assert_eq!(limits.len(), 3);
        assert!(limits.iter().all(|limit| (1 << 62..1 << 63).contains(limit)), "{limits:?}");
        assert_eq!(marks[0].limit() >> EFFECT_BITS, marks[1].limit() >> EFFECT_BITS);
    }

    #[test]
    fn descendants_are_found_in_any_order() {
        let stat =
            |pid, parent| Stat { pid, name: String::new(), state: 'S', parent, group: pid, started: 1 };
        let all = [stat(5, 4), stat(4, 3), stat(3, 1), stat(9, 1)];
        let found = with_descendants(&all, HashSet::from([3]));
        assert_eq!(found, HashSet::from([3, 4, 5]));
    }

    #[test]
    fn the_limit_of_this_process_is_read_and_is_no_mark() {
        assert!(!is_of_run("run", std::process::id()));
        assert_eq!(limit_of(u32::MAX), None);
    }
}
