//! A folder with a runbook and a journal, and the real binary in it; nobody at its standard input.

use std::path::PathBuf;
use std::process::{Command, Stdio};

pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    /// With this as `a.runbook`, its head left out.
    pub(crate) fn with(body: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("a.runbook", &format!("runbook \"t\" 1.0.0\n{body}"));
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// The binary in it, driven by olga.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
        command.args(args).current_dir(self.0.path()).stdin(Stdio::null());
        command.env("BOWLINE_JOURNAL", self.path("journal")).env("USER", "olga");
        command
    }
}
