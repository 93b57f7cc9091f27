//! What other tools read of the author's commands: SARIF, annotations, completions, manual pages; and edits that are applied.

use serde_json::{Value, json};

use crate::site::{Site, page};

const WRONG: &str =
    "runbook \"Wrong\" 1.0.0\n\nstep \"Ünsafe\" timout 3 {\n  run echo {nmae} # 50 %\n}\nlook log \"x\"\n";

fn wrong() -> Site {
    let site = Site::new();
    site.write("a folder/wrong.runbook", WRONG);
    site
}

fn said(site: &Site, args: &[&str]) -> String {
    String::from_utf8(site.bowline(args).stdout).unwrap()
}

#[test]
fn sarif_names_rule_place_and_fix() {
    let site = wrong();
    let log: Value = serde_json::from_str(&said(&site, &["check", "a folder", "--format", "sarif"])).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    let rules: Vec<_> = results.iter().map(|one| one["ruleId"].as_str().unwrap()).collect();
    assert_eq!(rules, ["E0305", "E0201", "E0311"]);
    let first = &results[0];
    let at = first["ruleIndex"].as_u64().and_then(|at| usize::try_from(at).ok()).unwrap();
    assert_eq!(run["tool"]["driver"]["rules"][at]["id"], "E0305");
    let region = json!({ "startLine": 3, "startColumn": 15, "endLine": 3, "endColumn": 21 });
    assert_eq!(
        first["locations"][0]["physicalLocation"],
        json!({ "artifactLocation": { "uri": "a%20folder/wrong.runbook" }, "region": region })
    );
    let replacement = &first["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement, &json!({ "deletedRegion": region, "insertedContent": { "text": "timeout" } }));
    assert_eq!(site.bowline(&["check", "a folder", "--format", "sarif"]).status.code(), Some(3));
}

#[test]
fn annotations_are_workflow_commands() {
    let text = said(&wrong(), &["check", "a folder/wrong.runbook", "--format", "github"]);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(
        lines[0],
        "::error file=a folder/wrong.runbook,line=3,endLine=3,col=15,endColumn=21,title=E0305::`step` has no option `timout`%0Adid you mean `timeout`?"
    );
    assert_eq!(lines.len(), 3, "{text}");
}

/// What is wrong with a value by a schema of the repository.
fn misfit(schema: &str, value: &Value) -> Option<String> {
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler
        .add_resource("https://bowline.invalid/schema.json", serde_json::from_str(&page(schema)).unwrap())
        .unwrap();
    let index = compiler.compile("https://bowline.invalid/schema.json", &mut schemas).unwrap();
    schemas.validate(value, index).err().map(|error| format!("{error:#}"))
}

#[test]
fn json_is_what_the_schema_says() {
    let list: Value =
        serde_json::from_str(&said(&wrong(), &["check", "a folder", "--format", "json"])).unwrap();
    assert_eq!(misfit("docs/schemas/bowline-diagnostics-1.json", &list), None);
    assert_eq!(list[0]["diagnostics"][0]["fix"]["certain"], false);
}

/// Every wrong file of the specs at once: reports with and without a fix, a second place, a file that is taken in.
#[test]
fn every_report_is_sarif_by_its_schema() {
    let specs = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/spec/wrong");
    let mut log: Value =
        serde_json::from_str(&said(&Site::new(), &["check", specs, "--format", "sarif"])).unwrap();
    let schema = "tests/documents/schemas/sarif-2.1.0.json";
    assert_eq!(misfit(schema, &log), None);
    let results = log["runs"][0]["results"].as_array_mut().unwrap();
    assert!(results.len() > 400, "{}", results.len());
    results[0]["level"] = "loud".into();
    assert!(misfit(schema, &log).unwrap().contains("level"), "the schema is asked");
}

#[test]
fn certain_edits_are_applied_and_guesses_are_not() {
    let site = wrong();
    let output = site.bowline(&["check", "a folder", "--fix"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("wrong.runbook: mended 1 of what was wrong\n"), "{told}");
    assert_eq!(output.status.code(), Some(3), "the guesses are left");
    let text = std::fs::read_to_string(site.folder().join("a folder/wrong.runbook")).unwrap();
    assert_eq!(text, WRONG.replace("look log", "log"));
    let again = site.bowline(&["check", "a folder", "--fix"]);
    assert!(!String::from_utf8(again.stderr).unwrap().contains("mended"));
}

#[test]
fn what_is_deprecated_is_named_and_mended() {
    let site = Site::new();
    site.write("gates.runbook", "module gates 1.3.0\n\nstep open(gate: text) \"Open {gate}\" deprecated by \"unlock\" removal 2.0.0 {\n  run gate open {gate}\n  rollback { run gate close {gate} }\n}\nstep unlock(gate: text) \"Unlock {gate}\" {\n  run gate unlock {gate}\n  rollback { run gate lock {gate} }\n}\n");
    let file =
        site.write("old.runbook", "runbook \"Old\" 1.0.0\n\nuse \"./gates\"\n\ngates.open(\"west\")\n");
    let told = site.check("old.runbook");
    assert!(told.contains("`gates.open` is deprecated, and `gates` 2.0.0 no longer has it"), "{told}");
    assert!(told.contains("`gates.unlock` stands in its place"), "{told}");
    site.bowline(&["check", "old.runbook", "--fix"]);
    assert!(std::fs::read_to_string(file).unwrap().ends_with("gates.unlock(\"west\")\n"));
    assert_eq!(site.check("old.runbook").lines().filter(|line| line.contains("W0302")).count(), 0);
}

#[test]
fn modules_that_nothing_reads_are_taken_out_with_their_lines() {
    let site = Site::new();
    let old = "runbook \"T\" 1.0.0\n\nuse \"std/redis\"\n\nuse \"std/git\" # to be read\nuse \"std/sqlite\" # for later\n\ncheck \"It is one\" {\n  expect git.commit([\"git\"]) != \"\"\n}\n";
    let file = site.write("old.runbook", old);
    let told = site.check("old.runbook");
    assert_eq!(told.matches("W0204").count(), 2, "{told}");
    site.bowline(&["check", "old.runbook", "--fix"]);
    let new = old.replace("use \"std/redis\"\n\n", "").replace("use \"std/sqlite\" # for later\n", "");
    assert_eq!(std::fs::read_to_string(file).unwrap(), new);
    assert_eq!(site.check("old.runbook"), "");
}

#[test]
fn a_folder_is_all_that_is_in_it() {
    let site = wrong();
    site.write("a folder/deep/right.runbook", "runbook \"Right\" 1.0.0\n\nlog \"x\"\n");
    site.write("a folder/.hidden/not.runbook", "no runbook");
    site.write("empty/readme.md", "nothing");
    let output = site.bowline(&["fmt", "--check", "a folder/deep"]);
    assert_eq!(output.status.code(), Some(0));
    let list: Value = serde_json::from_str(&said(&site, &["check", "a folder", "--format", "json"])).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 2);
    let here = site.bowline(&["check", "--format", "json"]);
    let list: Value = serde_json::from_slice(&here.stdout).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 2, "without a name it is this folder");
    let empty = site.bowline(&["check", "empty"]);
    assert_eq!(empty.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(empty.stderr).unwrap(),
        "bowline: empty: no file in this folder ends in .runbook\n"
    );
}

#[test]
fn names_are_printed_alone() {
    let site = Site::new();
    let names = said(&site, &["list", "--names"]);
    assert!(names.lines().any(|name| name == "memoria/self-managed-ga"), "{names}");
    assert!(names.lines().all(|name| !name.contains(' ')), "{names}");
    assert!(said(&site, &["list", "--stdlib", "--names"]).lines().any(|name| name == "std/redis"));
}

#[test]
fn a_value_of_the_wrong_type_is_told_with_a_right_one() {
    let site = Site::new();
    let output = site.bowline(&["run", "memoria/self-managed-ga", "-i", "release=abc"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(told, "bowline: input `release`: `abc` is not of type version; write it like `1.0.0`\n");
}

#[test]
fn shells_and_man_get_every_command() {
    let site = Site::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = said(&site, &["completions", shell]);
        assert!(script.contains("settle") && script.contains("explain"), "{shell}");
    }
    assert!(said(&site, &["man", "run"]).contains("on\\-failure"));
    assert_eq!(site.bowline(&["man", "rnu"]).status.code(), Some(2));
    assert!(site.bowline(&["man", "--out", "pages"]).status.success());
    let pages = site.folder().join("pages");
    assert!(pages.join("bowline.1").exists() && pages.join("bowline-run.1").exists());
}
