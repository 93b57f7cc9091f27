//! What is written is read again, and what was tampered with is not.

use jiff::Timestamp;

use super::*;
use crate::event::{Ending, Event, Fact, FrameId};
use crate::plan::{FORMAT, Plan};
use crate::run::Journal;

fn plan() -> Plan {
    let version = semver::Version::new(1, 0, 0);
    let (inputs, vars, nodes) = (vec![], vec![], vec![]);
    Plan { format: FORMAT, title: "t".into(), version, prose: None, inputs, vars, nodes, digest: "d".into() }
}

fn note(seq: u64) -> Event {
    let fact = Fact::Noted { frame: FrameId(0), text: format!("event {seq}") };
    Event { seq, at: Timestamp::UNIX_EPOCH, fact }
}

/// A journal without a run, in a folder of its own.
fn journal() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    (folder, store)
}

fn new_run(store: &Store) -> RunInfo {
    store.create(&NewRun { title: "t".into(), plan: &plan(), sources: vec![] }).unwrap()
}

#[test]
fn events_are_read_as_they_were_written() {
    let (folder, store) = journal();
    let run = new_run(&store);
    let mut writer = store.lease(&run).unwrap().unwrap();
    writer.append(&[note(1), note(2)]).unwrap();
    writer.note(&note(3)).unwrap();
    drop((writer, store));
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.events(&run).unwrap(), [note(1), note(2), note(3)]);
    assert_eq!(store.plan(&run).unwrap(), plan());
}

#[test]
fn a_changed_and_a_missing_event_are_named() {
    let (folder, store) = journal();
    let run = new_run(&store);
    store.lease(&run).unwrap().unwrap().append(&[note(1), note(2), note(3)]).unwrap();
    let raw = rusqlite::Connection::open(folder.path().join("journal.db")).unwrap();
    raw.execute("UPDATE events SET body = replace(body, 'event 2', 'event 9') WHERE id & 255 = 2", [])
        .unwrap();
    assert!(store.events(&run).unwrap_err().to_string().starts_with("event 2 is not as it was written"));
    raw.execute("DELETE FROM events WHERE id & 255 = 2", []).unwrap();
    assert!(store.events(&run).unwrap_err().to_string().contains("event 2"));
}

#[test]
fn an_append_is_whole_or_not_at_all() {
    let (_folder, store) = journal();
    let run = new_run(&store);
    let mut writer = store.lease(&run).unwrap().unwrap();
    writer.append(&[note(1)]).unwrap();
    assert!(writer.append(&[note(2), note(1)]).is_err());
    writer.append(&[note(2)]).unwrap();
    assert_eq!(store.events(&run).unwrap(), [note(1), note(2)]);
}

#[test]
fn a_lease_is_taken_over_only_from_the_dead() {
    let (folder, store) = journal();
    let run = new_run(&store);
    let raw = rusqlite::Connection::open(folder.path().join("journal.db")).unwrap();
    let mut child = std::process::Command::new("sleep").arg("30").spawn().unwrap();
    let (started, boot) = birth(child.id());
    let insert = "INSERT OR REPLACE INTO leases VALUES (1, ?1, ?2, ?3, 'then')";
    raw.execute(insert, rusqlite::params![child.id(), started, boot]).unwrap();
    assert_eq!(store.lease(&run).unwrap().err().map(|held| held.pid), Some(child.id()));
    assert_eq!(store.driver(&run).unwrap(), Some(child.id()));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(store.lease(&run).unwrap().is_ok());
}

fn birth(pid: u32) -> (i64, String) {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
    (fields[19].parse().unwrap(), boot.trim().to_owned())
}

fn finished(seq: u64) -> Event {
    Event { fact: Fact::Finished { ending: Ending::Completed, name: None }, ..note(seq) }
}

#[test]
fn a_lock_belongs_to_a_run_until_that_has_ended() {
    let (_folder, store) = journal();
    let (one, two) = (new_run(&store), new_run(&store));
    let mut first = store.lease(&one).unwrap().unwrap();
    let mut second = store.lease(&two).unwrap().unwrap();
    assert_eq!(first.lock("db").unwrap(), Ok(()));
    assert_eq!(first.lock("db").unwrap(), Ok(()));
    let held = second.lock("db").unwrap().unwrap_err();
    assert_eq!((held.lock.as_str(), held.run), ("db", one.id.clone()));
    first.append(&[note(1)]).unwrap();
    drop(first);
    assert!(second.lock("db").unwrap().is_err(), "nobody drives it, and it has not ended");
    store.lease(&one).unwrap().unwrap().append(&[finished(2)]).unwrap();
    assert_eq!(store.find(Some(&one.id)).unwrap().status, "completed");
    assert_eq!(second.lock("db").unwrap(), Ok(()));
}

#[test]
fn a_run_that_never_began_holds_nothing_once_its_process_is_dead() {
    let (_folder, store) = journal();
    let (one, two) = (new_run(&store), new_run(&store));
    let mut first = store.lease(&one).unwrap().unwrap();
    let mut second = store.lease(&two).unwrap().unwrap();
    assert_eq!(first.lock("db").unwrap(), Ok(()));
    assert!(second.lock("db").unwrap().is_err(), "it is about to begin");
    drop(first);
    assert_eq!(second.lock("db").unwrap(), Ok(()));
}

#[test]
fn a_lock_that_an_older_bowline_left_behind_holds_nobody() {
    let (folder, store) = journal();
    let (one, two) = (new_run(&store), new_run(&store));
    store.lease(&one).unwrap().unwrap().append(&[finished(1)]).unwrap();
    let raw = rusqlite::Connection::open(folder.path().join("journal.db")).unwrap();
    raw.execute("INSERT INTO locks VALUES ('db', 1, 'then')", []).unwrap();
    assert_eq!(store.lease(&two).unwrap().unwrap().lock("db").unwrap(), Ok(()));
}

#[test]
fn runs_are_found_by_the_beginning_of_their_id() {
    let (_folder, store) = journal();
    assert!(store.find(None).is_err());
    let run = new_run(&store);
    assert_eq!(store.find(Some(&run.id[..3])).unwrap(), run);
    assert_eq!(store.find(None).unwrap(), run);
    assert!(store.find(Some("nope")).is_err());
}

#[test]
fn another_format_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open(folder.path()).unwrap());
    let raw = rusqlite::Connection::open(folder.path().join("journal.db")).unwrap();
    raw.execute("UPDATE meta SET format = 2", []).unwrap();
    assert!(Store::open(folder.path()).err().unwrap().to_string().contains("journal format 2"));
}
