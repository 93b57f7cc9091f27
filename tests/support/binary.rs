//! The real binary in a folder of its own: its journal beside its files, nobody at its standard input.

use std::path::Path;
use std::process::{Command, Output, Stdio};

pub(crate) fn bowline(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
    command.args(args).current_dir(folder).stdin(Stdio::null());
    command.env("BOWLINE_JOURNAL", folder.join("journal")).output().unwrap()
}
