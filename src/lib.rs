//! bowline: runbooks that are checked, planned, run, and undone.
//!
//! The modules in reading order; `docs/architecture.md` has the table of who may know whom.

pub mod compile;
pub mod diag;
pub mod event;
pub mod forms;
pub mod plan;
pub mod program;
pub mod run;
pub mod syntax;
pub mod text;
pub mod value;
pub mod view;
