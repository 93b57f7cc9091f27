//! bowline: runbooks that are checked, planned, run, and undone.
//!
//! The modules in reading order; `docs/architecture.md` has the table of who may know whom.

pub mod text;

pub mod diag;

pub mod syntax;

pub mod fmt;

pub mod value;

pub mod config;

pub mod program;

pub mod plan;

pub mod forms;

pub mod compile;

pub mod catalog;

pub mod ide;

pub mod lsp;

pub mod approval;

pub mod event;

pub mod run;

pub mod journal;

pub mod sign;

pub mod drill;

pub mod probe;

pub mod evidence;

pub mod host;

pub mod view;

pub mod import;

pub mod export;

pub mod cli;
