//! Approvals in a gate: asked side by side, in one table with the rest.

use crate::site::{Site, has_openssh};

const GATE: &str = "gate \"Go or no-go\" {\n  approval \"Release\" need 1 from \"ops\"\n  approval \"QA\" need 1 from \"ops\"\n  check \"Ready\" { run test -e ready }\n}\nlog \"on\"\n";

#[test]
fn people_of_one_gate_are_asked_at_once() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GATE);
    site.write("ready", "");
    let id = site.waits();
    let (code, said) = site.approves("ana", &id, &[]);
    assert!(
        code == Some(2) && said.contains("\"Go or no-go / Release\"") && said.contains("/ QA\""),
        "{said}"
    );
    assert_eq!(site.approves("ana", &id, &["QA"]).0, Some(0));
    assert_eq!(site.approves("bo", &id, &["Go or no-go / Release"]).0, Some(0));
    let (code, said) = site.resume(&id, &[]);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn an_approval_that_was_given_stands_while_the_gate_holds() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GATE);
    let id = site.waits();
    assert_eq!(site.approves("ana", &id, &["QA"]).0, Some(0));
    assert_eq!(site.approves("bo", &id, &["Release"]).0, Some(0));
    let (code, said) = site.resume(&id, &[]);
    assert_eq!(code, Some(5), "{said}");
    site.write("ready", "");
    let (code, said) = site.resume(&id, &[]);
    assert_eq!(code, Some(0), "{said}");
}

/// A gate of one check that does not pass, in two turns of a loop.
fn turns(between: &str) -> Site {
    Site::with(
        &format!(
            "for x in [\"a\", \"b\"] {{\n  gate \"G\" {{\n    check \"C\" {{ run test -e fixed }}\n  }}\n{between}}}\nlog \"on\"\n"
        ),
        &[],
        "",
    )
}

fn run_with(site: &Site, answers: &str) -> crate::site::Ended {
    site.write("answers.toml", answers);
    site.by("olga", &["run", "a.runbook", "--answers", "answers.toml"])
}

#[test]
fn what_holds_is_waived_by_name_with_a_reason_and_for_so_long() {
    let site = turns("");
    let (code, said) =
        run_with(&site, "[a.G]\non_hold = \"waive\"\nnote = \"no traffic at night\"\nuntil = \"4h\"\n");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("\"G\": waived until ") && said.contains("(olga: no traffic at night)"), "{said}");
    assert!(said.contains("note: \"C\" did not pass; it is waived until"), "the second turn says so: {said}");
    assert!(
        site.events().contains("\"waive\":{\"why\":\"no traffic at night\",\"until\":"),
        "{}",
        site.events()
    );
}

#[test]
fn a_waiver_that_is_over_waives_nothing() {
    let site = turns("  step \"S\" {\n    run sleep 2\n    rollback none \"x\"\n  }\n");
    let (code, said) = run_with(&site, "[a.G]\non_hold = \"waive\"\nnote = \"x\"\nuntil = \"1s\"\n");
    assert_eq!(code, Some(5), "{said}");
    let (code, said) =
        run_with(&site, "[a.G]\non_hold = \"waive\"\nnote = \"x\"\nuntil = \"2020-01-01T00:00:00Z\"\n");
    assert!(code == Some(5) && site.events().contains("that time is over"), "{said}");
}

#[test]
fn a_waiver_needs_a_reason_and_an_end() {
    for answers in
        ["[a.G]\non_hold = \"waive\"\nuntil = \"4h\"\n", "[a.G]\non_hold = \"waive\"\nnote = \"x\"\n"]
    {
        let site = turns("");
        let (code, said) = run_with(&site, answers);
        assert!(code == Some(5) && site.events().contains("a waiver needs a reason and an end"), "{said}");
    }
}

#[test]
fn a_rejection_cannot_be_waived() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GATE);
    let id = site.waits();
    assert_eq!(site.approves("ana", &id, &["QA"]).0, Some(0));
    assert_eq!(site.approves("bo", &id, &["Release", "--reject", "no"]).0, Some(0));
    site.write("answers.toml", "[\"Go or no-go\"]\non_hold = \"waive\"\nnote = \"x\"\nuntil = \"4h\"\n");
    let (code, said) = site.resume(&id, &["--answers", "answers.toml"]);
    assert_eq!(code, Some(1), "{said}");
}
