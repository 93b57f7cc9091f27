//! Process groups and `/proc`: what a process is, when it started, whom a signal reaches.
//!
//! Knows the kernel's files only; decides nothing about runs.

use rustix::process::{Pid, PidfdFlags, Signal};

/// A process as `/proc/PID/stat` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stat {
    pub pid: u32,
    /// The name of its program, at most 15 bytes.
    pub name: String,
    /// `Z` is one that has ended and is not yet reaped.
    pub state: char,
    pub parent: u32,
    pub group: u32,
    /// Clock ticks since boot.
    pub started: u64,
}

impl Stat {
    /// Reads it; `None` where there is no such process.
    pub(super) fn of(pid: u32) -> Option<Self> {
        let bytes = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
        Self::parse(pid, &String::from_utf8_lossy(&bytes))
    }

    /// The name stands in brackets and may hold anything, brackets too.
    fn parse(pid: u32, stat: &str) -> Option<Self> {
        let (before, after) = stat.rsplit_once(')')?;
        let (_, name) = before.split_once('(')?;
        let fields: Vec<&str> = after.split_whitespace().collect();
        let field = |number: usize| fields.get(number - 3).copied();
        Some(Self {
            pid,
            name: name.to_owned(),
            state: field(3)?.chars().next()?,
            parent: field(4)?.parse().ok()?,
            group: field(5)?.parse().ok()?,
            started: field(22)?.parse().ok()?,
        })
    }

    pub(super) fn is_alive(&self) -> bool {
        !matches!(self.state, 'Z' | 'X')
    }
}

/// Start of a process in clock ticks since boot; 0 where it is gone.
pub(super) fn started(pid: u32) -> u64 {
    Stat::of(pid).map_or(0, |stat| stat.started)
}

/// Names this boot of the machine.
pub(super) fn boot_id() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

/// Sends a signal to a whole group; a group that is gone is fine.
pub(super) fn signal(group: Pid, signal: Signal) {
    let _ = rustix::process::kill_process_group(group, signal);
}

/// Whether a group has no process, those included that have ended and wait to be reaped.
pub(super) fn is_empty(group: Pid) -> bool {
    rustix::process::test_kill_process_group(group) == Err(rustix::io::Errno::SRCH)
}

/// Every process but ourselves.
pub(super) fn everyone() -> impl Iterator<Item = u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.filter(|pid| *pid != std::process::id())
}

/// Sends a signal to single processes, each only if it is still the one that was seen.
pub(super) fn signal_each(processes: &[Stat], signal: Signal) {
    for seen in processes {
        let pid = i32::try_from(seen.pid).ok().and_then(Pid::from_raw);
        // The descriptor stays that of one process, whoever is given its number.
        let held = pid.and_then(|pid| rustix::process::pidfd_open(pid, PidfdFlags::empty()).ok());
        let same = || Stat::of(seen.pid).is_some_and(|now| now.started == seen.started);
        if let Some(process) = held.filter(|_| same()) {
            let _ = rustix::process::pidfd_send_signal(&process, signal);
        }
    }
}

/// `4711 sleep, 4712 sh` for messages.
pub(super) fn names(processes: &[Stat]) -> String {
    let named: Vec<_> = processes.iter().map(|stat| format!("{} {}", stat.pid, stat.name)).collect();
    named.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_and_spaces_is_read() {
        let stat = "12 (a) b (c) S 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 9876 1 2";
        let expected =
            Stat { pid: 12, name: "a) b (c".into(), state: 'S', parent: 1, group: 7, started: 9876 };
        assert_eq!(Stat::parse(12, stat), Some(expected));
    }

    #[test]
    fn a_torn_stat_is_nothing() {
        assert_eq!(Stat::parse(1, "1 (x"), None);
        assert_eq!(Stat::parse(1, "1 (x) S 1"), None);
    }

    #[test]
    fn we_are_alive_and_started() {
        assert!(started(std::process::id()) > 0);
        assert!(!boot_id().is_empty());
    }
}
