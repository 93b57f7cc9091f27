//! `exclusive`: one run holds it to its end, and another waits, is told who, and touches nothing.

use std::process::Child;

use super::site::Site;
use crate::said::{Said, said};

/// Holds the lock until the file `go` is there; says so by the file `in`.
const HOLDS: &str = r#"
input database: url = "sqlite:///a.db"
input folder: path = "data"

exclusive "shop {database}"
exclusive "folder {folder}"

step "Work" idempotent {
  ```sh
  touch in
  until test -e go; do sleep 0.05; done
  echo worked >> log
  ```
  rollback { run sh -c "echo undone >> log" }
}

after rollback {
  look run sh -c "echo looked >> log"
}

after failure {
  look run sh -c "echo told >> log"
}
"#;

fn held(site: &Site) -> (Child, String) {
    let child = site.start(&[]);
    site.await_file("in");
    let run = site.latest();
    (child, run)
}

fn ends(site: &Site, mut child: Child) {
    site.write("go", "");
    assert!(child.wait().unwrap().success());
}

/// The reason in the last line but those about what to type.
fn waits(said: &Said, lock: &str) {
    assert_eq!(said.code, Some(5), "{said:?}");
    assert!(said.err.contains(&format!("holds `{lock}` since ")), "{}", said.err);
    assert!(said.err.contains(" seconds ago") || said.err.contains(" second ago"), "{}", said.err);
}

#[test]
fn a_second_run_waits_and_is_told_which_holds_it_since_when_and_what_to_do() {
    let site = Site::new(HOLDS);
    let (child, run) = held(&site);
    let second = site.bowline(&["run", "a.runbook"]);
    let lock = format!("shop {}", site.root().canonicalize().unwrap().join("a.db").display());
    waits(&second, &lock);
    assert!(
        second.err.contains(&format!("run {run} (Move the shop) holds `{lock}` since ")),
        "{}",
        second.err
    );
    assert!(second.err.contains(&format!("stop it with `bowline cancel {run}`")), "{}", second.err);
    let waiting = site.latest();
    ends(&site, child);
    let resumed = site.bowline(&["resume", &waiting]);
    assert_eq!(resumed.code, Some(0), "{resumed:?}");
    assert_eq!(site.lines("log"), ["worked", "worked"]);
}

#[test]
fn a_file_is_one_lock_however_it_is_spelled() {
    let site = Site::new(HOLDS);
    let elsewhere = site.path("elsewhere");
    std::fs::create_dir_all(elsewhere.join("deep")).unwrap();
    std::fs::create_dir(site.path("data")).unwrap();
    site.write("a.db", "");
    std::os::unix::fs::symlink(site.path("a.db"), elsewhere.join("link.db")).unwrap();
    let (child, _) = held(&site);
    let whole = site.root().canonicalize().unwrap();
    let whole = whole.display();
    let shop = format!("shop {whole}/a.db");
    for spelled in [
        format!("sqlite:///{whole}/a.db"),
        format!("sqlite:////{whole}/./elsewhere/../a.db?mode=rw"),
        format!("file://{whole}/a.db"),
        "sqlite:///../a.db".to_owned(),
        "sqlite://link.db".to_owned(),
    ] {
        let input = format!("database={spelled}");
        let mut command = site.command(&["run", "../a.runbook", "-i", &input]);
        waits(&said(command.current_dir(&elsewhere)), &shop);
    }
    let mut command = site.command(&["run", "../a.runbook", "-i", "folder=../data/"]);
    waits(&said(command.current_dir(&elsewhere)), &format!("folder {whole}/data"));
    ends(&site, child);
}

#[test]
fn a_server_is_one_lock_whoever_asks_it_and_its_password_is_not_told() {
    let site = Site::new(HOLDS);
    let child = site.start(&["-i", "database=postgres://ada:hushhush@DB.example/shop"]);
    site.await_file("in");
    let second =
        site.bowline(&["run", "a.runbook", "-i", "database=postgres://bo:quietquiet@db.example/shop"]);
    waits(&second, "shop postgres://db.example/shop");
    for file in ["journal/journal.db", "journal/journal.db-wal"] {
        let kept = std::fs::read(site.path(file)).unwrap_or_default();
        for secret in ["hushhush", "quietquiet"] {
            assert!(!String::from_utf8_lossy(&kept).contains(secret), "{file}");
        }
    }
    ends(&site, child);
}

#[test]
fn a_text_is_the_lock_that_it_spells() {
    let site = Site::new("exclusive \"sqlite:///a.db\"\nwait 72h \"Code freeze\"");
    site.runbook("b.runbook", "exclusive \"sqlite:///./a.db\"\nlog \"x\"");
    assert_eq!(site.bowline(&["run", "a.runbook"]).code, Some(5));
    waits(&site.bowline(&["run", "a.runbook"]), "sqlite:///a.db");
    assert_eq!(site.bowline(&["run", "b.runbook"]).code, Some(0));
}

#[test]
fn a_cancelled_run_that_never_had_the_lock_touches_nothing_and_frees_nothing() {
    let site = Site::new(HOLDS);
    let (child, run) = held(&site);
    assert_eq!(site.bowline(&["run", "a.runbook"]).code, Some(5));
    let waiting = site.latest();
    let cancelled = site.bowline(&["cancel", &waiting]);
    assert_eq!(cancelled.code, Some(1), "{cancelled:?}");
    assert!(cancelled.err.contains("- after failure skipped: the run never had `shop "), "{}", cancelled.err);
    assert_eq!(site.lines("log"), [""; 0]);
    waits(
        &site.bowline(&["run", "a.runbook"]),
        &format!("shop {}/a.db", site.root().canonicalize().unwrap().display()),
    );
    let third = site.latest();
    assert_ne!(third, run);
    ends(&site, child);
    assert_eq!(site.bowline(&["resume", &third]).code, Some(0));
}

#[test]
fn a_killed_run_keeps_its_lock_until_it_is_resumed_or_cancelled() {
    for (verb, code, log) in [("resume", 0, vec!["worked"]), ("cancel", 1, vec!["undone", "looked", "told"])]
    {
        let site = Site::new(HOLDS);
        let (mut child, run) = held(&site);
        child.kill().unwrap();
        child.wait().unwrap();
        let second = site.bowline(&["run", "a.runbook"]);
        assert_eq!(second.code, Some(5), "{second:?}");
        let todo = "no process drives it any more, and it keeps the lock for what it may still owe";
        assert!(second.err.contains(todo), "{}", second.err);
        for way in ["resume", "cancel"] {
            assert!(second.err.contains(&format!("`bowline {way} {run}`")), "{}", second.err);
        }
        let waiting = site.latest();
        site.write("go", "");
        let settled = site.bowline(&[verb, &run]);
        assert_eq!(settled.code, Some(code), "{settled:?}");
        assert_eq!(site.lines("log"), log);
        let show = site.bowline(&["show", &waiting]).out;
        assert!(show.contains(&format!("run {run} has ended and holds `shop ")), "{show}");
        assert_eq!(site.bowline(&["resume", &waiting]).code, Some(0));
    }
}
