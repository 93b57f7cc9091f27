//! What durability costs: the end of a step and the beginning of the next are one commit, and a commit is one sync.

use crate::site::{Site, told};
use crate::strace::traceable;

/// How often the journal's files are synced in a run of so many steps.
fn syncs(steps: usize) -> usize {
    let step = |n| format!("step \"s{n}\" {{\n  run true\n  rollback none \"x\"\n}}\n");
    let text = (1..=steps).map(step).collect::<String>();
    let site = Site::new(&format!("runbook \"steps\" 1.0.0\n{text}"), None);
    let output = site.under(&site.traced_whole(), &["run", "a.runbook"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let trace = std::fs::read_to_string(site.path("trace")).unwrap();
    let is_sync = |line: &&str| line.contains(" fdatasync(") || line.contains(" fsync(");
    trace.lines().filter(is_sync).count()
}

#[test]
fn a_step_costs_one_sync() {
    if traceable() {
        assert_eq!(syncs(30) - syncs(10), 20);
    }
}
