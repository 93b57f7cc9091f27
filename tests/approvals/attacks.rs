//! What must not count: each is refused with its reason, told where the run is driven, and recorded.

use crate::site::{Site, has_openssh};

const GO: &str = "approval \"Go\" need 2 from \"ops\"\n";

/// Drops a text into the inbox of a run that waits; the run must wait on, having said and recorded why.
fn refused(site: &Site, id: &str, name: &str, bytes: &[u8], why: &str) {
    site.drop_into(id, name, bytes);
    let (code, said) = site.resume(id, &[]);
    assert_eq!(code, Some(5), "{said}");
    assert!(said.contains(&format!("not counted: {name}: ")) && said.contains(why), "{why}: {said}");
    let recorded = site.events().replace("\\\"", "\"");
    assert!(recorded.lines().any(|line| line.contains("vote_refused") && line.contains(why)), "{recorded}");
    let (_, again) = site.resume(id, &[]);
    assert!(!again.contains("not counted"), "it is told once: {again}");
}

#[test]
fn what_was_signed_for_another_run_or_gate() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let other = site.waits();
    let theirs = std::fs::read(site.signed("ana", &site.request(&other, &[]), &[])).unwrap();
    let id = site.waits();
    refused(&site, &id, "ana.approval", &theirs, &format!("it is for run {other}, not for {id}"));

    let body = "approval \"First\" need 1 from \"ops\"\napproval \"Second\" need 1 from \"ops\"\n";
    let site = Site::new(body);
    let id = site.waits();
    let first = std::fs::read(site.signed("ana", &site.request(&id, &["First"]), &[])).unwrap();
    assert_eq!(site.approves("bo", &id, &[]).0, Some(0));
    assert_eq!(site.resume(&id, &[]).0, Some(5));
    refused(&site, &id, "late.approval", &first, "it is for \"First\", which is not asked now");
}

/// Each turn of a loop asks anew, with the same words: a vote on the first is none on the second.
#[test]
fn what_was_signed_for_an_earlier_attempt() {
    if !has_openssh() {
        return;
    }
    let body = "repeat \"Try\" at most 3 {\n  let go = approval \"Go\" need 1 from \"ops\"\n} until go\n";
    let site = Site::new(body);
    let id = site.waits();
    let request = site.request(&id, &[]);
    let first = std::fs::read(site.signed("ana", &request, &[])).unwrap();
    assert_eq!(site.approves("bo", &id, &["--reject", "not yet"]).0, Some(0));
    assert_eq!(site.resume(&id, &[]).0, Some(5));
    site.drop_into(&id, "replayed.approval", &first);
    let (code, said) = site.resume(&id, &[]);
    assert_eq!(code, Some(5), "{said}");
    assert!(said.contains("not counted: replayed.approval"), "{said}");
}

#[test]
fn a_run_of_another_plan_or_other_inputs() {
    if !has_openssh() {
        return;
    }
    let body = format!("input release: text = \"1\"\n{GO}log \"{{release}}\"\n");
    let site = Site::new(&body);
    let first = site.waits();
    let signed = std::fs::read_to_string(site.signed("ana", &site.request(&first, &[]), &[])).unwrap();
    site.write("a.runbook", &format!("runbook \"Upgrade\" 1.0.0\n{body}log \"more\"\n"));
    let id = site.waits();
    // Even under the name of the new run: the request is another one.
    let renamed = signed.replace(&first, &id);
    refused(&site, &id, "renamed.approval", renamed.as_bytes(), "it is for another plan");
    let request = std::fs::read_to_string(site.request(&id, &[])).unwrap();
    let changed = site.path("changed.txt");
    std::fs::write(&changed, request.replace("release = 1", "release = 2")).unwrap();
    let signed = std::fs::read(site.signed("bo", &changed, &[])).unwrap();
    refused(&site, &id, "changed.approval", &signed, "what was asked has been changed");
}

#[test]
fn a_run_that_is_planned_anew_asks_anew_and_what_was_signed_before_is_void() {
    if !has_openssh() {
        return;
    }
    let body = format!("step \"Prepare\" {{\n  run true\n  rollback none \"x\"\n}}\n{GO}");
    let site = Site::new(&body);
    let first = site.waits();
    let request = site.request(&first, &[]);
    let signed = std::fs::read(site.signed("ana", &request, &[])).unwrap();
    // One vote was taken in before; it counts for the request that it was given to.
    assert_eq!(site.approves("bo", &first, &[]).0, Some(0));
    assert_eq!(site.resume(&first, &[]).0, Some(5));
    site.write("a.runbook", &format!("runbook \"Upgrade\" 1.0.0\n{body}log \"more\"\n"));
    let (code, said) = site.by("olga", &["resume", &first, "--replan"]);
    assert_eq!(code, Some(5), "{said}");
    let id = site.id();
    assert_ne!(id, first, "{said}");
    let asked = std::fs::read_to_string(site.request(&id, &[])).unwrap();
    assert!(asked.contains(&id) && !asked.contains(&first), "{asked}");
    refused(&site, &id, "replayed.approval", &signed, "it is for run");
    for person in ["ana", "bo"] {
        assert_eq!(site.approves(person, &id, &[]).0, Some(0));
    }
    let (code, said) = site.resume(&id, &[]);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn what_was_approved_is_not_carried_over_to_another_plan() {
    if !has_openssh() {
        return;
    }
    let body = format!("{GO}step \"Deploy\" {{\n  run false\n  rollback none \"x\"\n}}\n");
    let site = Site::new(&body);
    let first = site.waits();
    for person in ["ana", "bo"] {
        assert_eq!(site.approves(person, &first, &[]).0, Some(0));
    }
    assert_eq!(site.resume(&first, &["--on-failure", "hold"]).0, Some(5));
    site.write("a.runbook", &format!("runbook \"Upgrade\" 1.0.0\n{}", body.replace("run false", "run true")));
    let args = ["resume", &first, "--replan", "--decide", "Deploy=again", "--because", "mended"];
    let (code, said) = site.by("olga", &args);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("another plan voids that") && said.contains("run --from"), "{said}");
    assert_eq!(site.id(), first, "no run was begun");
    // What is offered instead asks again.
    let (code, said) = site.by("olga", &["run", "a.runbook", "--from", "Deploy", "--because", "mended"]);
    assert_eq!(code, Some(5), "{said}");
    let request = site.request(&site.id(), &[]);
    assert!(std::fs::read_to_string(request).unwrap().contains(&site.id()));
}

#[test]
fn a_text_that_was_changed_after_it_was_signed() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let id = site.waits();
    let rejected = site.signed("ana", &site.request(&id, &[]), &["--reject", "no"]);
    let turned = std::fs::read_to_string(rejected).unwrap().replace("decision  reject", "decision  approve");
    refused(&site, &id, "turned.approval", turned.as_bytes(), "does not fit the text");
}

#[test]
fn one_person_under_two_keys_and_somebody_elses_name() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    site.make_key("second", &["-t", "ecdsa", "-b", "256"]);
    let (one, two) = (site.public("ana"), site.public("second"));
    let config = site.read("bowline.toml").replace(&format!("\"{one}\""), &format!("[\"{one}\", \"{two}\"]"));
    site.write("bowline.toml", &config);
    let id = site.waits();
    let request = site.request(&id, &[]);
    assert_eq!(site.approves("ana", &id, &[]).0, Some(0));
    assert_eq!(site.resume(&id, &[]).0, Some(5));
    let second = std::fs::read(site.signed("second", &request, &[])).unwrap();
    refused(&site, &id, "second.approval", &second, "ana has approved already");
}

#[test]
fn the_key_of_somebody_else_does_not_make_you_them() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let id = site.waits();
    let request = site.request(&id, &[]);
    let posing = std::fs::read(site.signed("ana", &request, &["--name", "bo"])).unwrap();
    refused(&site, &id, "posing.approval", &posing, "is that of ana, not of bo");
}

#[test]
fn who_drives_the_run_and_who_has_taken_it_up() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let id = site.waits();
    let request = site.request(&id, &[]);
    let own = std::fs::read(site.signed("olga", &request, &[])).unwrap();
    refused(&site, &id, "olga.approval", &own, "olga operates this run and may not approve it");
    // ana has approved; by driving the run she loses her vote.
    assert_eq!(site.approves("ana", &id, &[]).0, Some(0));
    assert_eq!(site.by("ana", &["resume", &id]).0, Some(5));
    assert_eq!(site.approves("bo", &id, &[]).0, Some(0));
    let (code, said) = site.resume(&id, &[]);
    assert_eq!(code, Some(5), "{said}");
}

#[test]
fn keys_out_of_their_time_and_for_other_things() {
    if !has_openssh() {
        return;
    }
    let site = Site::with("approval \"Go\" need 1 from \"ops\"\n", &["ana"], "allowed-signers = \"signers\"");
    let names = ["expired", "early", "commits", "cy"];
    names.iter().for_each(|name| site.make_key(name, &["-t", "ed25519"]));
    let line = |name: &str, options: &str| format!("{name} {options} {}\n", site.public(name));
    let signers = [
        line("expired", "valid-before=\"20200101Z\""),
        line("early", "valid-after=\"20990101Z\""),
        line("commits", "namespaces=\"git\""),
        line(
            "cy",
            "namespaces=\"git,bowline-approval@v1\",valid-after=\"20200101Z\",valid-before=\"20990101Z\"",
        ),
    ];
    site.write("signers", &signers.concat());
    let group = "ops = [\"ana\", \"expired\", \"early\", \"commits\", \"cy\"]\n";
    let config = site.read("bowline.toml").replace("ops = [\"ana\"]\n", group);
    site.write("bowline.toml", &config);
    let id = site.waits();
    let request = site.request(&id, &[]);
    for (name, why) in [
        ("expired", "the key of expired was valid until 2020-01-01T00:00:00Z"),
        ("early", "the key of early is not valid before 2099-01-01T00:00:00Z"),
        ("commits", "is for the namespaces git, not for bowline-approval@v1"),
    ] {
        let signed = std::fs::read(site.signed(name, &request, &[])).unwrap();
        refused(&site, &id, &format!("{name}.approval"), &signed, why);
    }
    assert_eq!(site.approves("cy", &id, &[]).0, Some(0));
    assert_eq!(site.resume(&id, &[]).0, Some(0));
}

#[test]
fn two_approvers_at_the_same_moment_are_both_counted() {
    if !has_openssh() {
        return;
    }
    let site = Site::with(GO, &["ana", "bo", "cy", "olga"], "");
    let run = site.driven(&[]);
    let id = site.id();
    std::thread::scope(|scope| {
        let each: Vec<_> =
            ["ana", "bo"].map(|who| scope.spawn(|| site.approves(who, &id, &[]))).into_iter().collect();
        for ended in each {
            let (code, said) = ended.join().unwrap();
            assert_eq!(code, Some(0), "{said}");
        }
    });
    let (code, said) = run.ends();
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(site.events().matches("\"voted\"").count(), 2);
}

#[test]
fn a_secret_in_a_reason_is_not_recorded() {
    if !has_openssh() {
        return;
    }
    let body = format!("input token: secret from file \"token\"\n{GO}log \"{{token}}\"\n");
    let site = Site::new(&body);
    site.write("token", "canary-58213");
    let id = site.waits();
    let signed = site.signed("ana", &site.request(&id, &[]), &["--reject", "canary-58213 leaked"]);
    refused(&site, &id, "ana.approval", &std::fs::read(signed).unwrap(), "it holds a secret of the run");
    assert!(!site.events().contains("canary"), "{}", site.events());
}

/// Two people, twice each, in the same moment: both count, each once, whether a process drives the run or none does.
#[test]
fn a_race_of_two_approvers() {
    if !has_openssh() {
        return;
    }
    for is_driven in [true, false] {
        let site = Site::new(
            "approval \"Go\" need 2 from \"ops\"\nstep \"A\" {\n  run sh -c \"echo ran >> log\"\n  rollback none \"x\"\n}\n",
        );
        let run = is_driven.then(|| site.driven(&[]));
        let id = if is_driven { site.id() } else { site.waits() };
        let said: Vec<_> = std::thread::scope(|scope| {
            let (site, id) = (&site, &id);
            let each = ["ana", "bo", "ana", "bo"].map(|who| scope.spawn(move || site.approves(who, id, &[])));
            each.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let (code, told) = match run {
            Some(run) => run.ends(),
            None => site.resume(&id, &[]),
        };
        assert_eq!(code, Some(0), "{told}\n{said:?}");
        let events = site.events();
        assert_eq!(events.matches("\"voted\"").count(), 2, "{events}");
        for who in ["ana", "bo"] {
            assert_eq!(events.matches(&format!("\"person\":\"{who}\"")).count(), 1, "{who}: {events}");
        }
        assert_eq!(site.read("log"), "ran\n");
        assert!(said.iter().filter(|(code, _)| *code == Some(0)).count() >= 2, "{said:?}");
    }
}
