//! The database of runs in one folder.

use std::fmt::Display;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};

use super::chain::{self, Hash};
use super::disk::DbFile;
use super::error::StoreError;
use super::owner::{Held, Owner};
use super::record::{NewRun, RunInfo};
use super::writer::Writer;
use super::{disk, locks, schema, stored};
use crate::event::{Event, Fact};
use crate::plan::{FORMAT, Plan, digest};
use crate::value::hex;

/// The database, in the journal's folder.
const FILE: &str = "journal.db";
/// Letters of a run's id: none that are read as another.
const LETTERS: &[u8] = b"bcdfghjkmnpqrstvwxz23456789";
/// How long an id is; with 27 letters some 14 million.
const ID_LENGTH: usize = 5;

/// The journal of one folder.
pub struct Store {
    folder: PathBuf,
    db: Connection,
}

impl Store {
    /// Opens the journal of a folder, made (for its owner only) where there is none.
    ///
    /// # Errors
    /// When the folder or the database cannot be used, or a newer bowline wrote it.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        usable(folder, std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder))?;
        usable(folder, disk::network(folder).map_or(Ok(()), |kind| Err(on_network(kind))))?;
        let file = folder.join(FILE);
        let db = usable(folder, Connection::open(&file))?;
        usable(folder, std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)))?;
        let store = Self { folder: folder.to_owned(), db };
        store.prepare()?;
        Ok(store)
    }

    fn prepare(&self) -> Result<(), StoreError> {
        self.usable(self.db.execute_batch(schema::PRAGMAS))?;
        match self.format()? {
            Some(schema::FORMAT) => return Ok(()),
            Some(other) => return Err(StoreError::Newer(format!("journal format {other}"))),
            None => {}
        }
        self.usable(self.db.execute_batch(&format!("BEGIN IMMEDIATE;{}COMMIT;", schema::TABLES)))?;
        let insert = "INSERT INTO meta (format) SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM meta)";
        self.usable(self.db.execute(insert, [schema::FORMAT])).map(drop)
    }

    fn format(&self) -> Result<Option<i64>, StoreError> {
        let there = "SELECT 1 FROM sqlite_master WHERE name = 'meta'";
        let there: Option<i64> = self.usable(self.db.query_row(there, [], |row| row.get(0)).optional())?;
        if there.is_none() {
            return Ok(None);
        }
        self.usable(self.db.query_row("SELECT format FROM meta", [], |row| row.get(0)).optional())
    }

    pub(super) fn usable<T>(&self, done: Result<T, impl Display>) -> Result<T, StoreError> {
        usable(&self.folder, done)
    }

    pub(super) fn db(&self) -> &Connection {
        &self.db
    }

    /// The folder of this journal.
    #[must_use]
    pub fn place(&self) -> &Path {
        &self.folder
    }

    /// The files that a run was made of, name and text, the runbook first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn sources(&self, run: &RunInfo) -> Result<Vec<(String, String)>, StoreError> {
        let select = "SELECT sources FROM runs WHERE key = ?1";
        let text: String = self.usable(self.db.query_row(select, [run.key], |row| row.get(0)))?;
        stored::json(&text).map_err(|error| StoreError::Newer(format!("its files are not readable: {error}")))
    }

    /// Where the files of a run are.
    #[must_use]
    pub fn folder(&self, run: &str) -> PathBuf {
        self.folder.join("runs").join(run)
    }

    /// Where what the programs of a run print is kept.
    #[must_use]
    pub fn outputs(&self, run: &str) -> PathBuf {
        self.folder(run).join("outputs")
    }

    /// Where the evidence of a run is kept.
    #[must_use]
    pub fn evidence(&self, run: &str) -> PathBuf {
        self.folder(run).join("evidence")
    }

    /// Makes a run.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn create(&self, new: &NewRun<'_>) -> Result<RunInfo, StoreError> {
        let plan = self.usable(serde_json::to_string(new.plan))?;
        let sources = self.usable(serde_json::to_string(&new.sources))?;
        let created = Timestamp::now().to_string();
        let (id, salt) = self.new_id(&created)?;
        let insert = "INSERT INTO runs (id, title, created, salt, status, plan, sources) VALUES (?1, ?2, ?3, ?4, 'running', ?5, ?6)";
        self.usable(self.db.execute(insert, params![id, new.title, created, salt, plan, sources]))?;
        self.find(Some(&id))
    }

    /// A new id and a salt, from the system's random source through `SQLite`.
    pub(super) fn new_id(&self, created: &str) -> Result<(String, String), StoreError> {
        let random: Vec<u8> =
            self.usable(self.db.query_row("SELECT randomblob(32)", [], |row| row.get(0)))?;
        let digest: Hash = Sha256::new().chain_update(&random).chain_update(created).finalize().into();
        let letter =
            |byte: &u8| LETTERS.get(usize::from(*byte) % LETTERS.len()).copied().map_or('x', char::from);
        let id = digest.iter().take(ID_LENGTH).map(letter).collect();
        Ok((id, hex(&random)))
    }

    /// Every run, the latest first.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn runs(&self) -> Result<Vec<RunInfo>, StoreError> {
        let select = "SELECT key, id, title, created, status, salt FROM runs ORDER BY key DESC";
        let mut statement = self.usable(self.db.prepare(select))?;
        let rows = self.usable(statement.query_map([], info))?;
        self.usable(rows.collect())
    }

    /// The run whose id begins so; the latest where nothing is given.
    ///
    /// # Errors
    /// When there is none or more than one, or the journal cannot be read.
    pub fn find(&self, prefix: Option<&str>) -> Result<RunInfo, StoreError> {
        let runs = self.runs()?;
        let Some(prefix) = prefix else {
            return runs.into_iter().next().ok_or_else(|| StoreError::NotFound("there is no run yet".into()));
        };
        let mut found: Vec<RunInfo> = runs.into_iter().filter(|run| run.id.starts_with(prefix)).collect();
        match (found.pop(), found.len()) {
            (Some(run), 0) => Ok(run),
            (Some(_), more) => Err(StoreError::NotFound(format!(
                "{} runs begin with `{prefix}`; give more of the id",
                more + 1
            ))),
            (None, _) => {
                Err(StoreError::NotFound(format!("there is no run `{prefix}`; `bowline runs` lists them")))
            }
        }
    }

    /// The plan of a run: that which its first event names.
    ///
    /// # Errors
    /// When it cannot be read, was made by a bowline with another plan format, or was changed since.
    pub fn plan(&self, run: &RunInfo) -> Result<Plan, StoreError> {
        let text = self.plan_text(run)?;
        let json: Result<Plan, _> = stored::json(&text);
        match json {
            Ok(plan) if plan.format == FORMAT => match self.started_with(run)? {
                Some(named) if named != digest(&plan) => Err(StoreError::OtherPlan(run.id.clone())),
                _ => Ok(plan),
            },
            Ok(plan) => Err(StoreError::Newer(format!("plan format {}", plan.format))),
            Err(error) => Err(StoreError::Newer(format!("its plan is not readable: {error}"))),
        }
    }

    /// The digest of the plan that a run was started with, if it began.
    fn started_with(&self, run: &RunInfo) -> Result<Option<String>, StoreError> {
        let select = "SELECT id, body, hash FROM events WHERE id = ?1";
        let first = self.db.query_row(select, [schema::event_id(run.key, 1)], event_row).optional();
        let Some((seq, body, _)) = self.usable(first)? else { return Ok(None) };
        Ok(match stored::read(seq, &body)?.fact {
            Fact::Started { digest, .. } => Some(digest),
            _ => None,
        })
    }

    /// The events of a run, their chain checked.
    ///
    /// # Errors
    /// When one is missing or changed, or the journal cannot be read.
    pub fn events(&self, run: &RunInfo) -> Result<Vec<Event>, StoreError> {
        self.chain(run).map(|(events, _)| events)
    }

    /// The events of a run as they are stored, in order, their chain checked.
    ///
    /// # Errors
    /// When one is missing or changed, or the journal cannot be read.
    pub fn bodies(&self, run: &RunInfo) -> Result<Vec<String>, StoreError> {
        let mut bodies = vec![];
        self.each(run, |_, body| {
            bodies.push(body);
            Ok(())
        })?;
        Ok(bodies)
    }

    /// The plan of a run as it is stored.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn plan_text(&self, run: &RunInfo) -> Result<String, StoreError> {
        let select = "SELECT plan FROM runs WHERE key = ?1";
        self.usable(self.db.query_row(select, [run.key], |row| row.get(0)))
    }

    /// The events of a run after one that is known, for who follows it; their chain is not checked.
    ///
    /// # Errors
    /// When one cannot be read, or the journal cannot.
    pub fn events_after(&self, run: &RunInfo, seq: u64) -> Result<Vec<Event>, StoreError> {
        let select = "SELECT id, body, hash FROM events WHERE id > ?1 AND id < ?2 ORDER BY id";
        let mut statement = self.usable(self.db.prepare_cached(select))?;
        let (from, to) = (schema::event_id(run.key, seq), schema::event_id(run.key + 1, 0));
        let rows = self.usable(statement.query_map([from, to], event_row))?;
        let rows = self.usable(rows.collect::<Result<Vec<_>, _>>())?;
        rows.into_iter().map(|(seq, body, _)| stored::read(seq, &body)).collect()
    }

    fn chain(&self, run: &RunInfo) -> Result<(Vec<Event>, Hash), StoreError> {
        let mut events = vec![];
        let last = self.each(run, |seq, body| {
            events.push(stored::read(seq, &body)?);
            Ok(())
        })?;
        Ok((events, last))
    }

    /// Goes through the rows of a run's events; gives the last hash.
    fn each(
        &self,
        run: &RunInfo,
        mut take: impl FnMut(u64, String) -> Result<(), StoreError>,
    ) -> Result<Hash, StoreError> {
        let select = "SELECT id, body, hash FROM events WHERE id >= ?1 AND id < ?2 ORDER BY id";
        let mut statement = self.usable(self.db.prepare(select))?;
        let (from, to) = (schema::event_id(run.key, 0), schema::event_id(run.key + 1, 0));
        let mut rows = self.usable(statement.query([from, to]))?;
        let (mut expected, mut hash) = (0, chain::first(&run.id));
        while let Some(row) = self.usable(rows.next())? {
            let (seq, body, stored) = self.usable(event_row(row))?;
            expected += 1;
            if seq != expected {
                return Err(StoreError::Broken { seq: expected, why: "it is missing".into() });
            }
            hash = chain::next(&hash, &body);
            if stored != hash {
                return Err(StoreError::Broken { seq, why: "its hash does not fit".into() });
            }
            take(seq, body)?;
        }
        Ok(hash)
    }

    /// Takes the right to drive a run; from another process only if that is dead.
    ///
    /// # Errors
    /// When a living process has it ([`Ok`] of the outer, [`Held`] inside), or the journal does not work.
    pub fn lease(&self, run: &RunInfo) -> Result<Result<Writer, Held>, StoreError> {
        let path = self.folder.join(FILE);
        let db = self.usable(Connection::open(&path))?;
        self.usable(db.execute_batch(schema::PRAGMAS))?;
        if let Some(held) = self.usable(take(&db, run.key))? {
            return Ok(Err(held));
        }
        let (_, last) = self.chain(run)?;
        Ok(Ok(Writer::new(db, DbFile::opened(path), run.clone(), last)))
    }

    /// The locks that a run holds.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn holds(&self, run: &RunInfo) -> Result<Vec<String>, StoreError> {
        self.usable(locks::held_by(&self.db, run.key))
    }

    /// Whether an open run holds a lock.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn is_taken(&self, lock: &str) -> Result<bool, StoreError> {
        self.usable(locks::holder(&self.db, lock).and_then(|holder| match holder {
            Some(holder) => locks::is_open(&self.db, holder.run),
            None => Ok(false),
        }))
    }

    /// When the last event of a run was recorded; `None` where there is none.
    ///
    /// # Errors
    /// When it cannot be read, or the journal cannot.
    pub fn last_event_at(&self, run: &RunInfo) -> Result<Option<Timestamp>, StoreError> {
        self.last_body(run)?.map(|(seq, body)| stored::recorded_at(seq, &body)).transpose()
    }

    /// The last event of a run as it is stored, with its number.
    pub(super) fn last_body(&self, run: &RunInfo) -> Result<Option<(u64, String)>, StoreError> {
        let select = "SELECT id, body, hash FROM events WHERE id > ?1 AND id < ?2 ORDER BY id DESC LIMIT 1";
        let (from, to) = (schema::event_id(run.key, 0), schema::event_id(run.key + 1, 0));
        let last = self.usable(self.db.query_row(select, [from, to], event_row).optional())?;
        Ok(last.map(|(seq, body, _)| (seq, body)))
    }

    /// Since when a living process drives a run.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn driven_since(&self, run: &RunInfo) -> Result<Option<Timestamp>, StoreError> {
        let found = self.usable(Owner::of(&self.db, run.key))?;
        Ok(found.filter(|(owner, _)| owner.is_alive()).and_then(|(_, since)| since.parse().ok()))
    }

    /// The process that drives a run, if it is alive.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn driver(&self, run: &RunInfo) -> Result<Option<u32>, StoreError> {
        let found = self.usable(Owner::of(&self.db, run.key))?;
        Ok(found.filter(|(owner, _)| owner.is_alive()).map(|(owner, _)| owner.pid))
    }
}

/// What was done with the journal of a folder; where that is an error, the journal cannot be used.
fn usable<T>(folder: &Path, done: Result<T, impl Display>) -> Result<T, StoreError> {
    done.map_err(|why| {
        let full =
            if disk::is_full(folder) { "; its disk is full: make room there, then do it again" } else { "" };
        StoreError::Unusable { folder: folder.display().to_string(), why: format!("{why}{full}") }
    })
}

fn on_network(kind: &str) -> String {
    format!("it is on {kind}; SQLite's log needs a local disk: name a folder on one with `--journal`")
}

/// Writes this process as the owner; gives who holds it instead.
fn take(db: &Connection, run: i64) -> rusqlite::Result<Option<Held>> {
    db.execute_batch("BEGIN IMMEDIATE")?;
    let this = Owner::this();
    let held = Owner::of(db, run)?.filter(|(owner, _)| *owner != this && owner.is_alive());
    if held.is_none() {
        this.takes(db, run)?;
    }
    db.execute_batch("COMMIT")?;
    Ok(held.map(|(owner, since)| Held { pid: owner.pid, since }))
}

fn info(row: &Row<'_>) -> rusqlite::Result<RunInfo> {
    Ok(RunInfo {
        key: row.get(0)?,
        id: row.get(1)?,
        title: row.get(2)?,
        created: row.get(3)?,
        status: row.get(4)?,
        salt: row.get(5)?,
    })
}

fn event_row(row: &Row<'_>) -> rusqlite::Result<(u64, String, Hash)> {
    Ok((schema::seq_of(row.get(0)?), row.get(1)?, row.get(2)?))
}
