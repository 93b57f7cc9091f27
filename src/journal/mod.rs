//! The stored form of runs: `SQLite` with a hash chain over events, leases and locks.
//!
//! Knows bytes and rows, not what an event means. The format is versioned and documented in
//! `docs/journal.md`; a newer one is refused by name.
#![expect(clippy::disallowed_methods, reason = "the journal owns its files and asks the clock for ages")]

mod chain;
mod disk;
mod locks;
mod owner;
mod record;
mod removal;
mod schema;
mod store;
mod stored;
mod writer;

pub use owner::Held;
pub use record::{NewRun, RunInfo};
pub use store::{Store, StoreError};
pub use stored::event_line;
pub use writer::Writer;

#[cfg(test)]
mod tests;
