//! Approvals that are given: while the run is driven, while nobody drives it, by several people, and in time.

use crate::site::{Site, has_openssh};

const GO: &str = "input release: version = 1.0.0\napproval \"Go\" need 2 from \"ops\" showing \"3 nodes\" {\n  \"\"\"\n  Read the change first.\n  \"\"\"\n}\nstep \"A\" {\n  run touch ran\n  rollback none \"x\"\n}\n";

#[test]
fn two_people_approve_a_run_that_waits_and_the_next_resume_takes_it() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let id = site.waits();
    for who in ["ana", "bo"] {
        let (code, said) = site.approves(who, &id, &[]);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains(&format!("{who} approved")) && said.contains("bowline resume"), "{said}");
    }
    let (code, said) = site.resume(&id, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Go: yes (ana, bo: signed, 2 from ops)"), "{said}");
    assert!(site.path("ran").exists());
}

#[test]
fn what_is_signed_names_all_that_is_decided() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let id = site.waits();
    let text = std::fs::read_to_string(site.request(&id, &[])).unwrap();
    for words in [
        &format!("run       {id}"),
        "runbook   Upgrade 1.0.0",
        "approval  Go",
        "needed    2 from ops",
        "| release = 1.0.0",
        "| Read the change first.",
        "| 3 nodes",
        "by olga",
        "decision  approve",
    ] {
        assert!(text.contains(words), "{words}:\n{text}");
    }
}

#[test]
fn whoever_drives_the_run_takes_votes_as_they_come() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let run = site.driven(&[]);
    let id = site.id();
    let (code, said) = site.approves("ana", &id, &["--note", "looks right"]);
    assert!(code == Some(0) && said.contains("counted in run"), "{said}");
    assert!(!site.path("ran").exists());
    let (code, said) = site.approves("ana", &id, &[]);
    assert!(code == Some(1) && said.contains("ana has approved already"), "{said}");
    assert_eq!(site.approves("bo", &id, &[]).0, Some(0));
    let (code, said) = run.ends();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("✓ ana approved: looks right") && said.contains("✓ bo approved"), "{said}");
    let (code, said) = site.approves("bo", &id, &[]);
    assert!(code == Some(2) && said.contains("it has ended"), "{said}");
}

#[test]
fn one_rejection_ends_it() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(&format!("step \"B\" {{\n  run touch b\n  rollback {{ run rm b }}\n}}\n{GO}"));
    let run = site.driven(&[]);
    let id = site.id();
    assert_eq!(site.approves("ana", &id, &[]).0, Some(0));
    assert_eq!(site.approves("bo", &id, &["--reject", "the window is too short"]).0, Some(0));
    let (code, said) = run.ends();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("rejected by bo: the window is too short"), "{said}");
    assert!(!site.path("b").exists() && !site.path("ran").exists(), "what was done is undone");
}

#[test]
fn it_ends_once_too_many_have_stepped_aside() {
    if !has_openssh() {
        return;
    }
    let site = Site::with(GO, &["ana", "bo", "cy", "olga"], "");
    let run = site.driven(&[]);
    let id = site.id();
    assert_eq!(site.approves("cy", &id, &["--decline", "on leave"]).0, Some(0));
    run.until(|events| events.contains("on leave"));
    assert!(!site.events().contains("\"finished\""), "ana and bo are left");
    assert_eq!(site.approves("bo", &id, &["--decline", "not my system"]).0, Some(0));
    let (code, said) = run.ends();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("declined, and 2 from ops can no longer be had"), "{said}");
}

#[test]
fn another_group_will_do_and_a_no_can_be_a_value() {
    if !has_openssh() {
        return;
    }
    let body = "let go = approval \"Go\" need 2 from \"ops\" or 1 from \"lead\"\nif go { end \"went\" }\nlog \"stayed\"\n";
    let site = Site::new(body);
    let config = site.read("bowline.toml") + "lead = [\"ana\"]\n";
    site.write("bowline.toml", &config);
    let id = site.waits();
    assert_eq!(site.approves("ana", &id, &[]).0, Some(0));
    let (code, said) = site.resume(&id, &[]);
    assert!(code == Some(0) && said.contains("went"), "{said}");
    let id = site.waits();
    assert_eq!(site.approves("bo", &id, &["--reject", "no"]).0, Some(0));
    let (code, said) = site.resume(&id, &[]);
    assert!(code == Some(0) && said.contains("stayed"), "{said}");
}

/// The time of an approval runs while no process lives; what came before its end counts, whenever it is looked at.
#[test]
fn what_came_in_time_counts_when_the_resume_is_late_and_what_came_late_does_not() {
    if !has_openssh() {
        return;
    }
    let body = "approval \"Go\" need 1 from \"ops\" within 10m\n";
    let site = Site::new(body);
    let id = site.waits();
    assert_eq!(site.approves("ana", &id, &[]).0, Some(0));
    let Some((code, said)) = site.later("+1h", &["resume", &id]) else { return };
    assert_eq!(code, Some(0), "{said}");
    let site = Site::new(body);
    let Some((code, said)) = site.later("-1h", &["run", "a.runbook"]) else { return };
    assert_eq!(code, Some(5), "{said}");
    let id = site.id();
    let signed = site.signed("ana", &site.request(&id, &[]), &[]);
    let import = signed.display().to_string();
    let (code, said) = site.by("ana", &["approve", "--import", &import]);
    assert!(code == Some(1) && said.contains("expired"), "{said}");
    site.drop_into(&id, "ana.approval", &std::fs::read(signed).unwrap());
    let (code, said) = site.resume(&id, &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("not counted: ana.approval: it came at") && said.contains("nobody decided in time"),
        "{said}"
    );
}

#[test]
fn an_approval_outlives_the_process_that_asked_for_it() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let id = site.waits();
    let request = site.request(&id, &["--out", "first.approval"]);
    assert_eq!(site.resume(&id, &[]).0, Some(5));
    assert_eq!(site.approves("ana", &id, &[]).0, Some(0));
    assert_eq!(site.resume(&id, &[]).0, Some(5));
    let second = site.request(&id, &["--out", "second.approval"]);
    let text = |path| std::fs::read_to_string(path).unwrap().split("decision").next().unwrap().to_owned();
    assert_eq!(text(request.clone()), text(second), "it is the same request");
    let signed = site.signed("bo", &request, &[]);
    let import = signed.display().to_string();
    assert_eq!(site.by("bo", &["approve", "--import", &import]).0, Some(0));
    let (code, said) = site.resume(&id, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.matches("ana approved").count(), 0, "what was counted is not told again: {said}");
}

#[test]
fn without_signatures_a_word_from_another_terminal_counts() {
    if !has_openssh() {
        return;
    }
    let site =
        Site::with("approval \"Go\" need 2 from \"ops\"\n", &["ana", "bo"], "approvals = \"unsigned\"");
    let run = site.driven(&[]);
    let id = site.id();
    for who in ["ana", "bo"] {
        let (code, said) = site.by(who, &["approve", &id]);
        assert_eq!(code, Some(0), "{said}");
    }
    let (code, said) = run.ends();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("unsigned, 2 from ops"), "{said}");
}

/// Whoever looks which run needs whom sees who has said yes, taken in or not yet.
#[test]
fn a_list_of_runs_counts_the_votes_on_an_open_approval() {
    if !has_openssh() {
        return;
    }
    let site = Site::new("approval \"Go\" need 2 from \"ops\" or 1 from \"cto\" within 4h\n");
    site.write("bowline.toml", &(site.read("bowline.toml") + "cto = [\"bo\"]\n"));
    let id = site.waits();
    let runs = || site.result("olga", &["runs"]);
    assert!(runs().contains("approval `Go` from 2 of ops or 1 of cto"), "{}", runs());
    assert_eq!(site.approves("ana", &id, &[]).0, Some(0));
    for taken_in in [false, true] {
        let told = runs();
        assert!(told.contains("approval `Go` from 2 of ops (1 of 2: ana) or 1 of cto"), "{taken_in}: {told}");
        let json = site.result("olga", &["runs", "--format", "json"]);
        assert!(json.contains("\"from\":[\"ops\",\"cto\"],\"approved\":[\"ana\"]"), "{taken_in}: {json}");
        assert_eq!(site.events().contains("\"voted\""), taken_in, "whoever looks writes nothing");
        assert_eq!(site.resume(&id, &[]).0, Some(5));
    }
    assert_eq!(site.approves("bo", &id, &[]).0, Some(0));
    let told = runs();
    let decided = told.contains("resume: approval `Go` is decided: given by ana, bo");
    assert!(decided && !told.contains("resume at"), "{told}");
    assert_eq!(site.resume(&id, &[]).0, Some(0));
}

#[test]
fn a_file_that_is_imported_names_its_run_itself() {
    let site = Site::new(GO);
    for words in [&["approve", "k3xqp", "--import", "x"][..], &["approve", "k3xqp", "--sign", "x"]] {
        let (code, said) = site.by("ana", words);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("bowline approve [OPTIONS] --import <FILE>\n"), "{said}");
        assert!(said.contains("bowline approve [OPTIONS] --sign <FILE>\n"), "{said}");
    }
}
