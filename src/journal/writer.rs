//! Writes the events of one run, for the process that holds its lease.

use rusqlite::{Connection, params};

use super::chain::{self, Hash};
use super::disk::DbFile;
use super::record::RunInfo;
use super::schema::event_id;
use super::{locks, stored};
use crate::event::{Ending, Event, Fact, Holder};
use crate::run::{ExitCode, Journal, JournalError};
use crate::value::hex;

/// The right to write a run. Given back when dropped; a process that dies loses it by being dead.
pub struct Writer {
    db: Connection,
    file: DbFile,
    run: RunInfo,
    last: Hash,
}

impl Writer {
    pub(super) fn new(db: Connection, file: DbFile, run: RunInfo, last: Hash) -> Self {
        Self { db, file, run, last }
    }

    /// Appends facts as what happens now, after the event of that number.
    ///
    /// # Errors
    /// When the journal cannot be written; then nothing of it is kept.
    pub fn record(&mut self, last: u64, facts: Vec<Fact>) -> Result<Vec<Event>, JournalError> {
        let at = jiff::Timestamp::now();
        let events: Vec<Event> = (last + 1..).zip(facts).map(|(seq, fact)| Event { seq, at, fact }).collect();
        self.commit(&events)?;
        Ok(events)
    }

    /// The run that it writes.
    #[must_use]
    pub fn run(&self) -> &RunInfo {
        &self.run
    }

    /// The last hash of the run's chain.
    pub(super) fn head(&self) -> Hash {
        self.last
    }

    /// The same in lower-case hex.
    #[must_use]
    pub fn chain_head(&self) -> String {
        hex(&self.last)
    }

    fn insert(&mut self, event: &Event) -> Result<(), JournalError> {
        let body = stored::write(event);
        let hash = chain::next(&self.last, &body);
        let insert = "INSERT INTO events (id, body, hash) VALUES (?1, ?2, ?3)";
        let mut statement = self.db.prepare_cached(insert).map_err(failed)?;
        statement.execute(params![event_id(self.run.key, event.seq), body, hash]).map_err(failed)?;
        drop(statement);
        self.last = hash;
        match &event.fact {
            Fact::Finished { ending, .. } => self.end(*ending),
            _ => Ok(()),
        }
    }

    /// All in one commit; on a failure nothing of it is kept.
    fn commit(&mut self, events: &[Event]) -> Result<(), JournalError> {
        let before = self.last;
        if !self.file.is_still_there() {
            let gone = format!("{} was removed or replaced while the run went on", self.file.shown());
            return Err(JournalError(gone));
        }
        self.exec("BEGIN IMMEDIATE")?;
        let written =
            events.iter().try_for_each(|event| self.insert(event)).and_then(|()| self.exec("COMMIT"));
        if written.is_err() {
            self.last = before;
            // The first error is the one to tell; a rollback that fails changes nothing about it.
            let _ = self.exec("ROLLBACK");
        }
        written
    }

    fn exec(&self, sql: &str) -> Result<(), JournalError> {
        self.db.prepare_cached(sql).and_then(|mut statement| statement.execute([])).map(drop).map_err(failed)
    }

    /// How the run stands, for lists.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn set_status(&self, status: &str) -> Result<(), JournalError> {
        let update = "UPDATE runs SET status = ?1 WHERE key = ?2";
        self.db.execute(update, params![status, self.run.key]).map(drop).map_err(failed)
    }

    /// A run that ends gives its locks back in the same moment: no crash comes between.
    fn end(&self, ending: Ending) -> Result<(), JournalError> {
        self.set_status(ExitCode::standing_of(ending))?;
        self.db.execute("DELETE FROM locks WHERE run = ?1", [self.run.key]).map(drop).map_err(failed)
    }

    fn take(&self, name: &str) -> Result<Result<(), Holder>, JournalError> {
        let holder = locks::holder(&self.db, name).map_err(failed)?;
        if holder.as_ref().is_some_and(|holder| holder.run == self.run.key) {
            return Ok(Ok(()));
        }
        if let Some(holder) = holder
            && locks::is_open(&self.db, holder.run).map_err(failed)?
        {
            return Ok(Err(holder.told(name)));
        }
        locks::write(&self.db, name, self.run.key).map_err(failed).map(Ok)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Should it fail, the lease is that of a dead process soon enough.
        let _ = self.db.execute("DELETE FROM leases WHERE run = ?1", [self.run.key]);
    }
}

impl Journal for Writer {
    fn append(&mut self, events: &[Event]) -> Result<(), JournalError> {
        self.commit(events)
    }

    /// NORMAL writes to the WAL without a sync: it survives the death of this process, not that of the machine.
    fn note(&mut self, event: &Event) -> Result<(), JournalError> {
        self.db.execute_batch("PRAGMA synchronous = NORMAL").map_err(failed)?;
        let written = self.commit(std::slice::from_ref(event));
        self.db.execute_batch("PRAGMA synchronous = FULL").map_err(failed)?;
        written
    }

    fn lock(&mut self, name: &str) -> Result<Result<(), Holder>, JournalError> {
        self.exec("BEGIN IMMEDIATE")?;
        let taken = self.take(name);
        self.exec(if taken.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        taken
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn failed(error: rusqlite::Error) -> JournalError {
    let hint = match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => "; make room on the disk",
        Some(rusqlite::ErrorCode::SystemIoFailure) => "; look at the disk",
        _ => "",
    };
    JournalError(format!("{error}{hint}"))
}
