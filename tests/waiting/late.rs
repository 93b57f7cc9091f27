//! `run --from STEP --because WHY`: what stands before the step is left out, what guards it is not.

use super::site::Site;
use crate::said::Said;

const MOVES: &str = r#"
exclusive "db"

let region = look run echo eu

gate "Ready" {
  confirm "Everybody knows"
}

step "Back up" {
  run sh -c "echo backup >> log; echo x > out"
  let file = artifact "out"
  rollback {
    run sh -c "echo unbackup >> log"
  }
}

check "The copy is whole" {
  run test -s {file}
}

wait 72h "Code freeze"

phase "Move" {
  step "Stop" {
    run sh -c "echo stop >> log"
    restore {
      run sh -c "echo start >> log"
    }
  }
  step "Copy" {
    run sh -c 'echo "copy $1" >> log' sh {region}
    rollback {
      run sh -c "echo uncopy >> log"
    }
  }
  step "Switch" {
    run sh -c "echo switch >> log; exit $(cat code)"
    rollback {
      run sh -c "echo unswitch >> log"
    }
  }
}
"#;

fn site(code: &str) -> Site {
    let site = Site::new(MOVES);
    site.write("code", code);
    site.write("answers.toml", "[Ready.\"Everybody knows\"]\nanswer = true\n");
    site
}

const LATE: [&str; 6] = ["run", "a.runbook", "--from", "Copy", "--because", "the first run got so far"];

fn answered(site: &Site, words: &[&str]) -> Said {
    site.bowline(&[words, &["--answers", "answers.toml"]].concat())
}

#[test]
fn a_run_begins_at_a_step_and_says_what_that_leaves_out() {
    let site = site("0");
    let said = answered(&site, &LATE);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(site.lines("log"), ["copy eu", "switch"]);
    let before = "begins at \"Copy\"\n  left out    \"Back up\", \"Stop\"\n  not undone  \"Back up\", \"Stop\"\n  not known   `file`\n";
    assert!(said.err.contains(before), "{}", said.err);
    let shown = site.bowline(&["show"]).out;
    for line in [
        "begins at \"Copy\" (olga): the first run got so far",
        "- Back up skipped: the first run got so far (olga)",
        "- The copy is whole skipped: the first run got so far",
        "- Code freeze skipped: the first run got so far",
        "✓ Everybody knows: yes (olga, from a file)",
        "exclusive db",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
    let events = site.bowline(&["show", "--format", "events"]).out;
    assert_eq!(events.matches("\"started_late\":{").count(), 1);
}

#[test]
fn what_was_left_out_is_not_undone() {
    let site = site("1");
    let said = answered(&site, &LATE);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(site.lines("log"), ["copy eu", "switch", "unswitch", "uncopy"]);
}

#[test]
fn what_decides_is_not_left_out_and_another_process_goes_on_the_same_way() {
    let site = site("0");
    let said = site.bowline(&LATE);
    assert_eq!(said.code, Some(5), "the gate still asks: {said:?}");
    assert!(site.lines("log").is_empty());
    let run = site.latest();
    let resumed = answered(&site, &["resume", &run]);
    assert_eq!(resumed.code, Some(0), "{resumed:?}");
    assert_eq!(site.lines("log"), ["copy eu", "switch"]);
}

/// The reason of a refusal; nothing ran, and there is no run.
fn refused(site: &Site, words: &[&str]) -> String {
    let said = site.bowline(&[&["run", "a.runbook"], words].concat());
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(site.bowline(&["runs"]).out.is_empty());
    said.err
}

#[test]
fn a_start_that_makes_no_sense_is_refused() {
    let site = site("0");
    assert!(refused(&site, &["--from", "Copy"]).contains("--because <WHY>"));
    assert!(refused(&site, &["--from", "Copy", "--because", ""]).contains("--because"));
    let unknown = refused(&site, &["--from", "Coppy", "--because", "x"]);
    assert!(
        unknown.contains("--from \"Coppy\": no step is called that; did you mean \"Copy\"?"),
        "{unknown}"
    );
    site.runbook("a.runbook", "for name in [\"a\", \"b\"] {\n  step \"Copy {name}\" {\n    run true\n    rollback none \"x\"\n  }\n}");
    let looped = refused(&site, &["--from", "Copy ⟨name⟩", "--because", "x"]);
    assert!(looped.contains("a run can begin only at a step of its main line"), "{looped}");
}

#[test]
fn a_value_that_a_later_step_needs_is_not_left_out() {
    let body = MOVES.replace("copy $1\" >> log' sh {region}", "copy $1\" >> log' sh {file}");
    let site = Site::new(&body);
    let why = refused(&site, &["--from", "Copy", "--because", "x"]);
    assert!(why.contains("--from \"Copy\": \"Copy\" needs `file`, which \"Back up\" gives"), "{why}");
}
