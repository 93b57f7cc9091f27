//! Before a run begins: what is missing is said then, not at three in the morning.

use crate::site::{Site, has_openssh};

const GO: &str =
    "approval \"Go\" need 2 from \"ops\"\nstep \"A\" {\n  run touch ran\n  rollback none \"x\"\n}\n";

#[test]
fn without_keys_it_is_said_at_the_start_how_to_name_them() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    std::fs::remove_file(site.path("bowline.toml")).unwrap();
    let (code, said) = site.by("olga", &["run", "a.runbook"]);
    assert_eq!(code, Some(2), "{said}");
    for words in
        ["\"Go\": there is no group `ops`", "[people]", "approvals = \"unsigned\"", "docs/approvals.md"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!site.path("ran").exists() && !site.path("journal").exists());
}

#[test]
fn a_quorum_that_could_never_be_met_is_refused() {
    if !has_openssh() {
        return;
    }
    let site = Site::with(GO, &["ana", "olga"], "");
    let (code, said) = site.by("olga", &["run", "a.runbook"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("2 from `ops` are needed, and 1 can approve (olga operates the run)"), "{said}");
    assert!(!site.path("journal").exists());
    let (code, said) = site.by("eve", &["run", "a.runbook"]);
    assert_eq!(code, Some(5), "somebody else may start it: {said}");
}

#[test]
fn a_broken_file_of_signers_is_named_with_its_line() {
    if !has_openssh() {
        return;
    }
    let site = Site::with(GO, &["ana", "bo"], "allowed-signers = \"signers\"");
    let (code, said) = site.by("olga", &["run", "a.runbook"]);
    assert!(code == Some(3) && said.contains("signers: "), "{said}");
    site.write("signers", "# people\ncy valid-after=\"soon\" ssh-ed25519 AAAA\n");
    let (code, said) = site.by("olga", &["run", "a.runbook"]);
    assert!(code == Some(3) && said.contains("line 2: `soon` is no time"), "{said}");
}

#[test]
fn an_answers_file_never_satisfies_it() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    site.write("answers.toml", "[Go]\napprove = [\"ana\", \"bo\"]\n");
    let (code, said) = site.by("olga", &["run", "a.runbook", "--answers", "answers.toml"]);
    assert_eq!(code, Some(5), "{said}");
    assert!(!site.path("ran").exists());
}

#[test]
fn keys_and_groups_are_those_of_the_start() {
    if !has_openssh() {
        return;
    }
    let site = Site::new("approval \"Go\" need 1 from \"ops\"\n");
    let id = site.waits();
    site.make_key("eve", &["-t", "ed25519"]);
    let eve = site.public("eve");
    site.write("bowline.toml", &format!("[people]\neve = \"{eve}\"\n[groups]\nops = [\"eve\"]\n"));
    let (code, said) = site.approves("eve", &id, &[]);
    assert!(code == Some(1) && said.contains("nobody that the run knows"), "{said}");
    assert_eq!(site.approves("ana", &id, &[]).0, Some(0));
    assert_eq!(site.resume(&id, &[]).0, Some(0));
}

#[test]
fn what_a_folder_of_votes_must_be() {
    if !has_openssh() {
        return;
    }
    let site = Site::new(GO);
    let (code, said) = site.by("olga", &["run", "a.runbook", "--inbox", "nowhere"]);
    assert!(code == Some(2) && said.contains("--inbox nowhere"), "{said}");
    assert!(!site.path("ran").exists());
}

/// A key that is over counts for nobody; one that becomes valid may still.
#[test]
fn a_quorum_of_keys_that_have_expired_is_refused_and_they_are_named() {
    if !has_openssh() {
        return;
    }
    let site = Site::with(GO, &["ana"], "");
    ["bo", "cy"].iter().for_each(|name| site.make_key(name, &["-t", "ed25519"]));
    let of = |name: &str| site.public(name).rsplit_once(' ').map(|(key, _)| key.to_owned()).unwrap();
    let toml = site.read("bowline.toml").replace("[\"ana\"]", "[\"ana\", \"bo\", \"cy\"]");
    site.write("bowline.toml", &format!("allowed-signers = \"signers\"\n{toml}"));
    let expired = "valid-before=\"20200101Z\"";
    site.write("signers", &format!("bo {expired} {}\ncy {expired} {}\n", of("bo"), of("cy")));
    let (code, said) = site.by("olga", &["run", "a.runbook"]);
    assert_eq!(code, Some(2), "{said}");
    let until = "has a key that was valid until 2020-01-01T00:00:00Z";
    let told = format!("2 from `ops` are needed, and 1 can approve (bo {until}, cy {until})");
    assert!(said.contains(&told), "{said}");
    assert!(!site.path("journal").exists());
    site.write("signers", &format!("bo {expired} {}\ncy valid-after=\"20990101Z\" {}\n", of("bo"), of("cy")));
    let (code, said) = site.by("olga", &["run", "a.runbook"]);
    assert_eq!(code, Some(5), "cy's will be valid: {said}");
}

/// The briefing names who can say yes, and of the rest why they cannot.
#[test]
fn the_briefing_names_who_can_approve() {
    if !has_openssh() {
        return;
    }
    let site = Site::with("approval \"Go\" need 1 from \"ops\"\n", &["ana", "olga"], "");
    ["bo", "cy"].iter().for_each(|name| site.make_key(name, &["-t", "ed25519"]));
    let of = |name: &str| site.public(name).rsplit_once(' ').map(|(key, _)| key.to_owned()).unwrap();
    site.write(
        "signers",
        &format!("bo valid-before=\"20200101Z\" {}\ncy valid-after=\"20200101Z\" {}\n", of("bo"), of("cy")),
    );
    let toml = site
        .read("bowline.toml")
        .replace("[\"ana\", \"olga\"]", "[\"ana\", \"olga\", \"bo\", \"cy\", \"di\"]");
    site.write("bowline.toml", &format!("allowed-signers = \"signers\"\n{toml}"));
    let (code, said) = site.by("olga", &["run", "a.runbook"]);
    assert_eq!(code, Some(5), "{said}");
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = "ops: ana, cy, not olga (who operates the run), not bo (who has a key that was valid until 2020-01-01T00:00:00Z), not di (who has no key)";
    assert!(said.contains(told), "{said}");
    let site = Site::with("approval \"Go\" need 1 from \"ops\" self approval\n", &["ana", "olga"], "");
    let (_, said) = site.by("olga", &["run", "a.runbook"]);
    assert!(said.contains("ops: ana, olga\n"), "{said}");
}
