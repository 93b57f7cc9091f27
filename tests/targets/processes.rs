//! Processes of this machine, which is what all targets of these tests are.

use std::path::Path;
use std::time::{Duration, Instant};

/// A process as its files tell it.
pub(crate) struct Process {
    pub(crate) pid: u32,
    pub(crate) parent: u32,
    pub(crate) name: String,
    /// Its arguments, with blanks between them.
    pub(crate) words: String,
}

impl Process {
    fn of(pid: u32) -> Option<Self> {
        let folder = Path::new("/proc").join(pid.to_string());
        let stat = std::fs::read_to_string(folder.join("stat")).ok()?;
        let (before, after) = stat.rsplit_once(')')?;
        let (_, name) = before.split_once('(')?;
        let mut fields = after.split_whitespace();
        let (state, parent) = (fields.next()?, fields.next()?.parse().ok()?);
        let words = std::fs::read(folder.join("cmdline")).ok()?;
        let words = String::from_utf8_lossy(&words).replace('\0', " ");
        (state != "Z").then(|| Self { pid, parent, name: name.to_owned(), words })
    }

    pub(crate) fn kill(&self, signal: &str) {
        let pid = self.pid.to_string();
        std::process::Command::new("kill").args(["-s", signal, &pid]).status().unwrap();
    }
}

/// Every process.
pub(crate) fn all() -> Vec<Process> {
    let entries = std::fs::read_dir("/proc").unwrap().map(Result::unwrap);
    entries.filter_map(|entry| Process::of(entry.file_name().to_str()?.parse().ok()?)).collect()
}

/// Those that are exactly that command.
pub(crate) fn running(words: &str) -> Vec<Process> {
    all().into_iter().filter(|one| one.words.trim_end() == words).collect()
}

/// Waits until something holds; false if it did not within that time.
pub(crate) fn within(limit: Duration, holds: impl Fn() -> bool) -> bool {
    let end = Instant::now() + limit;
    while !holds() {
        if Instant::now() >= end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    true
}
