//! The stored form of runs: `SQLite` with a hash chain over events, leases and locks.
//!
//! Knows bytes and rows, not what an event means. The format is versioned and documented in
//! `docs/journal.md`; a newer one is refused by name.
#![expect(clippy::disallowed_methods, reason = "the journal owns its files and asks the clock for ages")]

mod chain;
mod disk;
mod error;
mod locks;
mod owner;
mod record;
mod removal;
mod schema;
mod store;
mod stored;
mod supersede;
mod writer;

pub use chain::Chain;
pub use error::StoreError;
pub use owner::Held;
pub use record::{NewRun, RunInfo};
pub use store::Store;
pub use stored::{event_line, read_event};
pub use supersede::Successor;
pub use writer::Writer;

#[cfg(test)]
mod tests;
