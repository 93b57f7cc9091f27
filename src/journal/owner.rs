//! Who drives a run: a process known by pid, start time and boot, so that a dead owner is told from a live one.

use std::fmt;

use rusqlite::{Connection, OptionalExtension, params};

/// A process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) pid: u32,
    /// Start time in clock ticks since boot.
    pub(super) started: u64,
    pub(super) boot: String,
}

/// A run is driven by a process that is alive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its pid.
    pub pid: u32,
    /// Since when, UTC.
    pub since: String,
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} drives this run since {}; wait for it, or stop it", self.pid, self.since)
    }
}

impl Owner {
    /// This process.
    pub(super) fn this() -> Self {
        let pid = std::process::id();
        Self { pid, started: started(pid).unwrap_or_default(), boot: boot() }
    }

    /// The process that took a run last, and when.
    pub(super) fn of(db: &Connection, run: i64) -> rusqlite::Result<Option<(Self, String)>> {
        let select = "SELECT pid, started, boot, since FROM leases WHERE run = ?1";
        let found = db.query_row(select, [run], |row| {
            let started = row.get::<_, i64>(1)?.cast_unsigned();
            Ok((Self { pid: row.get(0)?, started, boot: row.get(2)? }, row.get(3)?))
        });
        found.optional()
    }

    /// Writes it as who drives a run.
    pub(super) fn takes(&self, db: &Connection, run: i64) -> rusqlite::Result<()> {
        let replace =
            "INSERT OR REPLACE INTO leases (run, pid, started, boot, since) VALUES (?1, ?2, ?3, ?4, ?5)";
        let since = format!("{:.0}", jiff::Timestamp::now());
        db.execute(replace, params![run, self.pid, self.started.cast_signed(), self.boot, since]).map(drop)
    }

    /// Whether it still runs. Where the system tells no start time, a live pid counts as it.
    pub(super) fn is_alive(&self) -> bool {
        self.boot == boot() && started(self.pid).is_some_and(|now| now == self.started)
    }
}

fn boot() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map(|id| id.trim().to_owned())
        .unwrap_or_default()
}

/// Field 22 of `/proc/PID/stat`; none where there is no such process, or only its remains.
fn started(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let after_name = stat.rsplit_once(") ")?.1;
    let mut fields = after_name.split(' ');
    let state = fields.next()?;
    if state == "Z" || state == "X" {
        return None;
    }
    fields.nth(18)?.parse().ok()
}
