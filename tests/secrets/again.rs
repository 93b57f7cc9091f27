//! A run that is taken up again: its secrets are had once more, and may be others.

use std::process::Stdio;

use crate::site::Site;

const OLD: &str = "0ldS3cret-Zq8vKw2m";
const NEW: &str = "N3wS3cret-Yx7pLmA9";

/// A run killed in its first step, which is not known to be done.
fn killed(head: &str) -> Site {
    let site = Site::new(&format!(
        "input token: secret from env \"MYTOK\"\n{head}step \"A\" {{\n  run ./slow\n  rollback {{\n    run ./undo {{\n      env T = token\n    }}\n  }}\n}}\n"
    ));
    site.program("slow", "#!/bin/sh\ntouch began\nexec sleep 300\n");
    site.program("undo", "#!/bin/sh\nprintf %s \"$T\" > undone\necho \"$T\"\n");
    site.write("note", &format!("as {OLD} says\n"));
    site.set("MYTOK", OLD);
    let mut run = site.command(&["run", "a.runbook"]);
    let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    for _ in 0..600 {
        if site.path("began").exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    run.kill().unwrap();
    run.wait().unwrap();
    assert!(site.path("began").exists());
    site
}

fn clean(site: &Site) {
    assert_eq!(site.leaks(&[OLD, NEW]), Vec::<String>::new());
}

#[test]
fn the_words_that_settle_are_masked() {
    for (option, more) in [("--done", None), ("--skip", None), ("--done", Some("--no-resume"))] {
        let site = killed("");
        let (code, _) = site.again("resume", &[]);
        assert_eq!(code, Some(4));
        let why = format!("seen with {OLD} in hand");
        let args: Vec<&str> = [option, &why].into_iter().chain(more).collect();
        let (code, said) = site.again("settle", &args);
        assert_eq!(code, Some(0), "{said}");
        assert!(site.events().contains("seen with *** in hand"), "{}", site.events());
        clean(&site);
    }
}

#[test]
fn another_secret_is_taken_only_where_somebody_says_so() {
    let site = killed("");
    site.set("MYTOK", NEW);
    for (verb, args) in [("resume", &[][..]), ("settle", &["--rollback"]), ("cancel", &[])] {
        let (code, said) = site.again(verb, args);
        let message = "the secret `token` differs from the one that the run was started with; give that one, or go on with the new one: --accept-secret token";
        assert_eq!((code, said.contains(message)), (Some(5), true), "{verb}: {said}");
    }
    let (code, said) = site.again("resume", &["--accept-secret", "tokn"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--accept-secret tokn: the secrets of this run are token"), "{said}");
    let (code, said) = site.again("settle", &["--rollback", "--accept-secret", "token"]);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(std::fs::read_to_string(site.path("undone")).unwrap(), NEW);
    assert!(site.events().contains("secret_changed"), "{}", site.events());
    clean(&site);
}

#[test]
fn a_secret_taken_once_is_the_one_from_there_on() {
    let site = killed("");
    site.set("MYTOK", NEW);
    assert_eq!(site.again("resume", &["--accept-secret", "token"]).0, Some(4));
    site.set("MYTOK", OLD);
    let (code, said) = site.again("settle", &["--rollback"]);
    assert_eq!((code, said.contains("differs")), (Some(5), true), "now the old one is another: {said}");
    site.set("MYTOK", NEW);
    assert_eq!(site.again("settle", &["--rollback", "--no-resume"]).0, Some(0));
    let (code, said) = site.again("resume", &[]);
    assert_eq!(code, Some(1), "the new one needs no more words: {said}");
    clean(&site);
}

/// Inputs that hold a secret although they are not declared so: computed of one, or given with one in them.
#[test]
fn inputs_that_hold_a_secret_are_had_again_too() {
    let head = "input auth: text = \"Bearer {token}\"\ninput note: text from file \"note\"\ninput plain: text = \"plain text\"\nlog \"{auth} {note} {plain}\"\n";
    let site = killed(head);
    assert_eq!(site.again("resume", &[]).0, Some(4));
    assert_eq!(site.again("settle", &["--rollback"]).0, Some(1));
    assert!(site.events().contains("plain text"));
    clean(&site);
    let other = killed(head);
    other.write("note", "other words");
    let (code, said) = other.again("resume", &[]);
    assert_eq!((code, said.contains("the secret `note` differs")), (Some(5), true), "{said}");
}
