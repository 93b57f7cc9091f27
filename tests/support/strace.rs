//! `strace` over the files of a journal: its durable points counted, and a process killed at one of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

/// The calls that make a journal durable.
pub(crate) const CALLS: [&str; 4] = ["pwrite64", "fsync", "fdatasync", "write"];

/// One durable point: the call, and the how manieth of its kind.
pub(crate) type Point = (&'static str, usize);

/// The words before a command line so that these calls on the journal are written to `trace`; killed at the point, if one is
/// given. Only the main thread is traced, which writes the journal: what a run starts is many times quicker so.
pub(crate) fn strace(journal: &Path, trace: &Path, kill_at: Option<Point>) -> Vec<String> {
    let mut words = vec!["strace".to_owned(), "-qq".into(), "-e".into(), "signal=none".into()];
    words.extend(["-o".to_owned(), trace.display().to_string()]);
    words.extend(["-e".to_owned(), format!("trace={}", CALLS.join(","))]);
    for file in ["journal.db", "journal.db-wal", "journal.db-shm"] {
        words.extend(["-P".to_owned(), journal.join(file).display().to_string()]);
    }
    if let Some((call, nth)) = kill_at {
        words.extend(["-e".to_owned(), format!("inject={call}:signal=SIGKILL:when={nth}")]);
    }
    words
}

/// Whether a run can be traced here; says so where not.
pub(crate) fn traceable() -> bool {
    let traced =
        Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    let works = traced.is_ok_and(|status| status.success());
    if !works {
        eprintln!("SKIPPED: the crash test at every durable point needs `strace` and the right to trace");
    }
    works
}

/// Every point of a trace. One thread writes the journal, else the points could not be counted: where all are looked at, each
/// line begins with who it was.
pub(crate) fn points(trace: &Path) -> Vec<Point> {
    let trace = std::fs::read_to_string(trace).unwrap();
    let caller = |line: &str| line.split(' ').next().and_then(|word| word.parse::<u32>().ok());
    let callers: BTreeSet<u32> = trace.lines().filter_map(caller).collect();
    assert!(callers.len() <= 1, "one thread writes the journal: {callers:?}");
    let call_of = |line: &str| {
        line.trim_start_matches(|sign: char| sign.is_ascii_digit() || sign == ' ')
            .split('(')
            .next()
            .map(str::to_owned)
    };
    let calls: Vec<String> = trace.lines().filter_map(call_of).collect();
    let times = |call: &str| calls.iter().filter(|made| *made == call).count();
    let counted: BTreeMap<&'static str, usize> = CALLS.into_iter().map(|call| (call, times(call))).collect();
    eprintln!("durable points: {counted:?}");
    counted.into_iter().flat_map(|(call, times)| (1..=times).map(move |nth| (call, nth))).collect()
}
