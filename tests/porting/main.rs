//! `bowline import` and `bowline export`: documents with traps, any document at all, and the way there and back.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

mod back;
mod command;
mod documents;
mod random;
mod seeds;
mod sentences;
mod told;

#[path = "../support/scratch.rs"]
mod scratch;

use std::path::Path;
use std::process::{Command, Output, Stdio};

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The real binary in a folder.
pub(crate) fn bowline(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
    command.args(args).current_dir(folder).stdin(Stdio::null()).env("NO_COLOR", "1").output().unwrap()
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
