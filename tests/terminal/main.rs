//! A person at a real terminal: a pseudo-terminal with the real binary in front.
//!
//! `seat` is the terminal and its keys; every other file is about one thing that a person meets.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real terminals"
)]

mod approving;
mod before;
mod briefing;
mod canaries;
mod decisions;
mod failures;
mod feed;
mod handover;
mod herds;
mod live;
mod modes;
mod processes;
mod programs;
mod questions;
mod readme;
mod rehearsed;
mod replans;
mod room;
#[path = "../support/scratch.rs"]
mod scratch;
mod seat;
mod signals;
mod step;
mod suspend;
mod waits;
