//! A folder with runbooks and one journal, and the real binary in it.

use std::ops::Deref;
use std::process::{Child, Command, Stdio};

use crate::folder::Folder;
use crate::said::{Said, said};
use crate::wait::until;

const TITLE: &str = "Move the shop";

pub(crate) struct Site(Folder);

impl Deref for Site {
    type Target = Folder;

    fn deref(&self) -> &Folder {
        &self.0
    }
}

impl Site {
    /// With `a.runbook` of these statements.
    pub(crate) fn new(body: &str) -> Self {
        Self(Folder::with(TITLE, &format!("\n{body}\n")))
    }

    pub(crate) fn runbook(&self, name: &str, body: &str) {
        self.write(name, &format!("runbook \"{TITLE}\" 1.0.0\n\n{body}\n"));
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.0.command(args);
        command.env("TZ", "UTC");
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
        until(name, || self.path(name).exists());
    }

    pub(crate) fn lines(&self, name: &str) -> Vec<String> {
        let text = std::fs::read_to_string(self.path(name)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}
