//! Runs taken out of the journal, with the files that were kept of them.

use std::path::Path;

use rusqlite::Connection;

use super::error::StoreError;
use super::locks;
use super::owner::Owner;
use super::record::RunInfo;
use super::schema::event_id;
use super::store::Store;

impl Store {
    /// Whether a run goes on or can, or a process has taken it.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn is_open(&self, run: &RunInfo) -> Result<bool, StoreError> {
        self.usable(is_open(self.db(), run.key))
    }

    /// Bytes that are kept of a run: its events, plan and files.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn size(&self, run: &RunInfo) -> Result<u64, StoreError> {
        let select = "SELECT ifnull((SELECT sum(length(body)) FROM events WHERE id > ?1 AND id < ?2), 0)
            + ifnull((SELECT length(plan) + length(sources) FROM runs WHERE key = ?3), 0)";
        let (from, to) = (event_id(run.key, 0), event_id(run.key + 1, 0));
        let rows: i64 = self.usable(self.db().query_row(select, [from, to, run.key], |row| row.get(0)))?;
        Ok(rows.cast_unsigned() + size_of(&self.folder(&run.id)))
    }

    /// Takes a run out; false where it is open.
    ///
    /// # Errors
    /// When the journal cannot be written, or the run's files cannot be removed: the next [`Store::tidy`] tries again.
    pub fn remove(&self, run: &RunInfo) -> Result<bool, StoreError> {
        self.usable(self.db().execute_batch("BEGIN IMMEDIATE"))?;
        let removed = remove(self.db(), run.key);
        let end = if matches!(removed, Ok(true)) { "COMMIT" } else { "ROLLBACK" };
        self.usable(self.db().execute_batch(end))?;
        let removed = self.usable(removed)?;
        if removed {
            self.usable(remove_folder(&self.folder(&run.id)))?;
        }
        Ok(removed)
    }

    /// Removes folders that belong to no run (a removal that was cut off), and gives room in the database back to the
    /// disk where nobody drives a run: that would have to wait. Gives the bytes of the folders.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn tidy(&self) -> Result<u64, StoreError> {
        // Folders first: a run is listed before it has one.
        let (folders, runs) = (subfolders(&self.place().join("runs")), self.runs()?);
        let mut freed = 0;
        for folder in folders {
            let known = folder.file_name().and_then(|name| name.to_str());
            if !runs.iter().any(|run| known == Some(run.id.as_str())) {
                freed += size_of(&folder);
                self.usable(remove_folder(&folder))?;
            }
        }
        let driven = runs.iter().map(|run| self.driver(run)).collect::<Result<Vec<_>, _>>()?;
        if driven.iter().all(Option::is_none) {
            self.usable(self.db().execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);"))?;
        }
        Ok(freed)
    }
}

fn is_open(db: &Connection, run: i64) -> rusqlite::Result<bool> {
    Ok(locks::is_open(db, run)? || Owner::of(db, run)?.is_some_and(|(owner, _)| owner.is_alive()))
}

fn remove(db: &Connection, run: i64) -> rusqlite::Result<bool> {
    if is_open(db, run)? {
        return Ok(false);
    }
    db.execute("DELETE FROM events WHERE id > ?1 AND id < ?2", [event_id(run, 0), event_id(run + 1, 0)])?;
    db.execute("DELETE FROM locks WHERE run = ?1", [run])?;
    db.execute("DELETE FROM leases WHERE run = ?1", [run])?;
    db.execute("DELETE FROM runs WHERE key = ?1", [run]).map(|rows| rows == 1)
}

fn remove_folder(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

fn subfolders(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

/// Bytes of the files in a folder and those in it; links are not followed.
fn size_of(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let each = entries.map(|entry| match entry.metadata() {
        Ok(data) if data.is_dir() => size_of(&entry.path()),
        Ok(data) => data.len(),
        Err(_) => 0,
    });
    each.sum()
}
