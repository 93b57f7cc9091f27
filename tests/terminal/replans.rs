//! `resume RUN --replan` at a terminal: what is done and is another now is asked about, one thing after the other.

use crate::seat::{CTRL_C, CTRL_D, Seat, Site};

const SHOP: &str = r#"
input token: secret from prompt "The key of the shop"

step "Back up" {
  run sh -c 'echo "backup-${#TOKEN}" >> log' {
    env TOKEN = token
  }
  rollback { run sh -c "echo unbackup >> log" }
}

step "Copy" {
  run sh -c "echo copy >> log; exit 1"
  rollback { run sh -c "echo uncopy >> log" }
}
"#;

const TOKEN: &str = "hunter22-of-the-shop";

/// A run that its operator left at the failure of "Copy", and a runbook that is mended since; what undoes "Back up" is
/// another, too.
fn left() -> (Site, String) {
    let site = Site::new(SHOP);
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.sees("The key of the shop");
    seat.waits_for_echo(false);
    seat.types(TOKEN);
    seat.sees("? Copy\n");
    // From another terminal: whom it waits for.
    let runs = String::from_utf8(site.alone(&["runs"]).stdout).unwrap();
    assert!(runs.contains("  running  ") && runs.contains("decide: Copy: exit code 1"), "{runs}");
    seat.answers("[1-5, and a note] ", "leave");
    assert_eq!(seat.leaves(), Some(5));
    let mended = SHOP.replace("copy >> log; exit 1", "copied >> log").replace("unbackup", "restore");
    site.write("a.runbook", &format!("runbook \"t\" 1.0.0\n{mended}"));
    let run = site.run_id();
    (site, run)
}

fn replans(site: &Site, run: &str) -> Seat {
    let mut seat = site.sits_down_with(("X", "y"), &["resume", run, "--replan"]);
    seat.sees("+   run sh -c 'echo copied >> log' [changes]\n");
    seat
}

fn standing(site: &Site) -> (String, usize) {
    let runs = String::from_utf8(site.alone(&["runs", "--format", "json"]).stdout).unwrap();
    let first: serde_json::Value = serde_json::from_str(runs.lines().next().unwrap()).unwrap();
    (first["status"].as_str().unwrap().to_owned(), runs.lines().count())
}

#[test]
fn each_thing_is_asked_with_its_reason_and_the_run_goes_on() {
    let (site, run) = left();
    let mut seat = replans(&site, &run);
    seat.sees("? \"Back up\": it is done; what undoes it is another now\n");
    seat.sees("1) keep\n");
    seat.sees("2) leave it all as it was\n");
    seat.answers("[1-2, and a note] ", "1");
    seat.answers("? Why?\n  why: ", "the old copy is gone");
    seat.sees("? \"Copy\": it has begun, and does something else now\n");
    seat.sees("1) again\n");
    seat.sees("2) done\n");
    seat.sees("3) leave it all as it was\n");
    seat.answers("[1-3, and a note] ", "again");
    seat.answers("? Why?\n  why: ", "the path was wrong");
    seat.sees("? The key of the shop\n");
    seat.waits_for_echo(false);
    seat.types(TOKEN);
    seat.sees(&format!("run {run} goes on as run "));
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "backup-20 copy copied"), "{}", seat.shown());
    assert!(!seat.shown().contains(TOKEN), "{}", seat.shown());
    assert_eq!(seat.shown().matches("? The key of the shop").count(), 1, "{}", seat.shown());
    assert_eq!(standing(&site), ("completed".to_owned(), 2));
    let shown = String::from_utf8(site.alone(&["show"]).stdout).unwrap();
    let words = "\"Back up\": keep (the old copy is gone); \"Copy\": again (the path was wrong)";
    assert!(shown.contains(words), "every word is in the record: {shown}");
}

#[test]
fn whoever_leaves_at_a_question_leaves_the_run_as_it_was() {
    let (site, run) = left();
    let before = standing(&site);
    let mut seat = replans(&site, &run);
    seat.sees("? \"Back up\"");
    seat.answers("[1-2, and a note] ", "2");
    seat.sees("the run stays as it was");
    assert_eq!(seat.leaves(), Some(5));
    for key in [CTRL_C, CTRL_D] {
        let mut seat = replans(&site, &run);
        seat.answers("[1-2, and a note] ", "keep");
        seat.answers("? Why?\n  why: ", "x");
        seat.sees("[1-3, and a note] ");
        seat.hits(key);
        assert_eq!(seat.leaves(), Some(5), "{}", seat.shown());
        assert!(seat.echoes());
    }
    assert_eq!((standing(&site), site.log().as_str()), (before, "backup-20 copy"));
}

#[test]
fn what_the_options_say_is_not_asked_again() {
    let (site, run) = left();
    let args = ["resume", &run, "--replan", "--decide", "Copy=done", "--because", "copied by hand"];
    let mut seat = site.sits_down_with(("BOWLINE_INPUT_TOKEN", TOKEN), &args);
    seat.answers("? \"Back up\": it is done; what undoes it is another now\n", "keep");
    assert_eq!(seat.leaves(), Some(0), "{}", seat.shown());
    assert!(!seat.shown().contains("? \"Copy\"") && !seat.shown().contains("? Why?"), "{}", seat.shown());
    assert_eq!(site.log(), "backup-20 copy");
}
