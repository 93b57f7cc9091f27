//! Durability, shown by killing the real binary: at every durable write of its journal, and at random instants.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

#[path = "../support/cores.rs"]
mod cores;
mod ledger;
mod points;
mod random;
#[path = "../support/scratch.rs"]
mod scratch;
mod site;
#[path = "../support/strace.rs"]
mod strace;
mod syncs;
