//! What a durable step costs at the least, whoever does it.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// What all of them run. By its path: nothing is looked up here.
const TRUE: &str = "/bin/true";

/// As many bytes as are made durable for each step.
const RECORD: [u8; 200] = [b'x'; 200];

/// Start it (`posix_spawn`), wait for it, append to a file, `fdatasync`.
pub(crate) fn file(folder: &Path, steps: u32) {
    let mut log = std::fs::File::create(folder.join("floor.log")).unwrap();
    for _ in 0..steps {
        assert!(Command::new(TRUE).status().unwrap().success());
        log.write_all(&RECORD).unwrap();
        log.sync_data().unwrap();
    }
}

/// Start it with both streams captured, read them to their end, wait for it, one commit to a write-ahead log
/// that is on disk when it returns.
pub(crate) fn sqlite(folder: &Path, steps: u32) {
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.join(format!("floor.db{suffix}")));
    }
    let db = rusqlite::Connection::open(folder.join("floor.db")).unwrap();
    db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;").unwrap();
    db.execute_batch("CREATE TABLE records (id INTEGER PRIMARY KEY, body BLOB NOT NULL)").unwrap();
    let mut insert = db.prepare("INSERT INTO records (id, body) VALUES (?1, ?2)").unwrap();
    let mut printed = Vec::new();
    for id in 0..steps {
        let mut child = Command::new(TRUE).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdout.take().unwrap().read_to_end(&mut printed).unwrap();
        child.stderr.take().unwrap().read_to_end(&mut printed).unwrap();
        assert!(child.wait().unwrap().success());
        insert.execute((id, RECORD)).unwrap();
    }
}
