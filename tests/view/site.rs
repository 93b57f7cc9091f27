//! A folder with a runbook and a journal, and the real binary in it.

use std::ops::Deref;
use std::process::{Child, Command, Stdio};

use regex::Regex;

use crate::folder::Folder;
use crate::said::{Said, said};
use crate::wait::until;

pub(crate) struct Site(Folder);

impl Deref for Site {
    type Target = Folder;

    fn deref(&self) -> &Folder {
        &self.0
    }
}

impl Site {
    /// A runbook of these statements.
    pub(crate) fn new(body: &str) -> Self {
        Self(Folder::with("Move the shop", &format!("\n{body}\n")))
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.0.command(args);
        screen(&mut command);
        command
    }

    /// Another program, in the same surroundings.
    pub(crate) fn other(&self, program: &str) -> Command {
        let mut command = self.0.other(program);
        screen(&mut command);
        command
    }

    pub(crate) fn bowline(&self, args: &[&str]) -> Said {
        said(&mut self.command(args))
    }

    pub(crate) fn run(&self) -> Said {
        self.bowline(&["run", "a.runbook"])
    }

    /// A run that goes on beside the test; its output is not read.
    pub(crate) fn start(&self) -> Child {
        let mut command = self.command(&["run", "a.runbook"]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// The id of the latest run.
    pub(crate) fn latest(&self) -> String {
        self.bowline(&["runs"]).out.split_whitespace().next().unwrap().to_owned()
    }

    /// Waits until a file is there.
    pub(crate) fn await_file(&self, name: &str) {
        until(name, || self.path(name).exists());
    }
}

/// A screen with colours, and a clock that is the same everywhere.
fn screen(command: &mut Command) {
    command.env("TZ", "UTC").env_remove("NO_COLOR").env("TERM", "xterm-256color");
}

/// What is told of the run itself, behind warnings and briefing.
pub(crate) fn told(text: &str) -> &str {
    let head = Regex::new(r"(?m)^[\d: -]*Move the shop 1\.0\.0, run ").unwrap().find(text);
    head.map_or(text, |head| &text[head.start()..])
}

/// Without what differs from run to run: times, lengths, the id, the folder; without warnings of the check.
pub(crate) fn steady(site: &Site, text: &str) -> String {
    let id = site.latest();
    let text = told(text);
    let text = text.replace(&site.root().display().to_string(), "SITE").replace(&id, "RUN");
    let rules = [
        (r"(?m)^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", ""),
        (r"\((\d+ ms|\d+\.\d s)\)", "(TOOK)"),
        (r" in (\d+ ms|\d+\.\d s)\b", " in TOOK"),
        (r"until \d\d:\d\d:\d\d", "until CLOCK"),
        (r"until \w{3} \d{4}-\d\d-\d\d \d\d:\d\d UTC", "until DAY CLOCK"),
    ];
    rules.iter().fold(text, |text, (rule, instead)| {
        Regex::new(rule).unwrap().replace_all(&text, *instead).into_owned()
    })
}
