//! What people and programs read: folds over diagnostics, plans, events and the catalog.
//!
//! Writes text into strings; never prints, never decides. A live run and a stored journal pass
//! through the same views.

mod briefing;
pub mod catalog;
mod columns;
mod diagnostics;
pub mod explain;
mod live;
mod paint;
pub mod plan;

pub use briefing::{Around, briefing};
pub use diagnostics::{Style, diagnostics_json, diagnostics_text};
pub use live::{
    Ahead, Detail, Fate, Line, Live, Moving, Now, Screenful, Stays, StepTold, Summary, heading_line,
};
