//! The standard library and the bundled runbooks against real servers, each started on a free port of 127.0.0.1.
//!
//! What is not installed is skipped with a visible line; `.ci/components` installs all of it, and with
//! `BOWLINE_COMPONENTS=required` what is missing is a failure.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests drive the real binary against real servers"
)]

mod alerting;
mod alertmanager;
mod cohort;
mod component;
mod double;
mod editors;
mod files;
mod git;
mod github;
mod helm;
mod httpbin;
mod kubectl;
mod launch;
mod memoria;
mod openapi;
mod parquet;
mod pipelines;
mod postgres;
mod prometheus;
mod redis;
mod registry;
#[path = "../support/said.rs"]
mod said;
mod site;
mod slack;
mod sqlite;
mod statuspage;
mod terraform;
