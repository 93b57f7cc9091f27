//! Doubtful things that are not wrong: what one statement shows, and what only the plan shows.

mod plan;
mod statement;

pub(super) use plan::lint_plan;
pub(super) use statement::{check, gate, program_text};
