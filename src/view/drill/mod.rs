//! What a drill found, for people and programs: first as data, then as text, Markdown or JUnit of it.

mod junit;
mod markdown;
mod text;
mod told;

pub use junit::{Suite, Verdict, junit};
pub use markdown::drill_markdown;
pub use text::drill_text;
pub use told::{CaseTold, CourseTold, DrillTold, PointTold, WayOut, drill_suite, drill_told};
