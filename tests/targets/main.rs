//! Steps on targets: real `sshd` on the loopback, and labelled doubles (`tests/doubles`) of `docker exec` and
//! `kubectl exec`. Where OpenSSH's server is missing its tests are skipped with a visible line; with
//! `BOWLINE_COMPONENTS=required` they fail.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests drive the real binary against real servers"
)]

mod clients;
mod exact;
mod files;
#[path = "../support/folder.rs"]
mod folder;
mod hosts;
mod lost;
mod partition;
mod processes;
mod several;
mod site;
mod told;
mod ways;
