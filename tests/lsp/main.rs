//! `bowline lsp` from outside: the real binary, spoken to in the protocol.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

#[path = "../support/scratch.rs"]
mod scratch;

mod client;
mod conversation;
mod editors;
mod features;
mod large;
mod names;
mod texts;
