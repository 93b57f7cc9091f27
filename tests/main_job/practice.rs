//! A practice deployment in a folder of its own, and the main job run on it.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output, Stdio};

use crate::{python, scratch};

/// What the upgrade migrates.
pub(crate) const MIGRATIONS: [&str; 3] = ["0005_metadata_json", "0006_provenance", "0007_search_terms"];

/// What a person would answer, from the root of the repository.
const ANSWERS: &str = "examples/memoria/answers.toml";

/// A practice deployment in a folder of its own.
pub(crate) struct Practice {
    folder: tempfile::TempDir,
    /// The migration that fails half-way.
    failing: Option<&'static str>,
}

impl Practice {
    pub(crate) fn new(failing: Option<&'static str>) -> Self {
        let folder = scratch::folder();
        let practice = Self { folder, failing };
        let script = root().join("examples/memoria/practice.py");
        let mut made = Command::new("python3");
        made.arg(script).arg(practice.path("practice"));
        let made = python::quick(&mut made).output().unwrap();
        assert!(made.status.success(), "{}", told(&made));
        practice
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    /// The inputs of the example, for this folder.
    pub(crate) fn inputs(&self) -> PathBuf {
        let text = std::fs::read_to_string(root().join("examples/memoria/inputs.toml")).unwrap();
        let practice = self.path("practice");
        let text = text.replace("sqlite:///target/practice", &format!("sqlite:///{}", practice.display()));
        let text = text.replace("target/practice", &practice.display().to_string());
        let file = self.path("inputs.toml");
        std::fs::write(&file, text).unwrap();
        file
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.path("journal")
    }

    fn bowline(&self, args: &[&str]) -> Command {
        self.under(&[], args)
    }

    /// The command, under the program that `under` names.
    fn under(&self, under: &[String], args: &[&str]) -> Command {
        let bowline = [env!("CARGO_BIN_EXE_bowline").to_owned()];
        let mut words = under.iter().chain(&bowline);
        let mut command = Command::new(words.next().unwrap());
        command.args(words).args(args).arg("--journal").arg(self.journal());
        command.current_dir(root()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        python::quick(&mut command).envs(self.failing.map(|migration| ("MEMORIA_FAIL_MIGRATION", migration)));
        command
    }

    pub(crate) fn run(&self) -> Command {
        self.run_under(&[])
    }

    /// The main job, under the program that `under` names.
    pub(crate) fn run_under(&self, under: &[String]) -> Command {
        let inputs = self.inputs();
        let mut command = self.under(under, &["run", "runbooks/memoria/self-managed-ga.runbook"]);
        command.arg("--inputs").arg(inputs).args(["--answers", ANSWERS]);
        command
    }

    /// Resumes until the run has an end, which it gives; `None` for a run that never began. A migration that was
    /// cut off, with an outcome that nobody knows, is rolled back, as an operator would.
    pub(crate) fn bring_home(&self) -> (Option<i32>, String) {
        let Some(run) = self.id() else { return (None, String::new()) };
        let mut talk = String::new();
        let mut words = vec!["resume", &run];
        loop {
            let output = self.bowline(&words).args(["--answers", ANSWERS]).output().unwrap();
            talk += &told(&output);
            match output.status.code() {
                Some(2) if talk.contains("never began") => return (None, talk),
                Some(4) if !words.contains(&"--rollback") => {
                    assert!(talk.contains("--at \"Run schema migrations\""), "{talk}");
                    words = vec!["settle", &run, "--rollback"];
                }
                code => return (code, talk),
            }
        }
    }

    /// The short id of the only run, if one was recorded.
    fn id(&self) -> Option<String> {
        let runs = self.bowline(&["runs", "--format", "json"]).output().unwrap();
        let text = String::from_utf8(runs.stdout).unwrap();
        let run: serde_json::Value = serde_json::from_str(text.lines().next()?).unwrap();
        Some(run["id"].as_str().unwrap().to_owned())
    }

    /// The database as statements; equal dumps are equal content.
    pub(crate) fn dump(&self) -> String {
        let script = "import sqlite3, sys\nfor line in sqlite3.connect(sys.argv[1]).iterdump(): print(line)";
        let mut dump = Command::new("python3");
        dump.arg("-c").arg(script).arg(self.path("practice/memoria.db"));
        let dump = python::quick(&mut dump).output().unwrap();
        assert!(dump.status.success());
        String::from_utf8(dump.stdout).unwrap()
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path("practice").join(name)).unwrap()
    }

    /// The files in `backups` whose names begin so, with what is in them.
    pub(crate) fn backups(&self, start: &str) -> BTreeMap<String, String> {
        let files = std::fs::read_dir(self.path("practice/backups")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let found = names.filter(|name| name.starts_with(start));
        found.map(|name| (name.clone(), self.read(&format!("backups/{name}")))).collect()
    }

    /// What the only run keeps as evidence.
    pub(crate) fn evidence(&self) -> Vec<String> {
        let kept = self.journal().join("runs").join(self.id().unwrap()).join("evidence");
        let files = std::fs::read_dir(kept).unwrap().map(|file| file.unwrap().path());
        files.map(|file| std::fs::read_to_string(file).unwrap()).collect()
    }

    /// What the journal holds of the only run.
    fn events(&self) -> Vec<serde_json::Value> {
        let told = self.bowline(&["show", "--format", "events"]).output().unwrap();
        let text = String::from_utf8(told.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The command lines that were begun again though they had ended well: by place in the plan and visit of it,
    /// so that a poll's next look is another one.
    pub(crate) fn repeated(&self) -> Vec<String> {
        let (mut begun, mut ended, mut repeated) = (BTreeMap::new(), BTreeSet::new(), vec![]);
        for event in self.events() {
            let fact = &event["fact"];
            if let Some(began) = fact.get("began") {
                let place = (began["frame"].as_u64(), began["node"].as_u64());
                if ended.contains(&place) {
                    repeated.push(began["shown"].to_string());
                }
                begun.insert(began["effect"].as_u64(), place);
            }
            if fact["ended"]["outcome"] == "done" {
                ended.extend(begun.get(&fact["ended"]["effect"].as_u64()).copied());
            }
        }
        repeated
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a command said to the person.
pub(crate) fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Whether it died by SIGKILL.
pub(crate) fn killed(status: ExitStatus) -> bool {
    status.signal() == Some(9) || status.code() == Some(137)
}
