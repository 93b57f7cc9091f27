//! A folder with a runbook and a journal, and the real binary in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) use crate::said::Said;
use crate::said::said;

/// How a run ended.
pub(crate) const DONE: Option<i32> = Some(0);
pub(crate) const FAILED: Option<i32> = Some(1);
/// Nobody was there to decide about what gave no verdict.
pub(crate) const INCONCLUSIVE: Option<i32> = Some(5);

pub(crate) struct Site {
    folder: tempfile::TempDir,
    inputs: Vec<(&'static str, String)>,
    uses: &'static str,
}

impl Said {
    /// The run came to this, and said these words.
    #[track_caller]
    pub(crate) fn is(&self, code: Option<i32>, words: &str) {
        let said = format!("{}{}", self.out, self.err);
        assert_eq!(self.code, code, "{said}");
        assert!(said.contains(words), "`{words}` was not said:\n{said}");
    }
}

impl Site {
    /// Runbooks here use one module: of the standard library, or, with a `./` before it, a file of the folder.
    pub(crate) fn using(module: &'static str) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), inputs: vec![], uses: module }
    }

    /// A runbook that names it has an input of that declaration (`api: url`), given this value.
    pub(crate) fn with(mut self, input: &'static str, value: impl Into<String>) -> Self {
        self.inputs.push((input, value.into()));
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.file(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).unwrap()
    }

    /// Runs statements as a runbook.
    pub(crate) fn run(&self, statements: &str) -> Said {
        let place = if self.uses.starts_with("./") { "" } else { "std/" };
        let mut text = format!("runbook \"Test\" 1.0.0\n\nuse \"{place}{}\"\n\n", self.uses);
        let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
        command.args(["run", "test.runbook"]);
        for (input, value) in &self.inputs {
            let name = input.split(':').next().unwrap();
            if statements.contains(name) {
                text.push_str(&format!("input {input}\n"));
                command.arg("-i").arg(format!("{name}={value}"));
            }
        }
        self.write("test.runbook", &format!("{text}\n{statements}\n"));
        command.current_dir(self.path()).stdin(Stdio::null());
        said(command.env("BOWLINE_JOURNAL", self.file("journal")))
    }

    /// Runs statements in a check.
    pub(crate) fn check(&self, statements: &str) -> Said {
        self.run(&format!("check \"It holds\" {{\n  {statements}\n}}"))
    }

    /// What an expression of looks gives, as text.
    pub(crate) fn value(&self, expression: &str) -> String {
        let said = self.run(&format!(
            "let value = {expression}\nstep \"Keep it\" {{\n  run sh -c 'printf %s \"$1\" > value' sh \"{{value}}\"\n  rollback none \"a test\"\n}}"
        ));
        said.is(DONE, "");
        self.read("value")
    }
}
