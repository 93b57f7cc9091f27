//! Names taken by `exclusive`: which run has one, and whether it still counts.
//!
//! A lock belongs to its run until that has ended, driven or not: a run that crashed still owes its undo.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::owner::Owner;
use super::schema::{event_id, seq_of};
use super::stored;
use crate::event::{Fact, Holder};

/// A run that has a name.
pub(super) struct Held {
    /// The run's key.
    pub(super) run: i64,
    id: String,
    since: Timestamp,
}

impl Held {
    /// As who wants the name is told.
    pub(super) fn told(self, name: &str) -> Holder {
        Holder { lock: name.to_owned(), run: self.id, since: self.since }
    }
}

/// Which run has a name.
pub(super) fn holder(db: &Connection, name: &str) -> rusqlite::Result<Option<Held>> {
    let select =
        "SELECT locks.run, runs.id, locks.since FROM locks JOIN runs ON runs.key = locks.run WHERE name = ?1";
    let found = db.query_row(select, [name], |row| {
        let since: String = row.get(2)?;
        Ok(Held { run: row.get(0)?, id: row.get(1)?, since: since.parse().unwrap_or(Timestamp::UNIX_EPOCH) })
    });
    found.optional()
}

/// The names that a run has.
pub(super) fn held_by(db: &Connection, run: i64) -> rusqlite::Result<Vec<String>> {
    let mut statement = db.prepare("SELECT name FROM locks WHERE run = ?1 ORDER BY name")?;
    let names = statement.query_map([run], |row| row.get(0))?;
    names.collect()
}

/// Gives a run the name, from whoever had it.
pub(super) fn write(db: &Connection, name: &str, run: i64) -> rusqlite::Result<()> {
    let since = format!("{:.0}", Timestamp::now());
    let replace = "INSERT OR REPLACE INTO locks (name, run, since) VALUES (?1, ?2, ?3)";
    db.execute(replace, params![name, run, since]).map(drop)
}

/// Whether a run goes on, or can: it has not ended. One without an event never began, and counts for as long as the
/// process is alive that is about to begin it.
pub(super) fn is_open(db: &Connection, run: i64) -> rusqlite::Result<bool> {
    let select = "SELECT id, body FROM events WHERE id > ?1 AND id < ?2 ORDER BY id DESC LIMIT 1";
    let (from, to) = (event_id(run, 0), event_id(run + 1, 0));
    let last = db.query_row(select, [from, to], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)));
    match last.optional()? {
        // What this bowline cannot read is not known to have ended.
        Some((id, body)) => {
            let read = stored::read(seq_of(id), &body);
            Ok(!read.is_ok_and(|event| matches!(event.fact, Fact::Finished { .. })))
        }
        None => Ok(Owner::of(db, run)?.is_some_and(|(owner, _)| owner.is_alive())),
    }
}
