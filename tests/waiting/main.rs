//! Runs that wait: for another run, a time, a person; and how they are found, taken up and cleared away.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests drive the real binary"
)]

mod due;
mod exclusive;
mod late;
mod newer;
mod prune;
mod replan;
mod runs;
mod site;
#[path = "../support/strace.rs"]
mod strace;
