//! `--step`: each step is shown before it begins, and a person says what becomes of it.

use crate::seat::{Seat, Site};

const EXPORTS: &str = r#"
input token: secret from env "SHOP_TOKEN"

step "Back up" {
  """
  Before anything is changed.
  """
  run sh -c "echo backup >> log; echo copy-7" {
    env TOKEN = token
    let export = stdout
  }
  rollback none "only leaves a file"
}

step "Migrate" {
  run sh -c "echo migrate >> log"
  rollback { run sh -c "echo import {export} >> log" }
}

step "Restart" {
  run sh -c "echo restart >> log"
  rollback { run sh -c "echo restart-old >> log" }
}
"#;

const CHOICES: &str = "[1-5, and a note] ";

fn exports() -> Site {
    Site::new(EXPORTS)
}

fn sits(site: &Site, args: &[&str]) -> Seat {
    let mut words = args.to_vec();
    if args.first() == Some(&"run") {
        words.extend(["--yes-to", "briefing"]);
    }
    site.sits_down_with(("SHOP_TOKEN", "hunter22"), &words)
}

fn steps(site: &Site) -> Seat {
    sits(site, &["run", "a.runbook", "--step"])
}

/// At the question before a step.
fn before(seat: &mut Seat, title: &str) {
    seat.sees(&format!("? {title}\n"));
    seat.sees(CHOICES);
}

fn events(site: &Site) -> String {
    String::from_utf8(site.alone(&["show", "--format", "events"]).stdout).unwrap()
}

#[test]
fn each_step_is_shown_as_it_would_be_done_and_undone() {
    let site = exports();
    let mut seat = steps(&site);
    seat.sees("? Back up\n  Before anything is changed.\n");
    seat.sees("  It would do:\n    TOKEN=*** sh -c 'echo backup >> log; echo copy-7'\n");
    seat.sees("  Undone by:\n    nothing: only leaves a file\n");
    seat.sees("  Left out:\n    \"Migrate\" could not start: its rollback takes `export`\n");
    seat.sees("1) run        do it, as shown\n");
    seat.sees("2) skip       leave this step out and go on\n");
    seat.sees("3) by hand    it is done: I did it myself\n");
    seat.sees("4) roll back  stop: undo what was done, newest first, and end\n");
    seat.sees("5) leave      stop: keep what was done; it can be resumed\n");
    assert_eq!(site.log(), "", "nothing begins before the answer");
    seat.answers(CHOICES, "run");
    seat.sees("? Migrate\n  It would do:\n    sh -c 'echo migrate >> log'\n");
    seat.sees("  Undone by:\n    sh -c 'echo import copy-7 >> log'\n");
    seat.answers(CHOICES, "1, looks right");
    before(&mut seat, "Restart");
    seat.types("1");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "backup migrate restart"));
    assert!(!seat.shown().contains("hunter22"), "{}", seat.shown());
    assert!(events(&site).contains("\"note\":\"looks right\""), "a note beside a choice is kept");
}

#[test]
fn a_skipped_step_needs_a_reason_and_what_takes_from_it_cannot_start() {
    let site = exports();
    let mut seat = steps(&site);
    seat.answers(CHOICES, "skip");
    seat.answers("Why?", "there is one of last night");
    seat.sees("? Migrate\n");
    seat.sees("it cannot be undone later: `export` is unknown");
    seat.answers("[1-4, and a note] ", "go on without it");
    before(&mut seat, "Restart");
    seat.types("1");
    seat.sees("by people  \"Back up\" passed over (olga: there is one of last night)");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "restart"));
}

#[test]
fn what_a_person_does_by_hand_is_undone_when_the_run_is() {
    let site = exports();
    let mut seat = steps(&site);
    seat.answers(CHOICES, "1");
    before(&mut seat, "Migrate");
    seat.types("by hand: over the console");
    before(&mut seat, "Restart");
    seat.types("roll back");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(1), "backup import copy-7"));
}

#[test]
fn whoever_leaves_is_asked_the_same_on_resume() {
    let site = exports();
    let mut seat = steps(&site);
    seat.answers(CHOICES, "1");
    before(&mut seat, "Migrate");
    seat.types("leave");
    assert_eq!(seat.leaves(), Some(5));
    let mut seat = sits(&site, &["resume", &site.run_id(), "--step"]);
    before(&mut seat, "Migrate");
    seat.types("1");
    before(&mut seat, "Restart");
    seat.types("5");
    assert_eq!(seat.leaves(), Some(5));
    let mut seat = sits(&site, &["resume", &site.run_id()]);
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "backup migrate restart"), "{}", seat.shown());
}

#[test]
fn killed_at_the_question_nothing_is_done_twice() {
    for again in [true, false] {
        let site = exports();
        let mut seat = steps(&site);
        seat.answers(CHOICES, "1");
        before(&mut seat, "Migrate");
        seat.signal(rustix::process::Signal::KILL);
        seat.leaves();
        assert_eq!(site.log(), "backup");
        let run = site.run_id();
        let args: &[&str] = if again { &["resume", &run, "--step"] } else { &["resume", &run] };
        let mut seat = sits(&site, args);
        if again {
            before(&mut seat, "Migrate");
            seat.types("1");
            before(&mut seat, "Restart");
            seat.types("1");
        }
        assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "backup migrate restart"), "{again}");
        assert_eq!(seat.shown().contains("? Migrate"), again, "{}", seat.shown());
    }
}

#[test]
fn stop_at_the_question_takes_it_back_and_asks_about_the_run() {
    let site = exports();
    let mut seat = steps(&site);
    seat.answers(CHOICES, "1");
    before(&mut seat, "Migrate");
    seat.hits(crate::seat::CTRL_C);
    seat.sees("(no longer asked)");
    seat.answers("[1-3, and a note] ", "go on, a slip");
    before(&mut seat, "Migrate");
    seat.types("1");
    before(&mut seat, "Restart");
    seat.types("1");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "backup migrate restart"));
}

#[test]
fn what_is_in_place_and_what_undoes_is_not_asked_about() {
    let site = Site::new(
        r#"
step "Made" {
  done when { run test -e a.runbook }
  run sh -c "echo made >> log"
  rollback none "x"
}
step "A" {
  run sh -c "echo a >> log"
  rollback { run sh -c "echo undo-a >> log" }
}
step "B" {
  run false
  rollback none "x"
}
"#,
    );
    let mut seat = site.sits(&["run", "a.runbook", "--step"]);
    before(&mut seat, "A");
    seat.types("1");
    before(&mut seat, "B");
    seat.types("1");
    seat.answers("1) retry", "roll back");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(1), "a undo-a"));
    assert!(!seat.shown().contains("? Made"), "{}", seat.shown());
}

#[test]
fn past_the_point_of_no_return_nothing_is_rolled_back() {
    let site = Site::new(
        "commit \"Over\"\nstep \"A\" {\n  run sh -c \"echo a >> log\"\n  rollback { run true }\n}\n",
    );
    let mut seat = site.sits(&["run", "a.runbook", "--step"]);
    seat.sees("? A\n");
    seat.sees("4) give up ");
    seat.answers(CHOICES, "1");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(0), "a"));
}

#[test]
fn with_nobody_there_a_file_answers_or_it_is_refused() {
    let site = exports();
    site.write("env.sh", "");
    let output = site.alone(&["run", "a.runbook", "--step"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(2) && said.contains("nobody is there"), "{said}");
    let site = Site::new(
        "step \"A\" {\n  run sh -c \"echo a >> log\"\n  rollback none \"x\"\n}\nstep \"B\" {\n  run sh -c \"echo b >> log\"\n  rollback none \"x\"\n}\n",
    );
    site.write("answers.toml", "[A]\non_step = \"skip\"\nnote = \"rehearsal\"\n");
    let output = site.alone(&["run", "a.runbook", "--step", "--answers", "answers.toml"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(5) && said.contains("it is asked about before it begins"), "{said}");
    assert_eq!(site.log(), "");
    site.write("answers.toml", "[B]\non_step = \"run\"\n");
    let output = site.alone(&["resume", &site.run_id(), "--step", "--answers", "answers.toml"]);
    assert_eq!((output.status.code(), site.log().as_str()), (Some(0), "b"), "{output:?}");
}

const RENTS: &str = r#"
step "Rent" {
  let id: text = run echo srv
  rollback none "x"
}

step "Fill" {
  let size: int = run sh -c "echo 3; echo fill $1 >> log" sh {id}
  rollback none "x"
}

check "Full" {
  expect size == 3
}

if id == "srv" {
  step "Open" {
    run echo open
    rollback none "x"
  }
}

for name in [id, "y"] {
  step "Each {name}" {
    run echo {name}
    rollback none "x"
  }
}

step "Apart" {
  run sh -c "echo apart >> log"
  rollback none "x"
}

step "Last" {
  run sh -c "echo last >> log"
  rollback {
    run echo back {size}
  }
}

log "rented {id}"
"#;

/// Everything that takes what the step gives, also by way of what another then cannot give; and nothing else.
#[test]
fn what_a_skip_makes_impossible_is_named_whole() {
    let site = Site::new(RENTS);
    let mut seat = sits(&site, &["run", "a.runbook", "--step"]);
    seat.sees("  Left out:\n");
    for line in [
        "\"Fill\" could not be done: it takes `id`\n",
        "\"Full\" could not be done: it takes `size`\n",
        "\"Open\" could not be come to: what leads there takes `id`\n",
        "\"Each ⟨name⟩\" could not be come to: what leads there takes `id`\n",
        "\"Last\" could not start: its rollback takes `size`\n",
        "a statement without a title could not be done: it takes `id`\n",
    ] {
        seat.sees(line);
    }
    seat.answers(CHOICES, "skip");
    assert!(!seat.shown().contains("\"Apart\" could"), "{}", seat.shown());
    seat.answers("Why?", "there is one");
    // It was said: the step names what it lacks, cannot be run, and nothing asks for it.
    seat.sees("? Fill\n");
    seat.sees("`id` has no value; it comes from \"Rent\"");
    seat.answers("[1-4, and a note] ", "skip, as it is");
    seat.sees("check Full: `size` is unknown: what gives it was settled by hand or passed over");
    seat.answers("[1-4, and a note] ", "roll back");
    assert_eq!((seat.leaves(), site.log().as_str()), (Some(1), ""));
}
