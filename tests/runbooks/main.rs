//! The bundled runbooks, each on its practice system: run clean, failed at every step, killed at every step.
//!
//! One file per area. What is proven of a runbook stands in `proofs.rs`, the system to prove it on in `practice.rs`.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

mod bundled;
mod governance;
mod job_queue;
mod memoria;
mod memoryos;
mod points;
mod practice;
mod proofs;
#[path = "../support/python.rs"]
mod python;
#[path = "../support/scratch.rs"]
mod scratch;
mod specimen;
mod times;
