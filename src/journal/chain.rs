//! The hash chain: each event's hash covers the one before, so that a change, a hole or a swap shows.

use sha2::{Digest, Sha256};

use crate::value::hex;

/// A link of the chain.
pub(super) type Hash = [u8; 32];

/// Before the first event of a run: the hash of its id.
pub(super) fn first(run: &str) -> Hash {
    Sha256::digest(run.as_bytes()).into()
}

/// The hash of an event after the one before it.
pub(super) fn next(before: &Hash, body: &str) -> Hash {
    Sha256::new().chain_update(before).chain_update(body.as_bytes()).finalize().into()
}

/// The chain of a run, made again from the bodies of its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain(Hash);

impl Chain {
    /// Before the first event.
    #[must_use]
    pub fn of(run: &str) -> Self {
        Self(first(run))
    }

    /// Takes in the next event.
    pub fn add(&mut self, body: &str) {
        self.0 = next(&self.0, body);
    }

    /// Lower-case hex of the last event's hash.
    #[must_use]
    pub fn head(&self) -> String {
        hex(&self.0)
    }
}
