//! A value from outside arrives as itself, whatever it holds: by every way in, in every way out.
//!
//! `nasty` makes the values, `site` runs them through the real binary; every other file is a way out.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files and sockets"
)]

mod bytes;
#[path = "../support/folder.rs"]
mod folder;
mod http;
mod nasty;
mod numbers;
mod programs;
mod refused;
mod secrets;
#[path = "../support/server.rs"]
mod server;
mod site;
mod tls;
mod ways_in;
