//! Drills: a plan is run in memory, every effect and every undo of it failing in turn, to see how each run ends.
//!
//! Knows plan, events and the engine behind [`crate::run::drive`]; knows no process, no network, no clock and no disk.
//! What a runbook does not know before it runs is taken for this and that ([`Course`]): every branch of an unknown
//! condition, run-time lists of no, one and two items. Checks pass unless they are struck. The failures are those of
//! `run --inject` ([`crate::event::Injection`]).

mod bare;
mod cast;
mod course;
mod coverage;
mod matrix;
mod play;
mod replies;
mod sample;
mod scenario;
mod scripted;
mod stage;
mod turns;
mod unknown;
mod ways;

pub use cast::Part;
pub use course::Course;
pub use coverage::Coverage;
pub use matrix::{Case, Drill, Options, Point, Progress, drill};
pub use play::{End, Kept};
pub use scenario::{Compared, Wrong, play_scenario};
pub use scripted::{Piece, Strike};
pub use unknown::{Inputs, Matter};
