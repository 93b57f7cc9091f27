//! Approvals from outside: the real binary, real keys, OpenSSH's own programs.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests drive the real binary over real files"
)]

mod arrivals;
mod attacks;
mod beginnings;
mod due;
#[path = "../support/folder.rs"]
mod folder;
mod gates;
mod given;
mod hardware;
mod inbox;
mod openssh;
mod site;
mod told;
#[path = "../support/wait.rs"]
mod wait;
