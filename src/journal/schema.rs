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
        run  INTEGER NOT NULL REFERENCES runs(key),
        seq  INTEGER NOT NULL,
        body TEXT NOT NULL,
        hash BLOB NOT NULL,
        PRIMARY KEY (run, seq)
    ) WITHOUT ROWID;
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
