//! A folder with a runbook, its `bowline.toml` and its journal.

use std::ops::Deref;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use crate::folder::Folder;
use crate::processes::within;

pub(crate) struct Site {
    folder: Folder,
    env: Vec<(String, String)>,
}

/// What a command came to.
pub(crate) struct Told {
    pub(crate) exit: Option<i32>,
    /// What it said on standard error.
    pub(crate) said: String,
}

impl Deref for Site {
    type Target = Folder;

    fn deref(&self) -> &Folder {
        &self.folder
    }
}

impl Site {
    /// A runbook, its head left out, under targets.
    pub(crate) fn new(targets: &str, body: &str) -> Self {
        let site = Self { folder: Folder::with("t", body), env: vec![] };
        site.write("bowline.toml", targets);
        site
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.env.push((name.to_owned(), value.to_owned()));
    }

    /// A file as it stands, or nothing where there is none. What is no text is shown as such: a file that is not UTF-8, or
    /// still being written, must not look like one that is empty.
    pub(crate) fn read(&self, name: &str) -> String {
        match std::fs::read(self.path(name)) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => panic!("{name}: {error}"),
        }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.folder.command(args);
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn bowline(&self, args: &[&str]) -> Told {
        told(&self.command(args).output().unwrap())
    }

    pub(crate) fn run(&self, args: &[&str]) -> Told {
        self.bowline(&[&["run", "a.runbook"], args].concat())
    }

    /// A run under way; its words go to a file.
    pub(crate) fn start(&self, args: &[&str]) -> Child {
        let said = std::fs::File::create(self.path("said")).unwrap();
        let mut command = self.command(&[&["run", "a.runbook"], args].concat());
        command.stdout(Stdio::null()).stderr(said).spawn().unwrap()
    }

    /// A command about the one run of the site.
    pub(crate) fn again(&self, verb: &str, args: &[&str]) -> Told {
        let output = self.command(&["show", "--format", "json"]).output().unwrap();
        let run: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let id = run["id"].as_str().unwrap().to_owned();
        self.bowline(&[&[verb, &id], args].concat())
    }

    /// The events of the run, as JSON lines.
    pub(crate) fn events(&self) -> String {
        let output = self.command(&["show", "--format", "events"]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    /// Waits for a file of the site.
    pub(crate) fn appears(&self, name: &str) {
        let there = within(Duration::from_secs(30), || self.path(name).exists());
        assert!(there, "{name} does not appear; {}", self.read("said"));
    }
}

fn told(output: &Output) -> Told {
    Told { exit: output.status.code(), said: String::from_utf8_lossy(&output.stderr).into_owned() }
}

/// The process of a child.
pub(crate) fn send(child: &Child, signal: &str) {
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-s", signal, &pid]).status().unwrap().success());
}
