//! A runbook with an approval, people with keys, and a run that waits for them.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::folder::Folder;

/// Longer than this nobody waits; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whether OpenSSH is here; where it is not, that is said.
pub(crate) fn has_openssh() -> bool {
    let found = Command::new("ssh-keygen").arg("-?").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if found.is_err() {
        eprintln!("SKIPPED: signed approvals need ssh-keygen (apt install openssh-client)");
    }
    found.is_ok()
}

/// A folder with a runbook, its `bowline.toml`, keys of people, and a journal.
pub(crate) struct Site(Folder);

impl Deref for Site {
    type Target = Folder;

    fn deref(&self) -> &Folder {
        &self.0
    }
}

/// How a command ended: its code, and what it said.
pub(crate) type Ended = (Option<i32>, String);

impl Site {
    /// With ana and bo in the group `ops`, both with keys; olga, who runs everything, is in it as well.
    pub(crate) fn new(body: &str) -> Self {
        Self::with(body, &["ana", "bo", "olga"], "")
    }

    /// With these people in the group `ops`, and more in the `bowline.toml`.
    pub(crate) fn with(body: &str, people: &[&str], more: &str) -> Self {
        let site = Self(Folder::with("Upgrade", body));
        people.iter().for_each(|name| site.make_key(name, &["-t", "ed25519"]));
        let key = |name: &&str| format!("{name} = \"{}\"", site.public(name));
        let keys = people.iter().map(key).collect::<Vec<_>>().join("\n");
        let group = people.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        site.write("bowline.toml", &format!("{more}\n[people]\n{keys}\n[groups]\nops = [{group}]\n"));
        std::fs::create_dir(site.path("shared")).unwrap();
        site
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// A new key pair, without a passphrase.
    pub(crate) fn make_key(&self, name: &str, kind: &[&str]) {
        let made = Command::new("ssh-keygen")
            .args(["-q", "-N", "", "-C", name])
            .args(kind)
            .arg("-f")
            .arg(self.path(name))
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    pub(crate) fn public(&self, name: &str) -> String {
        self.read(&format!("{name}.pub")).trim().to_owned()
    }

    fn command(&self, user: &str, args: &[&str]) -> Command {
        let mut command = self.0.command(args);
        command.env("USER", user).env("TZ", "UTC");
        // Nobody's agent, nobody's keys.
        command.env_remove("SSH_AUTH_SOCK").env("HOME", self.root());
        command
    }

    /// All that a command of somebody gives.
    pub(crate) fn says(&self, user: &str, args: &[&str]) -> Output {
        self.command(user, args).output().unwrap()
    }

    /// A command of somebody.
    pub(crate) fn by(&self, user: &str, args: &[&str]) -> Ended {
        said(&self.command(user, args).output().unwrap())
    }

    /// The same, with an agent at hand.
    pub(crate) fn with_agent(&self, user: &str, socket: &str, args: &[&str]) -> Ended {
        said(&self.command(user, args).env("SSH_AUTH_SOCK", socket).output().unwrap())
    }

    /// A command whose result counts.
    pub(crate) fn result(&self, user: &str, args: &[&str]) -> String {
        let output = self.command(user, args).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", said(&output).1);
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Runs the runbook as olga, to its end or until it waits; the id of the run.
    pub(crate) fn waits(&self) -> String {
        let (code, said) = self.by("olga", &["run", "a.runbook"]);
        assert_eq!(code, Some(5), "{said}");
        self.id()
    }

    /// The latest run.
    pub(crate) fn id(&self) -> String {
        self.result("olga", &["runs"]).split_whitespace().next().unwrap().to_owned()
    }

    /// Runs it in the background, waiting for as long as it takes.
    pub(crate) fn driven(&self, more: &[&str]) -> Driven<'_> {
        let mut command = self.command("olga", &[&["run", "a.runbook", "--stay"], more].concat());
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let driven = Driven { site: self, child: Some(child) };
        driven.until(|events| events.contains("\"requested\""));
        driven
    }

    pub(crate) fn resume(&self, id: &str, more: &[&str]) -> Ended {
        self.by("olga", &[&["resume", id], more].concat())
    }

    /// Somebody approves with their own key.
    pub(crate) fn approves(&self, who: &str, id: &str, more: &[&str]) -> Ended {
        let key = self.path(who).display().to_string();
        self.by(who, &[&["approve", id, "--key", &key], more].concat())
    }

    /// A command of olga's as if so much time had passed; `None`, with a visible line, without `faketime`.
    pub(crate) fn later(&self, by: &str, args: &[&str]) -> Option<Ended> {
        let mut command = self.other("faketime");
        command.args(["-f", by, env!("CARGO_BIN_EXE_bowline")]).args(args).env("TZ", "UTC");
        // Files keep their times.
        command.env("NO_FAKE_STAT", "1");
        let Ok(output) = command.output() else {
            eprintln!("SKIPPED: that time passes needs faketime (apt install faketime)");
            return None;
        };
        Some(said(&output))
    }

    /// The events of the latest run, a line each.
    pub(crate) fn events(&self) -> String {
        let output = self.command("olga", &["show", "--format", "events"]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    /// When the approval of the latest run was asked.
    pub(crate) fn asked(&self) -> std::time::SystemTime {
        let events = self.events();
        let mut lines =
            events.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let of = |line: serde_json::Value| Some(line.pointer("/fact/requested/asked")?.as_str()?.to_owned());
        let asked = lines.find_map(of).unwrap();
        asked.parse::<jiff::Timestamp>().unwrap().into()
    }

    /// Writes down what must be signed; the path of the file.
    pub(crate) fn request(&self, id: &str, more: &[&str]) -> PathBuf {
        let name = self.result("ana", &[&["approve", id, "--request"], more].concat());
        self.path(&name)
    }

    /// Signs a request with the key of somebody; the path of the file.
    pub(crate) fn signed(&self, who: &str, request: &Path, more: &[&str]) -> PathBuf {
        self.signed_into(&format!("{who}.approval"), who, request, more)
    }

    /// The same, into a file of that name.
    pub(crate) fn signed_into(&self, name: &str, who: &str, request: &Path, more: &[&str]) -> PathBuf {
        let (key, out) = (self.path(who).display().to_string(), self.path(name));
        let _ = std::fs::remove_file(&out);
        let (request, out_name) = (request.display().to_string(), out.display().to_string());
        let words = ["approve", "--sign", &request, "--key", &key, "--out", &out_name];
        self.result(who, &[&words, more].concat());
        out
    }

    /// Puts a file into the run's own inbox, as another program of the same user could.
    pub(crate) fn drop_into(&self, id: &str, name: &str, bytes: &[u8]) {
        let inbox = self.path(&format!("journal/runs/{id}/inbox"));
        std::fs::create_dir_all(&inbox).unwrap();
        std::fs::write(inbox.join(name), bytes).unwrap();
    }
}

/// A run in the background.
pub(crate) struct Driven<'a> {
    site: &'a Site,
    child: Option<Child>,
}

impl Driven<'_> {
    /// Waits until its events say so.
    pub(crate) fn until(&self, enough: impl Fn(&str) -> bool) {
        let began = Instant::now();
        while !enough(&self.site.events()) {
            assert!(began.elapsed() < PATIENCE, "{}", self.site.events());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until it is over.
    pub(crate) fn ends(mut self) -> Ended {
        let began = Instant::now();
        let mut child = self.child.take().unwrap();
        while child.try_wait().unwrap().is_none() {
            if began.elapsed() > PATIENCE {
                let _ = child.kill();
                let _ = child.wait();
                panic!("the run goes on:\n{}", self.site.events());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        said(&child.wait_with_output().unwrap())
    }
}

impl Drop for Driven<'_> {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

pub(crate) fn said(output: &Output) -> Ended {
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}
