//! Runs that wait: for another run, a time, a person; and how they are found, taken up and cleared away.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "tests drive the real binary"
)]

mod clock;
mod due;
mod exclusive;
#[path = "../support/folder.rs"]
mod folder;
mod holds;
mod late;
mod newer;
mod places;
mod prune;
mod replan;
mod replan_where;
mod runs;
#[path = "../support/said.rs"]
mod said;
mod site;
#[path = "../support/strace.rs"]
mod strace;
#[path = "../support/wait.rs"]
mod wait;
