//! `bowline test`: what comes of scenarios, and what they did not come to.

use serde_json::Value;

use super::drill::{GOOD, NO_WAY, bowline, folder, said};

#[test]
fn scenarios_that_hold() {
    let folder = folder(GOOD);
    let output = bowline(folder.path(), &["test"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    insta::assert_snapshot!("test_text", said(&output));
}

#[test]
fn scenarios_that_do_not_hold_say_what_happened() {
    let folder = folder(NO_WAY);
    let output = bowline(folder.path(), &["test", "a.runbook"]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!("test_failed", said(&output));
    let junit = bowline(folder.path(), &["test", "a.runbook", "--format", "junit"]);
    assert!(said(&junit).contains("failures=\"1\""), "{}", said(&junit));
}

/// Every kind of branch, a check that passes and one that fails, a rollback.
const COVERED: &str = r#"runbook "Covered" 1.0.0

input many: bool

step "Extra" idempotent if many {
  run extra
  rollback { run less }
}
choose "Which way" {
  answer "Left" { log "left" }
  answer "Right" { log "right" }
}
let good = check "It is good" { run is-good }
if good { log "good" }

scenario "One way" {
  with many = true
  given "Which way" answers "Left"
  ends "completed"
}
"#;

const OTHER: &str = r#"
scenario "The other way" {
  with many = false
  given "Which way" answers "Right"
  given "It is good" failure
  untouched "Extra"
  ends "completed"
}
scenario "Back" {
  with many = true
  given "Which way" failure
  undone "Extra"
  ends "rolled back"
}
"#;

#[test]
fn coverage_counts_what_can_be_come_to_and_nothing_else() {
    let covered = |text: &str| {
        let folder = folder(text);
        let output = bowline(folder.path(), &["test", "a.runbook", "--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        let coverage = json.pointer("/runbooks/0/coverage").unwrap();
        let of = |what: &str| {
            let share = |part: &str| coverage.pointer(&format!("/{what}/{part}")).unwrap().as_u64().unwrap();
            (share("of"), share("all"))
        };
        ["branches", "checks_passed", "checks_failed", "rollbacks"].map(of)
    };
    // The step taken or not, two answers, the condition held or not: nobody answers neither left nor right.
    assert_eq!(covered(COVERED), [(3, 6), (1, 1), (0, 1), (0, 1)]);
    assert_eq!(covered(&format!("{COVERED}{OTHER}")), [(6, 6), (1, 1), (1, 1), (1, 1)]);
}

#[test]
fn what_no_scenario_comes_to_is_named_with_its_place() {
    let folder = folder(COVERED);
    let text = said(&bowline(folder.path(), &["test", "a.runbook"]));
    let at =
        |line: &str| COVERED.lines().position(|written| written.trim_start().starts_with(line)).unwrap() + 1;
    let told = text.split_once("rollbacks 0 of 1\n").unwrap().1;
    let missing = [
        "    branches that no scenario takes".to_owned(),
        format!("      a.runbook:{}: \"Extra\" is left out", at("step \"Extra\"")),
        format!("      a.runbook:{}: answer \"Right\"", at("answer \"Right\"")),
        format!("      a.runbook:{}: `else` of `if good`", at("if good")),
        "    checks that fail in no scenario".to_owned(),
        format!("      a.runbook:{}: It is good", at("let good")),
        "    rollbacks that no scenario runs".to_owned(),
        format!("      a.runbook:{}: Extra", at("step \"Extra\"")),
    ];
    assert_eq!(told.trim_end().lines().collect::<Vec<_>>(), missing);
    let output = bowline(folder.path(), &["test", "a.runbook", "--format", "json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let extra = json.pointer("/runbooks/0/coverage/rollbacks/missing/0").unwrap();
    assert_eq!(extra["title"], "Extra");
    assert_eq!(extra["place"], format!("a.runbook:{}", at("step \"Extra\"")));
}

#[test]
fn where_there_is_nothing_to_come_to_no_count_is_told() {
    let text =
        "runbook \"Said\" 1.0.0\n\nlog \"said\"\n\nscenario \"All is well\" {\n  ends \"completed\"\n}\n";
    let folder = folder(text);
    let told = said(&bowline(folder.path(), &["test", "a.runbook"]));
    assert!(told.contains("\n  no branches, checks or rollbacks\n") && !told.contains(" of 0"), "{told}");
}
