//! A folder with a runbook, and the search for what must not be in what a run leaves.

use std::cell::RefCell;
use std::io::Write;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::folder::Folder;

/// So many letters of a secret in a row are a leak.
const PART: usize = 8;

pub(crate) struct Site {
    folder: Folder,
    env: RefCell<Vec<(String, String)>>,
    /// All that was printed so far.
    printed: RefCell<Vec<u8>>,
}

impl Deref for Site {
    type Target = Folder;

    fn deref(&self) -> &Folder {
        &self.folder
    }
}

impl Site {
    /// A runbook, its head left out.
    pub(crate) fn new(body: &str) -> Self {
        Self { folder: Folder::with("t", body), env: RefCell::default(), printed: RefCell::default() }
    }

    /// A program of the site, `./NAME`.
    pub(crate) fn program(&self, name: &str, text: &str) {
        use std::os::unix::fs::OpenOptionsExt;
        let path = self.path(name);
        let mut file = std::fs::File::options().write(true).create_new(true).mode(0o755).open(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    /// A variable of the environment, from here on.
    pub(crate) fn set(&self, name: &str, value: &str) {
        let mut env = self.env.borrow_mut();
        env.retain(|(known, _)| known != name);
        env.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.folder.command(args);
        command.envs(self.env.borrow().iter().map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn bowline(&self, args: &[&str]) -> Output {
        let output = self.command(args).output().unwrap();
        self.printed.borrow_mut().extend([&output.stdout[..], &output.stderr[..]].concat());
        output
    }

    /// Runs it; exit code and talk.
    pub(crate) fn run(&self, args: &[&str]) -> (Option<i32>, String) {
        self.talk(&[&["run", "a.runbook"], args].concat())
    }

    /// A command about the one run of the site.
    pub(crate) fn again(&self, verb: &str, args: &[&str]) -> (Option<i32>, String) {
        let id = self.id();
        self.talk(&[&[verb, &id], args].concat())
    }

    fn talk(&self, args: &[&str]) -> (Option<i32>, String) {
        let output = self.bowline(args);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    pub(crate) fn id(&self) -> String {
        let runs = String::from_utf8(self.bowline(&["runs"]).stdout).unwrap();
        runs.split_whitespace().next().unwrap().to_owned()
    }

    /// The events, as programs read them.
    pub(crate) fn events(&self) -> String {
        String::from_utf8(self.bowline(&["show", "--format", "events"]).stdout).unwrap()
    }

    /// Where a part of a secret, in any spelling, is in the journal's folder or in what was printed.
    pub(crate) fn leaks(&self, secrets: &[&str]) -> Vec<String> {
        for verb in ["show", "logs", "runs"] {
            self.bowline(&[verb]);
        }
        self.bowline(&["show", "--format", "json"]);
        self.events();
        let mut found = vec![];
        let parts: Vec<Vec<u8>> = secrets.iter().flat_map(|secret| parts(secret)).collect();
        let mut look = |place: &str, bytes: &[u8]| {
            found.extend(parts.iter().find_map(|part| {
                let at = memchr::memmem::find(bytes, part)?;
                let around = &bytes[at.saturating_sub(80)..bytes.len().min(at + 80)];
                Some(format!("{place}: {}", String::from_utf8_lossy(around)))
            }));
        };
        look("printed", &self.printed.borrow());
        for file in files(&self.path("journal")) {
            look(&file.display().to_string(), &std::fs::read(&file).unwrap());
        }
        found
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Pieces by which a secret is found: of itself, as JSON has it, in URLs, in base64.
fn parts(secret: &str) -> Vec<Vec<u8>> {
    let json = serde_json::Value::from(secret).to_string();
    let url = percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC).to_string();
    let base64 = STANDARD.encode(secret);
    let spelled = [secret, json.trim_matches('"'), &url, base64.trim_end_matches('=')];
    let windows = |text: &&str| text.as_bytes().windows(PART).map(<[u8]>::to_vec).collect::<Vec<_>>();
    let mut parts: Vec<Vec<u8>> = spelled.iter().flat_map(windows).collect();
    // The last letters of a base64 text depend on what follows, and a part of three may be plain.
    parts.retain(|part| part.iter().any(|byte| !part.starts_with(&[*byte; PART])));
    parts.sort_unstable();
    parts.dedup();
    parts
}
