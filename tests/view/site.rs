//! A folder with a runbook and a journal, and the real binary in it.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use regex::Regex;

pub(crate) struct Site {
    folder: tempfile::TempDir,
}

/// What a command said.
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Site {
    /// A runbook of these statements.
    pub(crate) fn new(body: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = Self { folder };
        site.write("a.runbook", &format!("runbook \"Move the shop\" 1.0.0\n\n{body}\n"));
        site
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
        self.surround(&mut command).args(args);
        command
    }

    /// The same surroundings for whatever starts the binary.
    pub(crate) fn surround<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.current_dir(self.path()).stdin(Stdio::null());
        command.env("BOWLINE_JOURNAL", self.path().join("journal")).env("USER", "olga").env("TZ", "UTC");
        command.env_remove("NO_COLOR").env("TERM", "xterm-256color")
    }

    pub(crate) fn bowline(&self, args: &[&str]) -> Said {
        let output = self.command(args).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
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
        for _ in 0..1200 {
            if self.path().join(name).exists() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
        panic!("{name} never came");
    }
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
    let text = text.replace(&site.path().display().to_string(), "SITE").replace(&id, "RUN");
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
