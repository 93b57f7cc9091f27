//! What a drill found, and what came of scenarios, for people and programs: first as data, then as text, Markdown or `JUnit` of it.

mod invalid;
mod junit;
mod markdown;
mod missed;
mod scenarios;
mod text;
mod told;

pub use invalid::{InvalidTold, invalid_markdown, invalid_suite, invalid_told};
pub use junit::{Suite, Verdict, junit};
pub use markdown::drill_markdown;
pub use missed::{CoverageTold, MissedTold, Share};
pub use scenarios::{ScenarioTold, TestTold, WrongTold, test_suite, test_text, test_told};
pub use text::drill_text;
pub use told::{CaseTold, CourseTold, DrillTold, PointTold, WayOut, drill_suite, drill_told};
