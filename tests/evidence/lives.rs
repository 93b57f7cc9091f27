//! Packs of runs that did not go straight: settled by a person, planned anew, taken over, with votes from two processes.

use super::made::{files, found, with_events};
use super::site::{self, Site};

/// The pack of a run, which is whole and fits itself.
fn verified(site: &Site) -> Vec<u8> {
    let (path, pack) = site.pack();
    let said = site.verify(&path, &[]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    std::fs::remove_file(path).unwrap();
    pack
}

fn report(pack: &[u8]) -> String {
    let file = files(pack).into_iter().find(|file| file.name == "report.md").unwrap();
    String::from_utf8(file.bytes).unwrap()
}

#[test]
fn a_run_that_was_settled_verifies_and_its_settlement_cannot_be_changed() {
    let site = site::stuck();
    let settled = site.bowline(&["settle", &site.id(), "--skip", "it was never sold"]);
    assert_eq!(settled.code, Some(6), "{}", settled.err);
    let pack = verified(&site);
    assert!(report(&pack).contains("it was never sold"), "{}", report(&pack));
    let other = with_events(&pack, |lines| {
        let line = lines.iter_mut().find(|line| line.contains("\"settled\"")).unwrap();
        assert!(line.contains("\"skip\""), "{line}");
        *line = line.replace("\"skip\"", "\"done\"");
    });
    let found = found(&other);
    assert!(found.iter().any(|line| line.starts_with("event ")), "{found:?}");
}

#[test]
fn both_runs_of_one_that_was_planned_anew_verify() {
    let site = Site::new("step \"Sell\" {\n  run false\n  rollback { run echo unsold }\n}");
    assert_eq!(site.bowline(&["run", "a.runbook", "--on-failure", "hold"]).code, Some(5));
    let first = site.id();
    let text = std::fs::read_to_string(site.path("a.runbook")).unwrap();
    site.write("a.runbook", &text.replace("run false", "run true"));
    let words = ["resume", &first, "--replan", "--decide", "Sell=again", "--because", "it is mended"];
    let anew = site.bowline(&words);
    assert_eq!(anew.code, Some(0), "{}", anew.err);
    assert_ne!(site.id(), first);
    let next = verified(&site);
    assert!(report(&next).contains("it is mended"), "{}", report(&next));
    let out = site.path("first.tar");
    let said = site.bowline(&["evidence", &first, "-o", out.to_str().unwrap()]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let said = site.verify(&out, &[]);
    assert!(said.code == Some(0) && said.out.contains("superseded"), "{}", said.out);
}

#[test]
fn a_run_that_was_handed_over_verifies() {
    let site = site::waiting();
    let id = site.id();
    let words = ["handover", &id, "--to", "bo", "--note", "end of shift"];
    let said = site.bowline_as("bo", &words);
    assert_eq!(said.code, Some(0), "{}", said.err);
    site.write("answers.toml", "[\"Shall we?\"]\nanswer = true\n");
    let said = site.bowline_as("bo", &["resume", &id, "--answers", "answers.toml"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let pack = verified(&site);
    let report = report(&pack);
    let people = report.split("## Who said what").nth(1).unwrap();
    assert!(people.contains("end of shift") && people.contains("| bo, from a file |"), "{report}");
}
