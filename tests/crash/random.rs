//! SIGKILL at random instants, again and again while the run is taken up; its children are left alive.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::site::{Site, killed, told};

const STEPS: usize = 6;

/// Steps whose effect is slow and writes its line at the end, so that one that is left alive would write
/// it after the crash; each looks whether it is in place. The last one fails, and all are undone.
fn runbook() -> String {
    let steps: String = (1..=STEPS).map(step).collect();
    format!("runbook \"slow\" 1.0.0\n{steps}")
}

fn step(n: usize) -> String {
    // The last one is never in place: left alive by a kill, it would otherwise be found done, and rightly so.
    let end = if n == STEPS { "false".to_owned() } else { format!("touch in-{n}") };
    format!(
        "step \"s{n}\" idempotent {{\n  done when {{ run test -e in-{n} }}\n  \
         run sh -c \"echo begin {n} >> ledger; sleep 0.06; echo do {n} >> ledger; {end}\"\n  \
         rollback {{ run sh -c \"sleep 0.03; echo undo {n} >> ledger; rm -f in-{n}\" }}\n}}\n"
    )
}

/// Runs, and takes up again, with a kill after each of these milliseconds; then to the end.
fn storm(delays: &[u64]) -> Result<(), TestCaseError> {
    let site = Site::new(&runbook(), Some(STEPS));
    let mut arguments = vec!["run".to_owned(), "a.runbook".into()];
    for delay in delays {
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut child = site.bowline(&words).stderr(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(*delay));
        child.kill().unwrap();
        if !killed(child.wait().unwrap()) {
            break;
        }
        if let Some(run) = site.run() {
            arguments = vec!["resume".into(), run];
        }
    }
    let Some(end) = site.bring_home() else { return Ok(()) };
    let ledger = site.ledger();
    prop_assert_eq!(end, 1, "{:?}", ledger);
    let owed = ledger.order("begin");
    prop_assert_eq!(owed.len(), STEPS);
    let undone: Vec<String> = ledger.order("undo");
    prop_assert_eq!(undone, owed.into_iter().rev().collect::<Vec<_>>(), "{:?}", ledger);
    for n in 1..=STEPS {
        prop_assert!(!site.path(&format!("in-{n}")).exists(), "step {} is still in place: {:?}", n, ledger);
        prop_assert!(ledger.times(&format!("do {n}")) <= 2, "{:?}", ledger);
    }
    Ok(())
}

#[test]
fn a_run_killed_again_and_again_is_undone_whole() {
    let config = Config { cases: 24, failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let delays = prop::collection::vec(5_u64..420, 1..5);
    runner.run(&delays, |delays| storm(&delays)).unwrap();
}

/// A child that outlived the crash is stopped before its effect is done again or undone: it never writes.
#[test]
fn a_child_left_alive_is_dead_before_anything_follows() {
    let text = "runbook \"left\" 1.0.0\nstep \"s1\" idempotent {\n  run sh -c \"trap '' TERM; echo begin >> ledger; sleep $NAP; echo late >> ledger\"\n  \
                rollback { run sh -c \"echo undo >> ledger\" }\n}\n";
    let site = Site::new(text, None);
    let mut child = site.bowline(&["run", "a.runbook"]).env("NAP", "300").spawn().unwrap();
    let began = Instant::now();
    while site.ledger().is_empty() && began.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let run = site.run().unwrap();
    let output = site.bowline(&["resume", &run]).env("NAP", "0").output().unwrap();
    let talk = told(&output);
    assert_eq!(output.status.code(), Some(0), "{talk}");
    assert!(talk.contains("stopped what the crash had left running"), "{talk}");
    let ledger = site.ledger();
    assert_eq!((ledger.times("begin"), ledger.times("late")), (2, 1), "{ledger:?}");
}
