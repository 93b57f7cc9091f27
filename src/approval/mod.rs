//! Approvals: the text that is asked for, what people sign of it, whose keys count, and when a quorum is met.
//!
//! Pure: it knows texts, keys and names, and is told the time; what a signature is, `sign` knows. It opens no file, asks no agent, and does not know
//! what an approval means for a run. Every vote, signed or not, goes through [`verify`].

mod ballot;
mod layout;
mod needed;
mod request;
mod roster;
mod statement;
mod verify;

pub use ballot::{Tally, Vote, VoteChoice, so_far, tally};
pub use layout::RULE;
pub use needed::{Needed, Quorum};
pub use request::{Request, field, request_id};
pub use roster::Roster;
pub use statement::{Filled, Statement, split_signed};
pub use verify::{Asked, Handed, verify};

/// What the signatures are for: one made for something else (a commit, a file) is no approval.
pub const NAMESPACE: &str = "bowline-approval@v1";

/// The largest file that is taken for a vote, in bytes (256 KiB).
pub const MAX_BYTES: u64 = 256 * 1024;

#[cfg(test)]
mod tests;
