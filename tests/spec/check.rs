//! The one function that holds a spec to its verdict.

use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;

use bowline::compile::{Compiled, LoadError, Loader, Setting, compile_with};
use bowline::view::{Style, diagnostics_text};

use crate::events;
use crate::header::{Spec, Verdict, root, specs_of};
use crate::server::Server;

/// Holds every spec of a folder to its verdict; all that differ are told together.
pub(crate) fn check_folder(topic: &str) {
    let specs = Mutex::new(specs_of(&root().join(topic)).into_iter());
    let wrong = Mutex::new(vec![]);
    let work = || {
        while let Some(path) = { specs.lock().unwrap().next() } {
            if catch_unwind(AssertUnwindSafe(|| check(&Spec::read(&path)))).is_err() {
                wrong.lock().unwrap().push(path.display().to_string());
            }
        }
    };
    // Specs wait more than they work.
    std::thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(work))));
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{topic}: {} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Holds one spec to its verdict, and what it shows to its snapshot.
pub(crate) fn check(spec: &Spec) {
    let shown = match &spec.verdict {
        Verdict::Checks => {
            let compiled = compile_spec(&spec.path);
            assert_eq!(told(&compiled), "", "{} checks without a word", spec.name());
            bowline::plan::print(compiled.plan.as_ref().unwrap())
        }
        Verdict::Reports(codes) => {
            let compiled = compile_spec(&spec.path);
            let text = told(&compiled);
            let found: Vec<_> = compiled.diagnostics.iter().map(|one| one.code.id).collect();
            assert_eq!(&found, codes, "{}:\n{text}", spec.name());
            text
        }
        Verdict::Runs(exit) => run(spec, *exit),
    };
    snapshot(spec, &shown);
}

fn snapshot(spec: &Spec, shown: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(spec.path.with_file_name("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_input_file(spec.path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap());
    let name = spec.path.file_stem().unwrap().to_string_lossy().into_owned();
    settings.bind(|| insta::assert_snapshot!(name, shown));
}

/// The files of a folder of specs: a spec, and what stands in `with/` for all of them.
struct Folder;

impl Loader for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        let path = root().join(path);
        let shared = path.parent().unwrap().join("with").join(path.file_name().unwrap());
        let bytes = std::fs::read(&path).or_else(|_| std::fs::read(shared));
        bytes.map_err(|_| LoadError::Unreadable("there is no such file".to_owned()))
    }
}

/// Compiles a spec (modules too), as `bowline check` does.
pub(crate) fn compile_spec(path: &Path) -> Compiled {
    let inside = path.strip_prefix(root()).unwrap();
    compile_with(&Folder, &inside.to_string_lossy(), &Setting { modules: true, ..Setting::default() })
}

fn told(compiled: &Compiled) -> String {
    diagnostics_text(&compiled.sources, &compiled.diagnostics, Style::PLAIN)
}

/// A folder in which a spec runs.
struct Place<'a> {
    spec: &'a Spec,
    folder: tempfile::TempDir,
    server: Option<Server>,
}

fn run(spec: &Spec, exit: i32) -> String {
    let place = Place::new(spec);
    let mut words = vec!["run".to_owned(), "spec.runbook".to_owned()];
    for (file, option) in [("answers.toml", "--answers"), ("inputs.toml", "--inputs")] {
        if spec.beside(file).is_some() {
            words.extend([option, file].map(str::to_owned));
        }
    }
    if let Some(server) = &place.server {
        words.extend(["-i".to_owned(), format!("server={}", server.url())]);
    }
    words.extend(spec.args.iter().cloned());
    let first = place.bowline(&words, exit);
    let mut said = vec![first];
    for then in &spec.then {
        let id = place.run_id();
        let words: Vec<_> = then.words.iter().map(|word| word.replace("RUN", &id)).collect();
        said.push(place.bowline(&words, then.exit));
    }
    place.shown(&said)
}

impl<'a> Place<'a> {
    fn new(spec: &'a Spec) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(&spec.path, folder.path().join("spec.runbook")).unwrap();
        let shared = spec.path.with_file_name("with");
        for entry in std::fs::read_dir(shared).into_iter().flatten().map(Result::unwrap) {
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
        for name in ["answers.toml", "inputs.toml", "bowline.toml"] {
            if let Some(own) = spec.beside(name) {
                std::fs::copy(own, folder.path().join(name)).unwrap();
            }
        }
        Self { spec, folder, server: spec.server.then(Server::start) }
    }

    /// Runs the real binary, and holds it to its exit code.
    fn bowline(&self, words: &[String], exit: i32) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
        command.args(words).current_dir(self.folder.path()).stdin(Stdio::null());
        command
            .env("BOWLINE_JOURNAL", self.folder.path().join(".journal"))
            .env("TZ", "UTC")
            .env("USER", "olga");
        command.envs(self.spec.env.iter().cloned());
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "{} {words:?}:\n{said}", self.spec.name());
        output
    }

    fn run_id(&self) -> String {
        let runs = self.bowline(&["runs", "--format", "json"].map(str::to_owned), 0);
        let first = runs.stdout.split(|byte| *byte == b'\n').next().unwrap().to_owned();
        let first: serde_json::Value = serde_json::from_slice(&first).unwrap();
        first["id"].as_str().unwrap().to_owned()
    }

    /// Events and traces, free of what differs from run to run.
    fn shown(&self, said: &[Output]) -> String {
        let mut shown = self.events();
        if shown.is_empty() {
            shown = String::from_utf8_lossy(&said[0].stderr).into_owned();
        }
        for (name, text) in self.traces() {
            _ = write!(shown, "\n-- {name}\n{text}");
        }
        if let Some(server) = &self.server {
            _ = write!(shown, "\n-- requests\n{}", server.requests().join("\n"));
            shown = shown.replace(&server.url(), "{server}").replace(&server.url()[7..], "{server}");
        }
        shown.replace(&self.folder.path().display().to_string(), "{folder}")
    }

    fn events(&self) -> String {
        if !self.folder.path().join(".journal").exists() {
            return String::new();
        }
        let told = self.bowline(&["show", "--format", "json"].map(str::to_owned), 0);
        let plan = compile_spec(&self.spec.path).plan.unwrap();
        events::transcript(&plan, &String::from_utf8(told.stdout).unwrap(), self.spec.unordered)
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
