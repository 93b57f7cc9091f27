//! What people and programs read: folds over diagnostics, plans, events and the catalog.
//!
//! Writes text into strings; never prints, never decides. A live run and a stored journal pass
//! through the same views.

mod briefing;
pub mod catalog;
mod columns;
mod diagnostics;
pub mod drill;
pub mod explain;
pub mod left;
mod live;
mod markup;
mod moment;
mod page;
mod paint;
pub mod plan;
pub mod report;
mod runs;
mod sarif;

pub use briefing::{Around, briefing};
pub(crate) use columns::wrapped;
pub use diagnostics::{Style, diagnostics_json, diagnostics_sum, diagnostics_text};
pub use live::{
    Ahead, Detail, Fate, Line, Live, Moving, Now, Screenful, Stays, StepTold, Summary, heading_line,
};
pub use moment::{ago, clock};
pub use paint::harmless;
pub use runs::{RunRow, runs_text};
pub use sarif::{Report, diagnostics_github, diagnostics_sarif};
