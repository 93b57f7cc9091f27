//! A run goes on as another one: made, filled and given what the old one holds in one commit, which ends the old one.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use rusqlite::{Connection, params};

use super::chain::{self, Hash};
use super::error::StoreError;
use super::owner::Owner;
use super::record::{NewRun, RunInfo};
use super::schema::event_id;
use super::store::Store;
use super::stored;
use super::writer::Writer;
use crate::event::{Ending, Event, Fact};

/// A run that is to go on where another left off.
pub struct Successor<'a> {
    /// Its short id, from [`Store::free_id`].
    pub id: &'a str,
    /// What it is made of.
    pub new: NewRun<'a>,
    /// What has happened in it: what the other did.
    pub events: &'a [Event],
    /// How it stands, for lists.
    pub status: &'a str,
}

impl Store {
    /// An id that no run has.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn free_id(&self) -> Result<String, StoreError> {
        loop {
            let (id, _) = self.new_id(&jiff::Timestamp::now().to_string())?;
            if self.runs()?.iter().all(|run| run.id != id) {
                return Ok(id);
            }
        }
    }

    /// The run that goes on from one that was planned anew.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn successor(&self, run: &RunInfo) -> Result<Option<String>, StoreError> {
        let last = self.last_body(run)?.map(|(seq, body)| stored::read(seq, &body)).transpose()?;
        Ok(match last.map(|event| event.fact) {
            Some(Fact::Finished { ending: Ending::Superseded, name }) => name,
            _ => None,
        })
    }

    /// Ends a run whose last event has that number, and makes the one that goes on from it, in one commit: whatever
    /// kills this process, exactly one of them goes on. The locks are the new one's, and this process drives both.
    ///
    /// # Errors
    /// When the journal cannot be written; then nothing has changed.
    pub fn supersede(
        &self,
        old: &Writer,
        last: u64,
        successor: &Successor<'_>,
    ) -> Result<RunInfo, StoreError> {
        let db = self.db();
        self.usable(db.execute_batch("BEGIN IMMEDIATE"))?;
        let done = self.write_successor(db, old, last, successor);
        let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = self.usable(db.execute_batch(end));
        if ended.is_err() {
            // The first error is the one to tell.
            let _ = db.execute_batch("ROLLBACK");
        }
        done.and(ended)?;
        self.find(Some(successor.id))
    }

    fn write_successor(
        &self,
        db: &Connection,
        old: &Writer,
        last: u64,
        successor: &Successor<'_>,
    ) -> Result<(), StoreError> {
        let Successor { id, new, events, status } = successor;
        let plan = self.usable(serde_json::to_string(new.plan))?;
        let sources = self.usable(serde_json::to_string(&new.sources))?;
        let (run, created) = (old.run(), jiff::Timestamp::now().to_string());
        let insert = "INSERT INTO runs (id, title, created, salt, status, plan, sources) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        self.usable(db.execute(insert, params![id, new.title, created, run.salt, status, plan, sources]))?;
        let key = db.last_insert_rowid();
        self.usable(write_events(db, key, chain::first(id), events))?;
        self.usable(db.execute("UPDATE locks SET run = ?1 WHERE run = ?2", [key, run.key]))?;
        let fact = Fact::Finished { ending: Ending::Superseded, name: Some((*id).to_owned()) };
        let end = Event { seq: last + 1, at: jiff::Timestamp::now(), fact };
        self.usable(write_events(db, run.key, old.head(), std::slice::from_ref(&end)))?;
        let update = "UPDATE runs SET status = ?1 WHERE key = ?2";
        let ended = crate::run::ExitCode::standing_of(Ending::Superseded);
        self.usable(db.execute(update, params![ended, run.key]))?;
        self.usable(Owner::this().takes(db, key))
    }
}

impl Store {
    /// Puts files of a run beside those of another that goes on from it: hard links where the disk has them. Each stands
    /// in a folder of the run and has a name there; its new name begins with the id of the run that it came from.
    ///
    /// # Errors
    /// When one cannot be put there. One that is not there any more is no error.
    pub fn hand_on(&self, from: &str, to: &str, files: &[(&str, String)]) -> Result<(), StoreError> {
        for (folder, name) in files {
            let target = self.folder(to).join(folder);
            self.usable(DirBuilder::new().recursive(true).mode(0o700).create(&target))?;
            let (source, target) =
                (self.folder(from).join(folder).join(name), target.join(format!("{from}-{name}")));
            self.usable(linked(&source, &target))?;
        }
        Ok(())
    }
}

fn linked(source: &Path, target: &Path) -> std::io::Result<()> {
    if !source.exists() || target.exists() {
        return Ok(());
    }
    if std::fs::hard_link(source, target).is_err() {
        std::fs::copy(source, target)?;
        std::fs::File::open(target)?.sync_all()?;
    }
    target.parent().map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all())
}

fn write_events(db: &Connection, run: i64, first: Hash, events: &[Event]) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached("INSERT INTO events (id, body, hash) VALUES (?1, ?2, ?3)")?;
    let mut last = first;
    for event in events {
        let body = stored::write(event);
        last = chain::next(&last, &body);
        statement.execute(params![event_id(run, event.seq), body, last])?;
    }
    Ok(())
}
