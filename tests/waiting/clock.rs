//! A clock that is set back, between two processes and under one: the run goes on from its last event, and everything
//! in it lasts as long as it should.

use std::process::{Child, Command, Stdio};
use std::time::Instant;

use crate::site::Site;

/// Of each kind of time one; longer than all of it together nothing takes.
const TIMES: &str = r#"
confirm "Go"

step "Work" timeout 20s {
  run sh -c "touch in; while test -e hold; do sleep 0.05; done"
  rollback none "x"
}

wait 1s "Cool down"

check "Soak" within 20s every 1s soak 1s {
  run true
}

step "Again" retry 1 every 1s {
  run sh -c "test -e once || (touch once; exit 1)"
  rollback none "x"
}

step "Hangs" timeout 1s {
  run sh -c "sleep 300"
  rollback none "x"
}
"#;

/// An hour: whoever took the clock at its word would wait for it.
const LONG: std::time::Duration = std::time::Duration::from_mins(2);

fn skipped(what: &str) {
    eprintln!("SKIPPED: a clock that is set back needs {what} (apt install faketime)");
}

fn site() -> Site {
    let site = Site::new(TIMES);
    site.write("answers.toml", "[Go]\nanswer = true\n");
    site
}

/// The times of its events never go back, and it ended as it should: what hangs was stopped by its time limit.
fn is_in_order(site: &Site) {
    let events = site.bowline(&["show", "--format", "events"]).out;
    let at = |line: &str| {
        let event: serde_json::Value = serde_json::from_str(line).unwrap();
        event["at"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap()
    };
    let times: Vec<_> = events.lines().map(at).collect();
    assert!(times.is_sorted(), "{events}");
    let shown = site.bowline(&["show"]).out;
    for line in ["✓ check Soak", "✓ step Again", "timed out after 1s"] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
    assert!(shown.contains("is stuck"), "{shown}");
    let settled = site.bowline(&["settle", &site.latest(), "--skip", "it hangs"]);
    assert_eq!(settled.code, Some(0), "{settled:?}");
}

/// The machine's clock was a day ahead when the run began, and is right when it is taken up.
#[test]
fn a_run_goes_on_though_the_clock_was_a_day_ahead_before() {
    let site = site();
    let mut command = site.other("faketime");
    command.args(["-f", "+1d", env!("CARGO_BIN_EXE_bowline"), "run", "a.runbook"]);
    let Ok(output) = command.output() else { return skipped("faketime") };
    assert_eq!(output.status.code(), Some(5), "{output:?}");
    let (run, began) = (site.latest(), Instant::now());
    let said = site.bowline(&["resume", &run, "--answers", "answers.toml"]);
    assert_eq!(said.code, Some(4), "{said:?}");
    assert!(began.elapsed() < LONG);
    is_in_order(&site);
}

/// A bowline whose clock says what stands in a file.
fn with_clock(site: &Site) -> Option<Child> {
    let listed =
        Command::new("sh").args(["-c", "ls /usr/lib/*/faketime/libfaketimeMT.so.1"]).output().unwrap();
    let library = String::from_utf8(listed.stdout).unwrap().lines().next()?.to_owned();
    site.write("clock", "+0\n");
    let mut command = site.command(&["run", "a.runbook", "--answers", "answers.toml"]);
    command.env("LD_PRELOAD", library).env("FAKETIME_TIMESTAMP_FILE", site.path("clock"));
    command
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("FAKETIME_DONT_RESET", "1");
    Some(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
}

#[test]
fn a_run_goes_on_though_the_clock_is_set_back_under_it() {
    let site = site();
    site.write("hold", "");
    let Some(mut child) = with_clock(&site) else { return skipped("libfaketime") };
    let began = Instant::now();
    site.await_file("in");
    site.write("clock", "-1h\n");
    std::fs::remove_file(site.path("hold")).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(4));
    assert!(began.elapsed() < LONG);
    is_in_order(&site);
}
