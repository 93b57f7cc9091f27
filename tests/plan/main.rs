//! The plan as people and programs get it: text, JSON, and what its digest moves with.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "tests drive the real binary over real files"
)]

mod digest;
mod drawn;
mod drill;
mod exhaustive;
mod format;
mod formatted;
mod leaves;
mod output;
mod probe;
mod random;
mod scenarios;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The runbook that holds every kind of statement.
fn every_kind() -> PathBuf {
    root().join("tests/plan/every_kind.runbook")
}

fn bowline(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
    command.args(args).current_dir(root()).stdin(Stdio::null());
    for name in ["NO_COLOR", "HOST_NAME", "TOKEN"] {
        command.env_remove(name);
    }
    command.output().unwrap()
}

fn stdout(args: &[&str]) -> String {
    let output = bowline(args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}
