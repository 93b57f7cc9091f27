//! A folder with the files of one example, and what `bowline` says there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of its own.
pub(crate) struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Where it is.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into it.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Runs the real binary there; nothing of the surroundings of the tests is known to it.
    pub(crate) fn bowline(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
        command.args(args).current_dir(self.folder.path()).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("XDG_STATE_HOME", self.folder.path().join("state"));
        command.stdin(std::process::Stdio::null()).output().unwrap()
    }

    /// What `bowline check` says of a file there.
    pub(crate) fn check(&self, file: &str) -> String {
        let output = self.bowline(&["check", file]);
        String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap()
    }

    /// Whether `bowline fmt` would leave a file as it is.
    pub(crate) fn is_formatted(&self, file: &str) -> bool {
        self.bowline(&["fmt", "--check", file]).status.success()
    }
}

/// The codes of the reports in a text.
pub(crate) fn codes(text: &str) -> BTreeSet<String> {
    let reports = text.lines().filter_map(|line| {
        line.strip_prefix("error[").or_else(|| line.strip_prefix("warning["))?.split(']').next()
    });
    reports.map(str::to_owned).collect()
}

/// A file of the repository.
pub(crate) fn page(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}
