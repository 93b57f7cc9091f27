//! What works in the folder of a test, and whether it has ended.

use std::time::{Duration, Instant};

use crate::seat::{PATIENCE, Site};

impl Site {
    /// The living processes that work in the folder, but for that one.
    pub(crate) fn at_work(&self, but: u32) -> Vec<u32> {
        let folder = self.path(".").canonicalize().unwrap();
        let entries = std::fs::read_dir("/proc").unwrap().flatten();
        let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        let works = |pid: &u32| {
            std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|place| place == folder) && lives(*pid)
        };
        pids.filter(|pid| *pid != but).filter(works).collect()
    }

    /// Waits until so many processes work in the folder, but for that one.
    pub(crate) fn works(&self, but: u32, count: usize) -> Vec<u32> {
        let began = Instant::now();
        loop {
            let pids = self.at_work(but);
            if pids.len() == count {
                return pids;
            }
            assert!(began.elapsed() < PATIENCE, "{count} were to be at work, not {pids:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Whether a process is there and has not ended.
pub(crate) fn lives(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().next()).is_some_and(|state| state != "Z")
}

/// Waits until a process has ended.
pub(crate) fn ends(pid: u32) {
    let began = Instant::now();
    while lives(pid) {
        assert!(began.elapsed() < PATIENCE, "process {pid} is still there");
        std::thread::sleep(Duration::from_millis(10));
    }
}
