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
