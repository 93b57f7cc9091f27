//! `bowline drill` and `bowline test` from outside: the matrix, scenarios, exit codes, and that nothing is started.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A runbook whose every step can be undone.
pub(crate) const GOOD: &str = r#"runbook "Good" 1.0.0

input release: version

step "First" idempotent {
  run touch first
  rollback { run rm first }
}
step "Second" timeout 1m {
  run touch second
  rollback { run rm second }
}
if release > 1.0.0 {
  step "Third" idempotent {
    run touch third
    rollback none "leaves a file"
  }
}

scenario "The second fails" {
  with release = 2.0.0
  given "Second" failure
  ran "First"
  undone "Second"
  undone "First"
  untouched "Third"
  ends "rolled back"
}

scenario "A rollback that fails is stuck" {
  with release = 1.0.0
  given "Second" failure
  given "undo:First" failure
  undone "Second"
  ends "stuck"
}

scenario "All is well" {
  with release = 1.0.0
  untouched "Third"
  ends "completed"
}
"#;

/// Nobody can end what it waits for.
pub(crate) const NO_WAY: &str = r#"runbook "No way" 1.0.0

step "Only" idempotent {
  run touch only
  rollback none "leaves a file"
}

check "Never" { expect 1 > 2  "it never holds" }

step "Behind it" {
  run touch behind
  rollback none "leaves a file"
}

scenario "Wrong in three lines" {
  given "Behind it" failure
  undone "Only"
  ends "completed"
}
"#;

/// What can go wrong besides effects: expectations in undos, turns of a loop, what is irreversible.
const DEEP: &str = r#"runbook "Deep" 1.0.0

step "Move" idempotent {
  run move there
  rollback {
    run move back
    check "It is back" {
      let place = run place
      expect place == "here"  "it is {place}"
    }
  }
}
repeat "Until it is well" at most 5 {
  step "Mend" timeout 1m {
    run mend
    rollback none "mended is mended"
  }
  let well: bool = look run is-well {
    timeout 1m
  }
} until well
step "Tell" irreversible timeout 1m {
  run tell
}
check "They know" {
  run do-they-know {
    timeout 1m
  }
}
"#;

/// It can never be done: behind the point of no return nothing undoes, and a check fails by itself.
const NEVER: &str = r#"runbook "Never" 1.0.0

step "Only" timeout 1m {
  run touch only
  rollback { run rm only }
}
commit "No way back" {
  """
  Forward.
  """
}
check "Never" { expect 1 > 2  "it never holds" }
"#;

pub(crate) fn bowline(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
    command.args(args).current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

pub(crate) fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.runbook"), text).unwrap();
    folder
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn every_failure_has_an_end_or_a_way_out() {
    let folder = folder(GOOD);
    let output = bowline(folder.path(), &["drill", "a.runbook", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let drill = json.pointer("/drills/0").unwrap();
    let end = |path: &str, part: &str, injected: &str| {
        let points = drill.get("points").unwrap().as_array().unwrap().iter();
        let mut point =
            points.filter(|point| point.get("path").unwrap() == path && point.get("part").unwrap() == part);
        let cases = point.next().unwrap().get("cases").unwrap().as_array().unwrap().clone();
        let case =
            cases.into_iter().find(|case| case.get("injected").is_some_and(|kind| kind == injected)).unwrap();
        case.get("end").unwrap().as_str().unwrap().to_owned()
    };
    assert_eq!(end("First", "forward", "failure"), "rolled back");
    assert_eq!(end("First", "forward", "unknown"), "stuck", "every attempt is unknown");
    assert_eq!(end("Second", "forward", "unknown"), "stuck", "nobody knows, and it may not be repeated");
    assert_eq!(end("First", "rollback", "failure"), "stuck");
    assert_eq!(end("Second", "rollback", "crash"), "rolled back");
    assert_eq!(end("Third", "forward", "crash"), "completed");
    let courses = drill.get("courses").unwrap().as_array().unwrap();
    assert_eq!(courses.len(), 2, "both branches of the unknown condition: {courses:?}");
}

#[test]
fn the_matrix_for_people() {
    let folder = folder(GOOD);
    let output = bowline(folder.path(), &["drill", "a.runbook"]);
    insta::assert_snapshot!("drill_text", said(&output));
    let output = bowline(folder.path(), &["drill", "a.runbook", "--only", "failure", "--format", "junit"]);
    insta::assert_snapshot!("drill_junit", said(&output));
}

#[test]
fn two_failures_at_a_time() {
    let folder = folder(GOOD);
    let runs = |args: &[&str]| {
        let output = bowline(folder.path(), args);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        json.pointer("/drills/0/runs").unwrap().as_u64().unwrap()
    };
    let one = runs(&["drill", "a.runbook", "--format", "json"]);
    assert!(runs(&["drill", "a.runbook", "--format", "json", "--pairs"]) > one + 10);
}

/// A drill as data, of which the exit code is that.
fn drilled(text: &str, code: i32, more: &[&str]) -> Value {
    let folder = folder(text);
    let args: Vec<&str> = ["drill", "a.runbook", "--format", "json"].iter().chain(more).copied().collect();
    let output = bowline(folder.path(), &args);
    assert_eq!(output.status.code(), Some(code), "{}", said(&output));
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    json.pointer("/drills/0").unwrap().clone()
}

/// The cases of all points that this is told of.
fn cases(drill: &Value, of: impl Fn(&Value) -> bool) -> Vec<&Value> {
    let points = drill.get("points").unwrap().as_array().unwrap().iter();
    points
        .filter(|point| of(point))
        .flat_map(|point| point.get("cases").unwrap().as_array().unwrap())
        .collect()
}

fn is(of: &Value, key: &str, text: &str) -> bool {
    of.get(key).and_then(Value::as_str) == Some(text)
}

#[test]
fn an_expectation_in_a_rollback_fails_too() {
    let drill = drilled(DEEP, 0, &[]);
    let back = |point: &Value| is(point, "what", "expect place == \"here\"");
    let cases = cases(&drill, back);
    assert!(!cases.is_empty() && cases.iter().all(|case| is(case, "end", "stuck")), "{cases:#?}");
    let first = cases.first().unwrap();
    assert!(first.get("after").is_some(), "something failed before, so that it was rolled back: {first}");
    let again = |way: &Value| is(way, "settle", "--again") && is(way, "end", "rolled back");
    let ways = first.get("ways_out").unwrap().as_array().unwrap();
    assert!(ways.iter().any(again), "once it is mended, the rollback is done again: {ways:?}");
}

#[test]
fn a_second_turn_is_drilled_and_one_that_never_comes() {
    let drill = drilled(DEEP, 0, &[]);
    let courses = drill.get("courses").unwrap().to_string();
    assert!(courses.contains("Until it is well\\\": 2 turns"), "{courses}");
    assert!(courses.contains("Until it is well\\\" never meets its condition"), "{courses}");
    let second = |point: &Value| {
        point.get("path").unwrap().as_str().unwrap().ends_with("Mend, turn 2")
            && is(point, "what", "run mend")
    };
    let kinds: Vec<&str> =
        cases(&drill, second).iter().filter_map(|case| case.get("injected")?.as_str()).collect();
    assert_eq!(kinds, ["failure", "clean", "unknown", "hang", "crash"]);
}

#[test]
fn what_is_irreversible_is_told_as_that() {
    let drill = drilled(DEEP, 0, &["--only", "failure"]);
    let mut kept: Vec<&str> = cases(&drill, |point| is(point, "path", "They know"))
        .iter()
        .filter_map(|case| case.get("why")?.as_str())
        .collect();
    kept.dedup();
    assert_eq!(kept, ["irreversible: \"Tell\""]);
}

#[test]
fn a_runbook_that_can_never_be_done_is_not_clean() {
    let drill = drilled(NEVER, 1, &[]);
    assert_eq!(drill.get("clean"), Some(&Value::Bool(false)));
    let folder = folder(NEVER);
    let text = said(&bowline(folder.path(), &["drill", "a.runbook"]));
    assert!(text.contains("Undone or stuck though nothing fails\n  course 1: stuck"), "{text}");
    assert!(text.contains(", 1 course, "), "one of a thing is told as one: {text}");
}

/// The undo of the first step expects of a known value what is not so; that of the second, of a value that it asks for.
const WRONG: &str = r#"runbook "Wrong" 1.0.0

input left: int = 1

step "Move" timeout 1m {
  run move there
  rollback {
    run move back
    expect left == 0  "something is left"
  }
}
step "Tell" timeout 1m {
  let mark = run tell
  rollback {
    let rest: int = look run untell {mark}
    expect rest == 0  "{rest} still know"
  }
}
"#;

#[test]
fn an_undo_that_can_never_pass_is_not_clean_and_one_that_lacks_a_value_is() {
    let only = ["--only", "failure"];
    let drill = drilled(WRONG, 1, &only);
    let told = cases(&drill, |point| is(point, "what", "run move there"));
    let why = told.first().unwrap().get("why").unwrap().as_str().unwrap();
    assert!(why.contains("something is left") && why.contains("done again it fails again"), "{why}");
    assert_eq!(told.first().unwrap().get("clean"), Some(&Value::Bool(false)), "{told:#?}");
    let right = drilled(WRONG, 0, &[&only[..], &["-i", "left=0"]].concat());
    let told = cases(&right, |point| is(point, "what", "run tell"));
    let why = told.first().unwrap().get("why").unwrap().as_str().unwrap();
    assert!(why.contains("`mark` is unknown"), "it cannot be undone, and the undo is not to blame: {why}");
}

/// Steps that fail before, at and behind what their rollback takes.
const GAPS: &str = r#"runbook "Gaps" 1.0.0

step "Make" timeout 1m {
  let one = run make one
  run make two {one}
  rollback { run delete {one} }
}
step "Look first" timeout 1m {
  let there = look run find it
  run make it
  rollback { run put-back {there} }
}
step "Best" timeout 1m {
  let four = run make four
  rollback best effort { run delete {four} }
}
step "Compute" timeout 1m {
  let all: json = run swap
  let former: text = jq(all, ".former")
  rollback { run swap-back {former} to {all.place} }
}
"#;

#[test]
fn plan_and_drill_agree_where_the_failure_of_a_step_leaves_its_rollback_without_a_value() {
    let drill = drilled(GAPS, 0, &["--only", "failure"]);
    let end = |what: &str| {
        let told = cases(&drill, |point| is(point, "what", what));
        told.first().unwrap().get("end").unwrap().as_str().unwrap().to_owned()
    };
    assert_eq!(end("run make one"), "stuck");
    assert_eq!(end("run make two ⟨one⟩"), "rolled back");
    assert_eq!(end("run make it"), "rolled back");
    assert_eq!(end("run make four"), "failed, kept");
    assert_eq!(end("run swap"), "stuck", "what is computed of an answer is not there either");
    let folder = folder(GAPS);
    let planned = bowline(folder.path(), &["plan", "a.runbook", "--format", "json"]);
    let json: Value = serde_json::from_slice(&planned.stdout).unwrap();
    let failures = json.get("failures").unwrap().as_array().unwrap().iter();
    let points = failures.flat_map(|failure| failure.get("points").unwrap().as_array().unwrap());
    let stuck = points.filter_map(|point| Some((point.get("title")?.as_str()?, point.get("stuck_without")?)));
    let expected = [("Make", serde_json::json!(["one"])), ("Compute", serde_json::json!(["former", "all"]))];
    assert_eq!(stuck.collect::<Vec<_>>(), expected.each_ref().map(|(title, without)| (*title, without)));
    let text = said(&bowline(folder.path(), &["plan", "a.runbook"]));
    assert!(text.contains("rollback 1; stuck if 1 fails before it gives `one`"), "{text}");
    let markdown = said(&bowline(folder.path(), &["plan", "a.runbook", "--format", "markdown"]));
    assert!(markdown.contains("; stuck if 1 fails before it gives \\`one\\` |"), "{markdown}");
}

/// However the undo reads it.
#[test]
fn an_undo_that_decides_by_what_never_came_does_not_begin() {
    let undos = [
        "if all.former == \"x\" { run echo back }\n    run echo b",
        "expect jq(all, \".a\") == \"x\"\n    run echo b",
        "run echo b {\n      expect stdout == all.former\n    }",
        "for x in keys(all) { run echo {x} }\n    run echo b",
        "wait duration(\"{all.x}s\")\n    run echo b",
        "let w = all.former == \"x\"\n    if w { run echo c }\n    run echo b",
        "check \"Back\" within 5m every duration(\"{all.x}s\") { expect 1 == 1 }\n    run echo b",
    ];
    for undo in undos {
        let text = format!(
            "runbook \"Decides\" 1.0.0\n\nstep \"Move\" timeout 1m {{\n  let all: json = run move there\n  rollback {{\n    {undo}\n  }}\n}}\n"
        );
        let drill = drilled(&text, 0, &["--only", "failure"]);
        let told = cases(&drill, |point| is(point, "what", "run move there"));
        assert!(told.iter().all(|case| is(case, "end", "stuck")), "{undo}: {told:#?}");
    }
}

/// The same, expected on the effect itself.
#[test]
fn an_effect_of_an_undo_that_can_never_pass_is_not_clean() {
    let only = ["--only", "failure"];
    for undo in ["run move back {\n expect left == 0\n}", "look run count {\n expect left == 0\n}"] {
        let text = format!(
            "runbook \"Wrong\" 1.0.0\n\ninput left: int = 1\n\nstep \"Move\" timeout 1m {{\n  run move there\n  rollback {{\n    {undo}\n    log \"{{left}}\"\n  }}\n}}\n"
        );
        let drill = drilled(&text, 1, &only);
        let told = cases(&drill, |point| is(point, "what", "run move there"));
        let why = told.first().unwrap().get("why").unwrap().as_str().unwrap();
        assert!(why.contains("done again it fails again"), "{undo}: {why}");
        drilled(&text, 0, &[&only[..], &["-i", "left=0"]].concat());
    }
}

/// What the undo needs is known only where the step got through.
const OWED: &str = r#"runbook "Owed" 1.0.0

step "Make" timeout 1m {
  let new = run make
  rollback { run unmake {new} }
}
step "Tell" timeout 1m {
  run tell
  rollback none "words"
}
"#;

#[test]
fn ways_out_are_those_of_the_values_that_there_are() {
    let drill = drilled(OWED, 0, &["--only", "failure"]);
    let ways = |case: &Value| -> Vec<String> {
        let ways = case.get("ways_out").unwrap().as_array().unwrap();
        ways.iter().map(|way| way.get("settle").unwrap().as_str().unwrap().to_owned()).collect()
    };
    let of = |what: &str| ways(cases(&drill, |point| is(point, "what", what)).first().unwrap());
    assert!(!of("run make").contains(&"--again".to_owned()), "there is nothing that it could unmake");
    assert!(of("run unmake ⟨new⟩").contains(&"--again".to_owned()), "{drill:#}");
}

const EACH: &str = r#"runbook "Each" 1.0.0

let hosts: list of text = look run hosts {
  timeout 1m
}
for host in hosts {
  step "Move {host}" timeout 1m {
    run move {host}
    rollback { run back {host} }
  }
}
"#;

#[test]
fn a_list_that_only_a_run_knows_has_no_one_and_two_items() {
    let drill = drilled(EACH, 0, &[]);
    let courses = drill.get("courses").unwrap().to_string();
    assert!(courses.contains("hosts: 0 items") && courses.contains("hosts: 2 items"), "{courses}");
    let moved = |host: &'static str, course: u64| {
        let path = format!("\u{27e8}hosts {host}\u{27e9} / Move \u{27e8}hosts {host}\u{27e9}");
        let cases = cases(&drill, |point| is(point, "path", &path));
        cases.iter().filter(|case| case.get("course").unwrap().as_u64() == Some(course)).count()
    };
    let each = [1, 2, 3].map(|course| [moved("1", course), moved("2", course)].map(|cases| cases > 0));
    assert_eq!(each, [[true, false], [false, false], [true, true]], "one item, none, two");
}

#[test]
fn two_failures_are_expectations_too() {
    let drill = drilled(DEEP, 0, &["--pairs", "--only", "failure"]);
    let back = |point: &Value| is(point, "what", "expect place == \"here\"");
    let firsts: std::collections::BTreeSet<String> = cases(&drill, back)
        .iter()
        .filter_map(|case| Some(case.get("after")?.as_array()?.first()?.as_str()?.to_owned()))
        .collect();
    // Whatever fails first, the expectation of the rollback may fail behind it.
    for first in ["Move / move", "Mend", "is-well", "Tell", "do-they-know"] {
        let told = first.rsplit(" / ").next().unwrap();
        assert!(firsts.iter().any(|after| after.contains(told)), "{told}: {firsts:#?}");
    }
    let only = cases(&drill, |_| true);
    let others = only.iter().filter_map(|case| case.get("injected")).filter(|kind| **kind != "failure");
    assert_eq!(others.count(), 0, "only that goes wrong, the second time as well");
}

#[test]
fn a_runbook_that_fails_by_itself_is_rolled_back() {
    let folder = folder(NO_WAY);
    let output = bowline(folder.path(), &["drill", "a.runbook"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(!said(&output).contains("completed"), "{}", said(&output));
}

#[test]
fn what_a_title_holds_breaks_no_junit() {
    let folder = folder(&GOOD.replace("All is well", "\u{7}\u{1b}[31m ]]> <a> & \u{fffe}'"));
    for command in ["test", "drill"] {
        let output = bowline(folder.path(), &[command, "a.runbook", "--format", "junit"]);
        let text = said(&output);
        let legal = |c: char| matches!(c, '\n' | '\t') || !c.is_control() && c != '\u{fffe}';
        assert!(text.chars().all(legal), "{text:?}");
        assert_eq!(
            text.matches("<testcase").count(),
            text.matches("</testcase>").count() + text.matches("/>").count()
        );
        assert!(!text.contains("<a>") && !text.contains("]]> <"), "{text}");
    }
}

/// A job that reads the document alone must not take the runbooks that check for all there are.
#[test]
fn a_runbook_that_does_not_check_is_in_the_document() {
    let folder = folder(GOOD);
    std::fs::write(folder.path().join("b.runbook"), "runbook \"B\" 1.0.0\n\nlog nobody\nfial \"x\"\n")
        .unwrap();
    for (command, of) in [("test", "runbooks"), ("drill", "drills")] {
        let ask = |format: &str| {
            let output = bowline(folder.path(), &[command, "a.runbook", "b.runbook", "--format", format]);
            assert_eq!(output.status.code(), Some(3), "{command}");
            String::from_utf8(output.stdout).unwrap()
        };
        let json: Value = serde_json::from_str(&ask("json")).unwrap();
        assert_eq!(json.get(of).unwrap().as_array().unwrap().len(), 1);
        let errors = [
            "b.runbook:3: E0201 nothing is called `nobody`",
            "b.runbook:4: E0301 no statement begins with `fial`",
        ];
        assert_eq!(
            json.get("invalid").unwrap(),
            &serde_json::json!([{ "file": "b.runbook", "errors": errors }])
        );
        let junit = ask("junit");
        assert!(junit.contains("<testsuite name=\"b.runbook\" tests=\"1\" failures=\"1\">"), "{junit}");
        assert!(
            junit.contains("<failure message=\"b.runbook:3: E0201 nothing is called `nobody`\">"),
            "{junit}"
        );
    }
    let summary = bowline(folder.path(), &["drill", "b.runbook", "--format", "markdown"]);
    assert!(
        said(&summary).contains("## b.runbook does not check\n\n- b.runbook:3: E0201"),
        "{}",
        said(&summary)
    );
}

#[test]
fn a_scenario_moves_no_digest() {
    let digest = |text: &str| {
        let folder = folder(text);
        let output = bowline(folder.path(), &["plan", "a.runbook", "--format", "json"]);
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        json.get("digest").unwrap().clone()
    };
    let bare = GOOD.split("\nscenario").next().unwrap();
    assert_eq!(digest(GOOD), digest(bare));
}

#[test]
fn neither_starts_anything() {
    let traced =
        Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    if !traced.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: that nothing is started needs `strace` and the right to trace");
        return;
    }
    for command in ["drill", "test"] {
        let folder = folder(GOOD);
        let trace = folder.path().join("trace");
        let calls = "trace=execve,fork,vfork,socket,connect,unlink,rename,mkdir";
        let output = Command::new("strace")
            .args([
                "-f",
                "-qq",
                "-o",
                trace.to_str().unwrap(),
                "-e",
                calls,
                env!("CARGO_BIN_EXE_bowline"),
                command,
            ])
            .arg("a.runbook")
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let text = std::fs::read_to_string(&trace).unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| !line.contains("exited with")).collect();
        assert_eq!(lines.len(), 1, "only bowline itself is started: {lines:#?}");
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 2, "the runbook and the trace");
    }
}

#[test]
fn the_documents_are_as_their_schemas_say() {
    let folder = folder(GOOD);
    for command in ["drill", "test"] {
        let output = bowline(folder.path(), &[command, "a.runbook", "--format", "json"]);
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        let file = format!("{}/docs/schemas/bowline-{command}-1.json", env!("CARGO_MANIFEST_DIR"));
        let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
        let schema = compiler.compile(&file, &mut schemas).unwrap();
        if let Err(error) = schemas.validate(&json, schema) {
            panic!("{command}: {error:#}");
        }
    }
}
