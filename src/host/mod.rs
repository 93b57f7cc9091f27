//! The only door to the world: processes, HTTP, people, files and the clock.
//!
//! Implements [`crate::run::Host`]. Knows requests and replies; never what a reply means for a run.
#![expect(clippy::disallowed_methods, reason = "the one module that may touch the world")]

mod files;
pub mod mask;
pub mod process;
