//! A folder with runbooks and one journal, and the real binary in it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a test waits for what must come.
const LATE: Duration = Duration::from_secs(30);

pub(crate) struct Site(tempfile::TempDir);

/// What a command said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Site {
    /// With `a.runbook` of these statements.
    pub(crate) fn new(body: &str) -> Self {
        let site = Self(tempfile::tempdir().unwrap());
        site.runbook("a.runbook", body);
        site
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub(crate) fn runbook(&self, name: &str, body: &str) {
        std::fs::write(self.file(name), format!("runbook \"Move the shop\" 1.0.0\n\n{body}\n")).unwrap();
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
        command.args(args).current_dir(self.path()).stdin(Stdio::null());
        command.env("BOWLINE_JOURNAL", self.file("journal")).env("USER", "olga").env("TZ", "UTC");
        command
    }

    pub(crate) fn bowline(&self, args: &[&str]) -> Said {
        said(&mut self.command(args))
    }

    /// A run of `a.runbook` beside the test.
    pub(crate) fn start(&self, args: &[&str]) -> Child {
        let mut command = self.command(&[&["run", "a.runbook"], args].concat());
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// The id of the latest run.
    pub(crate) fn latest(&self) -> String {
        let runs = self.bowline(&["runs", "--format", "json"]).out;
        let first: serde_json::Value = serde_json::from_str(runs.lines().next().unwrap()).unwrap();
        first["id"].as_str().unwrap().to_owned()
    }

    /// Waits until a file is there.
    pub(crate) fn await_file(&self, name: &str) {
        let start = Instant::now();
        while !self.file(name).exists() {
            assert!(start.elapsed() < LATE, "{name} never came");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn lines(&self, name: &str) -> Vec<String> {
        let text = std::fs::read_to_string(self.file(name)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

pub(crate) fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}
