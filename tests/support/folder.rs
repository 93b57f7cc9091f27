//! A folder with a runbook and a journal, and the real binary in it; nobody at its standard input.

#[path = "scratch.rs"]
mod scratch;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    /// With `a.runbook` of this title and body.
    pub(crate) fn with(title: &str, body: &str) -> Self {
        let folder = Self(scratch::folder());
        folder.write("a.runbook", &format!("runbook \"{title}\" 1.0.0\n{body}"));
        folder
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    /// A file of it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// The binary in it, driven by olga.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.other(env!("CARGO_BIN_EXE_bowline"));
        command.args(args);
        command
    }

    /// Another program, in the same surroundings.
    pub(crate) fn other(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.root()).stdin(Stdio::null());
        command.env("BOWLINE_JOURNAL", self.path("journal")).env("USER", "olga");
        command
    }
}
