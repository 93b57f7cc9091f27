//! `resume --due`: a run goes on by itself once people have decided, and not before.

use crate::site::{Site, has_openssh};

/// What `resume --due` prints, with its exit code.
fn due(site: &Site) -> (Option<i32>, String) {
    let output = site.says("olga", &["resume", "--due"]);
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_run_goes_on_by_itself_once_enough_people_have_approved() {
    if !has_openssh() {
        return;
    }
    let site = Site::new("approval \"Go\" need 2 from \"ops\" within 4h\nlog \"after it\"\n");
    let (code, said) = site.by("olga", &["run", "a.runbook", "--inbox", "shared"]);
    assert_eq!(code, Some(5), "{said}");
    let id = site.id();
    let request = site.request(&id, &[]);
    site.signed_into("shared/ana.approval", "ana", &request, &[]);
    assert_eq!(due(&site), (Some(0), "no run is due\n".to_owned()), "one of two");
    let (code, said) = site.resume(&id, &["--due"]);
    assert!(code == Some(0) && said == format!("run {id} is not due\n"), "{said}");
    // One through the shared folder, one through the run's own inbox.
    assert_eq!(site.approves("bo", &id, &[]).0, Some(0));
    let expected =
        format!("{id}: Upgrade: resume: approval `Go` is decided: given by ana, bo\n{id}: exit code 0\n");
    assert_eq!(due(&site), (Some(0), expected));
    assert_eq!(due(&site), (Some(0), "no run is due\n".to_owned()), "once");
    assert!(site.by("olga", &["show", &id]).1.contains("after it") || site.events().contains("after it"));
}

#[test]
fn a_no_is_a_decision_too() {
    if !has_openssh() {
        return;
    }
    let site = Site::new("approval \"Go\" need 2 from \"ops\"\n");
    let id = site.waits();
    assert_eq!(site.approves("ana", &id, &["--reject", "not tonight"]).0, Some(0));
    let (code, said) = due(&site);
    assert!(code == Some(1) && said.contains("rejected by ana: not tonight"), "{said}");
    assert!(said.ends_with(&format!("{id}: exit code 1\n")), "{said}");
}

/// Who stopped a run did so knowing of the approval: votes do not take that back.
#[test]
fn what_somebody_stopped_is_left_alone() {
    if !has_openssh() {
        return;
    }
    let site = Site::new("approval \"Go\" need 1 from \"ops\"\n");
    let id = site.waits();
    let (code, said) = site.by("olga", &["cancel", &id, "--on-failure", "hold"]);
    assert_eq!(code, Some(5), "{said}");
    site.approves("ana", &id, &[]);
    assert_eq!(due(&site), (Some(0), "no run is due\n".to_owned()));
    let runs = site.result("olga", &["runs"]);
    assert!(runs.contains("decide: stopped by olga"), "{runs}");
}
