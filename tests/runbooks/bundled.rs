//! What every bundled runbook must be before it is run: planned without starting anything, honest about undo, without
//! the name of a person. That each checks and is formatted stands in `tests/bundled.rs`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::practice::root;

/// The people whom the documents name that the runbooks were made from: in a runbook they are roles.
const PEOPLE: [&str; 10] =
    ["Morgan", "Lee", "Priya", "Shah", "Alice", "Nguyen", "Daniel", "Reed", "Jamie", "Patel"];

/// Every file below a folder of the repository that ends like a runbook.
fn files(folder: &str) -> Vec<PathBuf> {
    let (mut open, mut found) = (vec![root().join(folder)], vec![]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() { open.push(entry.path()) } else { found.push(entry.path()) }
        }
    }
    found.retain(|file| file.extension().is_some_and(|ending| ending == "runbook"));
    found.sort();
    assert!(!found.is_empty(), "{folder} holds no runbook");
    found
}

/// The bundled runbooks by name; modules are planned with who uses them.
fn names() -> Vec<String> {
    let is_runbook = |file: &PathBuf| std::fs::read_to_string(file).unwrap().starts_with("runbook ");
    let below = root().join("runbooks");
    let name =
        |file: PathBuf| file.strip_prefix(&below).unwrap().with_extension("").to_str().unwrap().to_owned();
    files("runbooks").into_iter().filter(is_runbook).map(name).collect()
}

/// A plan of a runbook with nothing given: no input, no program to be found, no folder of its own.
fn plan(words: &[&str], name: &str, folder: &Path) -> Value {
    let mut words = words.iter().copied().chain([env!("CARGO_BIN_EXE_bowline")]);
    let mut command = Command::new(words.next().unwrap());
    command.args(words).args(["plan", "--full", "--format", "json", name]);
    command.current_dir(folder).stdin(Stdio::null()).env("BOWLINE_JOURNAL", folder.join("journal"));
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(!folder.join("journal").exists(), "{name}: a plan records nothing");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn planned(name: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let env = ["env", "PATH=/nonexistent", "ALL_PROXY=http://127.0.0.1:9"];
    plan(&env, name, folder.path())
}

/// Calls `look` with each item of a plan, those within others too.
fn each(items: &Value, look: &mut dyn FnMut(&Value)) {
    for item in items.as_array().into_iter().flatten() {
        look(item);
        each(&item["items"], look);
    }
}

#[test]
fn each_is_planned_and_nothing_is_started() {
    let probe =
        Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    let traced = probe.is_ok_and(|status| status.success());
    for name in names() {
        let plan_of = planned(&name);
        assert_eq!(plan_of["format"], "bowline-plan/1", "{name}");
        if traced {
            starts_nothing(&name);
        }
    }
    // `tests/traps.rs` says so where there is no trace.
}

fn starts_nothing(name: &str) {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let file = trace.display().to_string();
    let strace = ["strace", "-f", "-qq", "-e", "trace=execve,socket,connect,fork,vfork", "-o", &file];
    plan(&strace, name, folder.path());
    let trace = std::fs::read_to_string(trace).unwrap();
    let calls: Vec<&str> =
        trace.lines().filter_map(|line| line.split_once(' ')).map(|(_, call)| call.trim()).collect();
    let started = calls.iter().filter(|call| call.starts_with("execve("));
    assert_eq!(started.count(), 1, "{name}: only bowline itself: {trace}");
    let other =
        |call: &&&str| ["socket(", "connect(", "fork(", "vfork("].iter().any(|other| call.starts_with(other));
    assert_eq!(calls.iter().find(other), None, "{name}: {trace}");
}

/// Every changing step is undone, is irreversible, or says why nothing needs undoing.
#[test]
fn each_step_answers_for_its_undo() {
    for name in names() {
        let plan = planned(&name);
        let mut steps = 0;
        each(&plan["items"], &mut |item| {
            if !matches!(item["kind"].as_str(), Some("step" | "manual")) || item["class"] == "reads" {
                return;
            }
            steps += 1;
            let parts: Vec<&Value> = item["items"].as_array().into_iter().flatten().collect();
            let has = |kind: &str| parts.iter().find(|part| part["kind"] == kind);
            let undone = [has("rollback"), has("restore")].into_iter().flatten();
            let empty = undone.clone().any(|part| part["items"].as_array().is_none_or(Vec::is_empty));
            assert!(!empty, "{name}: \"{}\" is undone by nothing", item["title"]);
            let why = has("rollback none").and_then(|none| none["text"].as_str());
            assert!(why.is_none_or(|why| why.len() > 8), "{name}: \"{}\": {why:?}", item["title"]);
            let answers =
                undone.count() + usize::from(why.is_some()) + usize::from(item["class"] == "irreversible");
            assert!(answers > 0, "{name}: \"{}\" does not say how it is undone", item["title"]);
        });
        assert!(steps > 0 || plan["changing"] == 0, "{name}: its changing steps were not found");
        for failure in plan["failures"].as_array().unwrap() {
            let unanswered =
                failure["stays"].as_array().unwrap().iter().find(|stays| stays["why"] == "no answer");
            assert_eq!(unanswered, None, "{name}");
        }
    }
}

#[test]
fn no_person_is_named() {
    for file in [files("runbooks"), files("stdlib")].concat() {
        let text = std::fs::read_to_string(&file).unwrap();
        let words: BTreeSet<&str> = text.split(|letter: char| !letter.is_alphabetic()).collect();
        let named: Vec<_> = PEOPLE.iter().filter(|name| words.contains(*name)).collect();
        assert!(named.is_empty(), "{} names {named:?}; owners are roles", file.display());
    }
}

/// A wait, soak or poll of hours has its length as an input, so that it can be practised in seconds. The time that people
/// have for an approval is over when they answer.
#[test]
fn each_long_wait_can_be_shortened() {
    for file in files("runbooks") {
        let text = std::fs::read_to_string(&file).unwrap();
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.contains("approval \""));
        for (number, line) in lines {
            let words: Vec<&str> = line.split_whitespace().collect();
            let waits = words.windows(2).filter(|pair| matches!(pair[0], "wait" | "within" | "soak"));
            let long = waits.map(|pair| pair[1]).find(|length| is_long(length));
            assert_eq!(long, None, "{}:{number}: make it an input with that default", file.display());
        }
    }
}

/// Whether a text is a length of an hour or more.
fn is_long(text: &str) -> bool {
    let number = text.trim_end_matches(|letter: char| letter.is_alphabetic());
    let unit = text.get(number.len()..).unwrap_or_default();
    let minutes = number.parse::<u32>().ok().map(|number| match unit {
        "m" => number,
        "h" => number * 60,
        "d" => number * 1440,
        _ => 0,
    });
    minutes.is_some_and(|minutes| minutes >= 60)
}

/// What `docs/seeds.md` says to carry a sentence is there: the runbook, and every title, as it is written in it.
#[test]
fn what_carries_the_seeds_is_there() {
    let table = std::fs::read_to_string(root().join("docs/seeds.md")).unwrap();
    let mut missing = vec![];
    let mut cited = 0;
    for line in table.lines().filter(|line| line.starts_with("| ")) {
        let mut text = String::new();
        for part in line.split('`').skip(1).step_by(2).filter(|part| part.contains('›')) {
            let (name, titles) = part.split_once('›').unwrap();
            if !name.trim().is_empty() {
                text = read(name.trim());
            }
            for title in titles.split('›') {
                cited += 1;
                let mut pieces = title.split('…').map(str::trim);
                if text.is_empty() || !pieces.all(|piece| text.contains(piece)) {
                    missing.push(part.to_owned());
                }
            }
        }
    }
    assert!(cited > 100, "only {cited} titles are cited");
    assert_eq!(missing, Vec::<String>::new());
}

/// `docs/seeds.md` counts what a person is asked to confirm, and says why of each.
#[test]
fn each_confirm_is_accounted_for() {
    let table = std::fs::read_to_string(root().join("docs/seeds.md")).unwrap();
    let rows = table.lines().skip_while(|line| *line != "| confirm | why |").skip(2);
    let told: BTreeSet<String> = rows
        .take_while(|line| line.starts_with("| "))
        .map(|line| line.split('`').nth(1).unwrap().to_owned())
        .collect();
    let mut found = BTreeSet::new();
    for file in [files("runbooks"), files("stdlib")].concat() {
        let name = file.strip_prefix(root()).unwrap().with_extension("").display().to_string();
        let text = std::fs::read_to_string(&file).unwrap();
        let asked = text.lines().filter_map(|line| line.trim().strip_prefix("confirm \"")?.split('"').next());
        found.extend(asked.map(|title| format!("{} › {title}", name.trim_start_matches("runbooks/"))));
    }
    assert_eq!(told, found);
}

/// A bundled runbook as it is written; nothing where there is none.
fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(format!("runbooks/{name}.runbook"))).unwrap_or_default()
}
