//! `bowline logs`: outputs under their headings, paired and followed.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::site::Site;

/// Two programs side by side that write in turns, and one that is attempted twice.
const SIDE_BY_SIDE: &str = r#"parallel {
  step "Left" {
    run sh -c "echo l1; sleep 0.3; echo l2; touch left"
    rollback none "x"
  }
  step "Right" {
    run sh -c "echo r1; sleep 0.15; echo r2"
    rollback none "x"
  }
}
step "Twice" retry 1 every 10ms idempotent {
  run sh -c "if test -e tried; then printf second; else touch tried; echo first; exit 1; fi"
  rollback none "x"
}
"#;

#[test]
fn each_output_stands_under_what_wrote_it() {
    let site = Site::new(SIDE_BY_SIDE);
    assert_eq!(site.run().code, Some(0));
    let logs = site.bowline(&["logs"]);
    let expected = "\
── step Left › sh -c 'echo l1; sleep 0.3; echo l2; touch left'
l1
l2
── step Right › sh -c 'echo r1; sleep 0.15; echo r2'
r1
r2
── step Twice › sh -c 'if test -e tried; then printf second; else touch tried; echo first; exit 1; fi'
first
── step Twice › sh -c 'if test -e tried; then printf second; else touch tried; echo first; exit 1; fi' (attempt 2)
second";
    assert_eq!(logs.out, expected);
}

#[test]
fn only_what_stands_under_a_title() {
    let site = Site::new(SIDE_BY_SIDE);
    assert_eq!(site.run().code, Some(0));
    let id = site.latest();
    let logs = site.bowline(&["logs", &id, "Right"]);
    assert_eq!(logs.out, "── step Right › sh -c 'echo r1; sleep 0.15; echo r2'\nr1\nr2\n");
    let none = site.bowline(&["logs", &id, "Nowhere"]);
    assert_eq!((none.code, none.out.as_str()), (Some(2), ""));
    assert!(none.err.contains("nothing began under a title with `Nowhere`"), "{}", none.err);
}

#[test]
fn a_run_is_followed_from_another_process_until_its_end() {
    let site = Site::new(
        r#"step "Copy" {
  run sh -c "echo one; touch begun; while ! test -e go; do sleep 0.05; done; printf 'two '; sleep 0.3; echo three"
  rollback {
    run echo undone
  }
}
step "Fail" {
  run sh -c "echo wrong; exit 1"
  rollback none "x"
}
"#,
    );
    let mut run = site.start();
    site.await_file("begun");
    let mut follower = site.command(&["logs", "-f"]);
    let mut follower = follower.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(follower.stdout.take().unwrap());
    let (mut heading, mut first, mut rest) = (String::new(), String::new(), String::new());
    out.read_line(&mut heading).unwrap();
    out.read_line(&mut first).unwrap();
    assert!(heading.starts_with("── step Copy › sh -c"), "{heading}");
    assert_eq!(first, "one\n", "told while it runs");
    site.write("go", "");
    out.read_to_string(&mut rest).unwrap();
    let id = site.latest();
    assert_eq!(
        rest,
        "two three\n── step Fail › sh -c 'echo wrong; exit 1'\nwrong\n── rollback Copy › echo undone\nundone\n"
    );
    let mut said = String::new();
    follower.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(follower.wait().unwrap().success());
    assert_eq!(said, format!("run {id}: rolled back\n"));
    run.wait().unwrap();
}

#[test]
fn what_was_written_before_a_crash_is_not_lost() {
    let site = Site::new(
        "step \"Copy\" idempotent {\n  run sh -c \"if test -e begun; then echo again; else echo before; touch begun; sleep 60; fi\"\n  rollback none \"x\"\n}",
    );
    let mut run = site.start();
    site.await_file("begun");
    // What still stands in the pipe is lost with the process.
    site.await_file(&format!("journal/runs/{}/outputs/000000.log", site.latest()));
    run.kill().unwrap();
    run.wait().unwrap();
    let logs = site.bowline(&["logs"]).out;
    assert!(logs.ends_with("\nbefore\n"), "{logs}");
    let follow = site.bowline(&["logs", "-f"]);
    assert_eq!((follow.out, follow.err), (logs, format!("run {}: interrupted\n", site.latest())));
    assert_eq!(site.bowline(&["resume", &site.latest()]).code, Some(0));
    let logs = site.bowline(&["logs"]).out;
    let printed: Vec<&str> = logs.lines().filter(|line| !line.starts_with("──")).collect();
    assert_eq!(printed, ["before", "again"], "{logs}");
}

#[test]
fn a_reader_that_goes_away_ends_it() {
    let site = Site::new(
        "step \"Copy\" {\n  run sh -c \"touch begun; while ! test -e go; do echo line; sleep 0.01; done\"\n  rollback none \"x\"\n}",
    );
    let mut run = site.start();
    site.await_file("begun");
    let mut follower =
        site.command(&["logs", "-f"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut out = BufReader::new(follower.stdout.take().unwrap());
    out.read_line(&mut String::new()).unwrap();
    drop(out);
    let since = Instant::now();
    follower.wait().unwrap();
    assert!(since.elapsed() < Duration::from_mins(1));
    site.write("go", "");
    run.wait().unwrap();
}
