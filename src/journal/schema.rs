//! The tables.

/// The version of the tables and of what is in them.
pub(super) const FORMAT: i64 = 1;

/// How every connection is set up. FULL: a commit is on disk when it returns.
pub(super) const PRAGMAS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA busy_timeout = 10000;
    PRAGMA wal_autocheckpoint = 4000;
";

/// Made once.
pub(super) const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS meta (format INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS runs (
        key     INTEGER PRIMARY KEY,
        id      TEXT NOT NULL UNIQUE,
        title   TEXT NOT NULL,
        created TEXT NOT NULL,
        salt    TEXT NOT NULL,
        status  TEXT NOT NULL,
        plan    TEXT NOT NULL,
        sources TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS events (
        id   INTEGER PRIMARY KEY,
        body TEXT NOT NULL,
        hash BLOB NOT NULL
    );
    CREATE TABLE IF NOT EXISTS leases (
        run     INTEGER PRIMARY KEY REFERENCES runs(key),
        pid     INTEGER NOT NULL,
        started INTEGER NOT NULL,
        boot    TEXT NOT NULL,
        since   TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS locks (
        name  TEXT PRIMARY KEY,
        run   INTEGER NOT NULL REFERENCES runs(key),
        since TEXT NOT NULL
    );
";

/// Bits of an event's id that hold its number; those above hold the run's key. One whole number as the key lets
/// `SQLite` append to the last page; a key of two columns rewrites up to five pages for each step.
const SEQ_BITS: u32 = 40;

/// The id of a run's event of that number.
pub(super) const fn event_id(run: i64, seq: u64) -> i64 {
    (run << SEQ_BITS) | seq.cast_signed()
}

/// The number of an event.
pub(super) const fn seq_of(id: i64) -> u64 {
    (id & (event_id(1, 0) - 1)).cast_unsigned()
}
