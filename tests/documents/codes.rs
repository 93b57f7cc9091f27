//! `docs/codes.md`, which `bowline explain` prints: each wrong example is reported with its code alone, each right one not at all.

use std::os::unix::fs::chown;
use std::process::Command;

use bowline::diag::codes::ALL;
use bowline::diag::explain::{Entry, Example, ExampleKind, entry};

use crate::site::{Site, codes, page};

/// What only root can show, who can give a file away.
const OF_ROOT: &str = "E0507";

fn is_root() -> bool {
    let site = Site::new();
    chown(site.write("given", ""), Some(65_534), None).is_ok()
}

/// Runs the commands of an example.
fn make(site: &Site, script: &str) {
    let made = Command::new("sh").args(["-e", "-c", script]).current_dir(site.folder()).output().unwrap();
    assert!(made.status.success(), "{script}\n{}", String::from_utf8_lossy(&made.stderr));
}

/// The examples of a kind, each in a place with what stands beside it.
fn examples(entry: &Entry, kind: ExampleKind) -> Vec<(Site, &'static str)> {
    let of_kind = entry.examples.iter().filter(|example| example.kind == kind);
    of_kind.map(|example| (placed(entry, example), example.language)).collect()
}

fn placed(entry: &Entry, example: &Example) -> Site {
    let site = Site::new();
    for beside in &entry.examples {
        if let ExampleKind::Beside(name) = beside.kind {
            site.write(name, beside.text);
        }
    }
    if example.language == "toml" {
        site.write("bowline.toml", example.text);
        site.write("main.runbook", "runbook \"Example\" 1.0.0\n\nlog \"said\"\n");
    } else if example.language == "sh" {
        make(&site, example.text);
    } else {
        site.write("main.runbook", example.text);
    }
    site
}

/// What is wrong with the entry of a code.
fn wrong_with(id: &str) -> Vec<String> {
    let entry = entry(id).unwrap();
    let mut wrong = vec![];
    if id == OF_ROOT && !is_root() {
        let skipped = format!("skipped: {id}, since only root can give a file away\n");
        std::io::Write::write_all(&mut std::io::stderr(), skipped.as_bytes()).unwrap();
        return wrong;
    }
    let (bad, good) = (examples(&entry, ExampleKind::Wrong), examples(&entry, ExampleKind::Right));
    if bad.is_empty() || good.is_empty() {
        wrong.push(format!("{id}: {} wrong and {} right examples", bad.len(), good.len()));
    }
    for (site, _) in &bad {
        let said = site.check("main.runbook");
        if codes(&said) != [id.to_owned()].into() {
            wrong.push(format!("{id}, the wrong example:\n{said}"));
        }
    }
    for (site, language) in &good {
        let said = site.check("main.runbook");
        if !said.is_empty() {
            wrong.push(format!("{id}, the right example:\n{said}"));
        }
        if *language != "toml" && !site.is_formatted("main.runbook") {
            wrong.push(format!("{id}: the right example is laid out otherwise"));
        }
    }
    wrong
}

#[test]
fn every_example_is_reported_with_its_code_or_not_at_all() {
    let halves: Vec<_> = ALL.chunks(ALL.len().div_ceil(2)).collect();
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let work =
            |half: &&[_]| half.iter().flat_map(|code: &bowline::diag::Code| wrong_with(code.id)).collect();
        let threads: Vec<_> =
            halves.iter().map(|half| scope.spawn(move || -> Vec<_> { work(half) })).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn explain_prints_the_entry() {
    let output = Site::new().bowline(&["explain", "e0207"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(said.starts_with("E0207: a value is of the wrong type\n"), "{said}");
    assert!(said.contains("\nwrong\n\n    runbook \"Upgrade\" 1.0.0\n"), "{said}");
    assert!(said.contains("step \"Stop\" timeout 30s {"), "{said}");
}

#[test]
fn explain_without_a_code_lists_all() {
    let output = Site::new().bowline(&["explain"]);
    let said = String::from_utf8(output.stdout).unwrap();
    let listed: Vec<_> = said.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(listed, ALL.iter().map(|code| code.id).collect::<Vec<_>>());
}

#[test]
fn explain_of_a_code_that_is_none_names_the_nearest() {
    let output = Site::new().bowline(&["explain", "E0270"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("no report has the code E0270; did you mean E0"), "{said}");
}

#[test]
fn explain_as_data_is_what_the_schema_says() {
    let output = Site::new().bowline(&["explain", "E0513", "--format", "json"]);
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["format"], "bowline-codes/1");
    assert_eq!(said["codes"][0]["examples"][2]["file"], "bowline.toml");
    let schema: serde_json::Value = serde_json::from_str(&page("docs/schemas/bowline-codes-1.json")).unwrap();
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("codes.json", schema).unwrap();
    let index = compiler.compile("codes.json", &mut schemas).unwrap();
    schemas.validate(&said, index).unwrap();
}
