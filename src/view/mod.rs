//! What people and programs read: folds over diagnostics, plans, events and the catalog.
//!
//! Writes text into strings; never prints, never decides. A live run and a stored journal pass
//! through the same views.

pub mod catalog;
mod columns;
mod diagnostics;
pub mod explain;
mod live;
mod moment;
mod paint;
pub mod plan;
pub mod report;
mod runs;

pub use diagnostics::{Style, diagnostics_json, diagnostics_text};
pub use live::{Detail, Fate, Line, Live, Moving, Now, Stays, StepTold, Summary, heading_line};
pub use moment::{ago, clock};
pub use runs::{RunRow, runs_text};
