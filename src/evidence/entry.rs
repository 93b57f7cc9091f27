//! A file of a pack, as it was written or read.

use super::statement::{Sha256Digest, Subject};

/// A file as it is in a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) bytes: u64,
    /// Lower-case hex.
    pub(super) sha256: String,
}

/// A file as a statement names it.
pub(super) fn subject(entry: Entry) -> Subject {
    Subject { name: entry.name, digest: Sha256Digest { sha256: entry.sha256 } }
}
