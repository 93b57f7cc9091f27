//! A folder in which the real binary runs a spec, and what is seen of that.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use crate::answers::{answer, told};
use crate::check::compile_spec;
use crate::events;
use crate::header::Spec;
use crate::server::Server;

/// A folder in which a spec runs.
pub(crate) struct Site<'a> {
    spec: &'a Spec,
    folder: tempfile::TempDir,
    server: Option<Server>,
}

impl<'a> Site<'a> {
    pub(crate) fn new(spec: &'a Spec) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let text = std::fs::read_to_string(&spec.path).unwrap();
        std::fs::write(folder.path().join("spec.runbook"), spec.dated(&text)).unwrap();
        let shared = spec.path.with_file_name("with");
        for entry in std::fs::read_dir(shared).into_iter().flatten().map(Result::unwrap) {
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
        for name in ["answers.toml", "inputs.toml", "bowline.toml"] {
            if let Some(own) = spec.beside(name) {
                std::fs::copy(own, folder.path().join(name)).unwrap();
            }
        }
        Self { spec, folder, server: spec.server.then(|| Server::start(answer)) }
    }

    /// Runs it, and what the spec does then; the events and what they left behind.
    pub(crate) fn run(&self, exit: i32) -> String {
        let first = self.bowline(&self.words(), exit);
        let screen = String::from_utf8_lossy(&first.stderr);
        for words in &self.spec.shows {
            assert!(screen.contains(words.as_str()), "{} shows `{words}`:\n{screen}", self.spec.name());
        }
        for then in &self.spec.then {
            let id = self.run_ids().into_iter().next_back().unwrap();
            let words: Vec<_> = then.words.iter().map(|word| word.replace("RUN", &id)).collect();
            self.bowline(&words, then.exit);
        }
        self.shown(&first)
    }

    /// What `bowline check` says, with the `bowline.toml` beside.
    pub(crate) fn check(&self) -> String {
        let words = ["check", "spec.runbook"].map(str::to_owned);
        let output = self.command(&words).output().unwrap();
        assert!(matches!(output.status.code(), Some(0 | 3)), "{}", self.spec.name());
        String::from_utf8(output.stderr).unwrap()
    }

    fn words(&self) -> Vec<String> {
        let mut words = vec!["run".to_owned(), "spec.runbook".to_owned()];
        for (file, option) in [("answers.toml", "--answers"), ("inputs.toml", "--inputs")] {
            if self.spec.beside(file).is_some() {
                words.extend([option, file].map(str::to_owned));
            }
        }
        if let Some(server) = &self.server {
            words.extend(["-i".to_owned(), format!("server={}", server.url())]);
        }
        words.extend(self.spec.args.iter().cloned());
        words
    }

    /// Runs the real binary, and holds it to its exit code.
    fn bowline(&self, words: &[String], exit: i32) -> Output {
        let output = self.command(words).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "{} {words:?}:\n{said}", self.spec.name());
        output
    }

    fn command(&self, words: &[String]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
        command.args(words).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env("BOWLINE_JOURNAL", self.folder.path().join(".journal")).env("TZ", "UTC");
        command.env("USER", "olga").envs(self.spec.env.iter().cloned());
        command
    }

    /// The runs, the first one last.
    fn run_ids(&self) -> Vec<String> {
        let runs = self.bowline(&["runs", "--format", "json"].map(str::to_owned), 0);
        let runs = String::from_utf8(runs.stdout).unwrap();
        let ids = runs.lines().map(|run| serde_json::from_str::<serde_json::Value>(run).unwrap());
        ids.map(|run| run["id"].as_str().unwrap().to_owned()).collect()
    }

    /// Events and traces, free of what differs from run to run.
    fn shown(&self, first: &Output) -> String {
        let mut shown = if self.has_run() { self.events() } else { String::new() };
        if shown.is_empty() {
            shown = String::from_utf8_lossy(&first.stderr).into_owned();
        }
        for (name, text) in self.traces() {
            _ = write!(shown, "\n-- {name}\n{text}");
        }
        if let Some(server) = &self.server {
            _ = write!(
                shown,
                "\n-- requests\n{}",
                server.requests().iter().map(told).collect::<Vec<_>>().join("\n")
            );
            shown = shown.replace(&server.url(), "{server}").replace(&server.url()[7..], "{server}");
        }
        let ids = if self.has_run() { self.run_ids() } else { vec![] };
        let shown = ids.iter().fold(shown, |shown, id| shown.replace(id.as_str(), "{run}"));
        let today = jiff::Timestamp::now().strftime("%Y-%m-%dT").to_string();
        let shown = without_times(&shown, &today);
        shown.replace(&self.folder.path().display().to_string(), "{folder}")
    }

    fn has_run(&self) -> bool {
        self.folder.path().join(".journal").exists()
    }

    fn events(&self) -> String {
        let told = self.bowline(&["show", "--format", "events"].map(str::to_owned), 0);
        let plan = compile_spec(&self.spec.path).plan.unwrap();
        events::transcript(&plan, &String::from_utf8(told.stdout).unwrap(), self.spec)
    }

    /// The files that a spec writes to say what happened: those with the ending `log`.
    fn traces(&self) -> Vec<(String, String)> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let mut logs: Vec<PathBuf> =
            entries.filter(|path| path.extension().is_some_and(|ending| ending == "log")).collect();
        logs.sort();
        let read = |path: PathBuf| {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            (path.file_name().unwrap().to_string_lossy().into_owned(), text)
        };
        logs.into_iter().map(read).collect()
    }
}

/// A text without the instants of today, which differ from run to run.
fn without_times(text: &str, today: &str) -> String {
    let mut parts = text.split(today);
    let first = parts.next().unwrap_or_default().to_owned();
    let is_time = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.');
    parts.fold(first, |told, part| {
        let rest = part.trim_start_matches(is_time).trim_start_matches('Z');
        told + "{time}" + rest
    })
}
