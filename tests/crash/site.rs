//! A folder with a runbook, its journal and its ledger, and the person who takes care of it.

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use crate::ledger::Ledger;
use crate::scratch;
use crate::strace::strace;

/// Where a run takes place. Every effect of its runbook appends a line to the ledger.
pub(crate) struct Site {
    folder: tempfile::TempDir,
    /// The step whose effect fails, as a person who is asked about it would find.
    failing: Option<usize>,
}

impl Site {
    /// A folder with this runbook and a journal without a run.
    pub(crate) fn new(runbook: &str, failing: Option<usize>) -> Self {
        let site = Self { folder: scratch::folder(), failing };
        std::fs::write(site.path("a.runbook"), runbook).unwrap();
        std::fs::write(site.path("ledger"), "").unwrap();
        assert!(site.bowline(&["runs"]).output().unwrap().status.success());
        site
    }

    /// A file of it; links are resolved, as tracing by path needs.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    pub(crate) fn ledger(&self) -> Ledger {
        Ledger::read(&self.path("ledger"))
    }

    /// The command, under another program where `under` names one.
    pub(crate) fn under(&self, under: &[String], args: &[&str]) -> Command {
        let bowline = env!("CARGO_BIN_EXE_bowline").to_owned();
        let mut words = under.iter().cloned().chain([bowline]).chain(args.iter().map(|&arg| arg.to_owned()));
        let mut command = Command::new(words.next().unwrap());
        command.args(words).current_dir(self.path("")).stdin(Stdio::null());
        command.env("BOWLINE_JOURNAL", self.path("journal"));
        command
    }

    /// Traced with all its threads and all that it starts: to see that no other writes the journal.
    pub(crate) fn traced_whole(&self) -> Vec<String> {
        let mut words = strace(&self.path("journal"), &self.path("trace"), None);
        words.insert(1, "-f".to_owned());
        words
    }

    pub(crate) fn bowline(&self, args: &[&str]) -> Command {
        self.under(&[], args)
    }

    /// The short id of the only run, if one was made.
    pub(crate) fn run(&self) -> Option<String> {
        let runs = self.bowline(&["runs", "--format", "json"]).output().unwrap();
        assert!(runs.status.success(), "{}", told(&runs));
        let text = String::from_utf8(runs.stdout).unwrap();
        let runs: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(runs.len() <= 1, "{text}");
        runs.first().map(|run| run["id"].as_str().unwrap().to_owned())
    }

    /// Resumes until the run has an end; the outcome that nobody knows is settled by looking at the ledger,
    /// as a person would. Gives the exit code of the end, or `None` for a run that never began.
    pub(crate) fn bring_home(&self) -> Option<i32> {
        let run = self.run()?;
        let mut output = self.bowline(&["resume", &run]).output().unwrap();
        let mut before = String::new();
        loop {
            let talk = before + &told(&output);
            match output.status.code() {
                Some(2) if talk.contains("never began") => return None,
                Some(4) => output = self.settle(&run, &told(&output)),
                Some(end @ (0 | 1 | 6)) => return Some(end),
                _ => panic!("{:?}: {talk}", output.status),
            }
            before = talk;
        }
    }

    /// Settles the first thing that is said to be stuck: undone where it failed, done if the ledger has it, else done again.
    fn settle(&self, run: &str, talk: &str) -> Output {
        let place = talk.split("--at \"").nth(1).and_then(|rest| rest.split('"').next());
        let place = place.unwrap_or_else(|| panic!("a stuck run names what is stuck: {talk}"));
        assert!(talk.contains("bowline settle"), "and the way out: {talk}");
        let step = place.strip_prefix('s').unwrap_or_else(|| panic!("only a step is in doubt: {talk}"));
        let there = self.ledger().times(&format!("do {step}")) > 0;
        let how: &[&str] = match there {
            true if step.parse().ok() == self.failing => &["--rollback"],
            true => &["--done", "the ledger has it"],
            false => &["--again"],
        };
        self.bowline(&[&["settle", run, "--at", place], how].concat()).output().unwrap()
    }
}

/// What a command said to the person.
pub(crate) fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Whether it died by SIGKILL.
pub(crate) fn killed(status: std::process::ExitStatus) -> bool {
    status.signal() == Some(9) || status.code() == Some(137)
}
