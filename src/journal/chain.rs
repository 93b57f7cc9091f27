//! The hash chain: each event's hash covers the one before, so that a change, a hole or a swap shows.

use sha2::{Digest, Sha256};

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
