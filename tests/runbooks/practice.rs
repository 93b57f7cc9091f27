//! A practice system in a folder of its own, served while it is needed, and a bundled runbook run on it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Write as _};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::{python, scratch, times};

/// No command of a test takes longer; what does is killed, and the test fails.
const LIMIT: Duration = Duration::from_mins(4);
/// A server that was asked to end gets so long before it is killed.
const GRACE: Duration = Duration::from_secs(10);

/// Approvals are answered by files here, and nobody hears a notice.
const PEOPLE: &str = r#"
approvals = "unsigned"
[groups]
release-managers = ["ana", "bo"]
governance = ["ana", "bo", "dee"]
release = ["ana", "bo"]
qa = ["bo"]
sre = ["di"]
platform = ["eli"]
observability = ["cy"]
[lints]
W0502 = "allow"
"#;

/// A practice system: its folder beside a journal, and what serves it.
pub(crate) struct Practice {
    area: &'static str,
    /// What the runs get as well: secrets, which a resume needs again.
    env: Vec<(String, String)>,
    /// Before the folder: it ends before its files go.
    server: Option<Server>,
    folder: tempfile::TempDir,
}

/// How a command ended and what it said.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) out: String,
    /// What it said to the person.
    pub(crate) told: String,
}

impl Ended {
    pub(crate) fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Whether it died by SIGKILL.
    pub(crate) fn was_killed(&self) -> bool {
        self.status.signal() == Some(9) || self.code() == Some(137)
    }
}

impl Practice {
    /// Makes the system of that scenario afresh and serves it. `env` reaches what serves it and every run: faults are
    /// switched on there, and secrets are given, which a resume needs again.
    pub(crate) fn start(area: &'static str, scenario: &str, env: &[(&str, &str)]) -> Self {
        let folder = scratch::folder();
        let script = script(area);
        let place = folder.path().canonicalize().unwrap().join("practice");
        let mut made = Command::new("python3");
        made.arg(&script).arg(&place).args(["--scenario", scenario]).envs(env.iter().copied());
        let made = finish(&mut made, folder.path(), "make");
        assert_eq!(made.code(), Some(0), "{}{}", made.out, made.told);
        let env = env.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let mut practice = Self { area, env, server: None, folder };
        practice.copy("practice", "made");
        practice.serve();
        practice
    }

    /// The system as it was made, at the same place, served anew, with an empty journal: quicker than another one.
    pub(crate) fn again(&mut self) {
        let stretch = times::begin();
        self.server = None;
        for folder in ["practice", "journal"] {
            let gone = std::fs::remove_dir_all(self.path(folder));
            assert!(gone.is_ok() || !self.path(folder).exists(), "{folder}: {gone:?}");
        }
        self.copy("made", "practice");
        self.serve();
        stretch.told("  again");
    }

    fn serve(&mut self) {
        self.server = Some(Server::start(&script(self.area), &self.path("practice"), &self.env));
    }

    /// A folder with all that is in it, times included.
    fn copy(&self, from: &str, to: &str) {
        let mut copy = Command::new("cp");
        copy.arg("-a").arg(self.path(from)).arg(self.path(to));
        let copied = finish(&mut copy, self.folder.path(), "copy");
        assert_eq!(copied.code(), Some(0), "{}", copied.told);
    }

    /// A path in the folder that holds everything of this practice.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    /// The inputs for a runbook, as the practice system wrote them.
    pub(crate) fn inputs(&self, runbook: &str) -> PathBuf {
        let own = self.path(&format!("practice/{runbook}.inputs.toml"));
        if own.exists() { own } else { self.path("practice/inputs.toml") }
    }

    /// The answers for a runbook that the example brings.
    pub(crate) fn answers(&self, runbook: &str) -> PathBuf {
        let home = home(self.area);
        let own = home.join(format!("{runbook}.answers.toml"));
        if own.exists() { own } else { home.join("answers.toml") }
    }

    /// The process that serves it.
    pub(crate) fn server(&self) -> u32 {
        self.server.as_ref().unwrap().child.id()
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.path("journal")
    }

    /// The complete state of the system as text.
    pub(crate) fn dump(&self) -> String {
        let mut dump = Command::new("python3");
        dump.arg(script(self.area)).arg(self.path("practice")).arg("--dump");
        let dump = finish(&mut dump, self.folder.path(), "dump");
        assert_eq!(dump.code(), Some(0), "{}", dump.told);
        nameless(&dump.out)
    }

    /// A command of bowline, on the journal of this practice.
    pub(crate) fn bowline(&self, words: &[&str]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
        command.args(words).env("BOWLINE_JOURNAL", self.journal()).current_dir(root());
        // A run goes by it to its end.
        if words.first() == Some(&"run") && !words.contains(&"--config") {
            let people = self.path("people.toml");
            std::fs::write(&people, PEOPLE).unwrap();
            command.arg("--config").arg(people);
        }
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        finish(&mut command, self.folder.path(), "bowline")
    }

    /// A command of bowline as if so much time had passed (`+73h`); `None`, with a visible line, without `faketime`.
    pub(crate) fn later(&self, by: &str, words: &[&str]) -> Option<Ended> {
        let found =
            Command::new("faketime").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if found.is_err() {
            let line = "skipped: no faketime (apt install faketime)\n";
            assert_ne!(std::env::var("BOWLINE_COMPONENTS").as_deref(), Ok("required"), "{line}");
            std::io::stderr().write_all(line.as_bytes()).unwrap();
            return None;
        }
        let mut command = Command::new("faketime");
        command.args(["-f", by, env!("CARGO_BIN_EXE_bowline")]).args(words);
        command.env("BOWLINE_JOURNAL", self.journal()).current_dir(root());
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        Some(finish(&mut command, self.folder.path(), "later"))
    }

    /// Runs a bundled runbook with the inputs and answers of the example; `more` are further words.
    pub(crate) fn run(&self, runbook: &str, more: &[&str]) -> Ended {
        let (name, inputs, answers) = self.words(runbook);
        let words = ["run", &name, "--inputs", &inputs, "--answers", &answers];
        self.bowline(&[&words, more].concat())
    }

    /// The plan of a bundled runbook with the inputs of the example, as JSON.
    pub(crate) fn plan(&self, runbook: &str) -> serde_json::Value {
        let (name, inputs, _) = self.words(runbook);
        let plan = self.bowline(&["plan", "--full", "--format", "json", "--inputs", &inputs, &name]);
        assert_eq!(plan.code(), Some(0), "{}", plan.told);
        serde_json::from_str(&plan.out).unwrap()
    }

    /// The latest run as `show` tells it to programs.
    pub(crate) fn shown(&self) -> serde_json::Value {
        serde_json::from_str(&self.bowline(&["show", "--format", "json"]).out).unwrap()
    }

    /// Its name in the binary, its inputs, its answers.
    fn words(&self, runbook: &str) -> (String, String, String) {
        let text = |path: PathBuf| path.display().to_string();
        // Of what is not bundled the file.
        let file = home(self.area).join(format!("{runbook}.runbook"));
        let name = if file.exists() { text(file) } else { format!("{}/{runbook}", self.area) };
        (name, text(self.inputs(runbook)), text(self.answers(runbook)))
    }
}

/// What serves a practice system, until this is dropped.
struct Server {
    child: Child,
    /// Kept open: who writes to a closed one dies.
    _out: BufReader<ChildStdout>,
}

impl Server {
    fn start(script: &Path, place: &Path, env: &[(String, String)]) -> Self {
        let stretch = times::begin();
        let mut command = Command::new("python3");
        command.arg(script).arg(place).arg("--serve").current_dir(root());
        command.envs(env.iter().map(|(name, value)| (name, value)));
        python::quick(&mut command);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let (sender, ready) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            let _ = out.read_line(&mut line);
            let _ = sender.send((line, out));
        });
        let answer = ready.recv_timeout(LIMIT);
        stretch.told("  serve");
        match answer {
            Ok((line, out)) if line == "ready\n" => Self { child, _out: out },
            other => {
                let _ = child.kill();
                panic!("{} does not serve: {:?}", script.display(), other.map(|(line, _)| line));
            }
        }
    }
}

impl Drop for Server {
    /// Its standard input closes; who does not listen gets TERM, then KILL.
    fn drop(&mut self) {
        let stretch = times::begin();
        drop(self.child.stdin.take());
        if ended(&mut self.child, GRACE).is_none() {
            let pid = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw);
            let _ = pid.map(|pid| rustix::process::kill_process(pid, rustix::process::Signal::TERM));
            if ended(&mut self.child, GRACE).is_none() {
                let _ = self.child.kill();
                let _ = self.child.wait();
            }
        }
        stretch.told("  served");
    }
}

/// Runs a command to its end, its output in files: whatever its size, and however it ends.
fn finish(command: &mut Command, folder: &Path, name: &str) -> Ended {
    let file = |stream: &str| folder.join(format!("{name}.{stream}"));
    let create = |stream: &str| File::create(file(stream)).unwrap();
    python::quick(command).stdin(Stdio::null()).stdout(create("out")).stderr(create("err"));
    let stretch = times::begin();
    let mut child = command.spawn().unwrap();
    let status = ended(&mut child, LIMIT);
    let word = command.get_args().next().unwrap_or_default().display().to_string();
    stretch.told(format_args!("  {name} {word}"));
    let read = |stream: &str| String::from_utf8_lossy(&std::fs::read(file(stream)).unwrap()).into_owned();
    let Some(status) = status else {
        let _ = child.kill();
        let _ = child.wait();
        panic!("{command:?} did not end within {LIMIT:?}: {}", read("err"));
    };
    Ended { status, out: read("out"), told: read("err") }
}

fn ended(child: &mut Child, within: Duration) -> Option<ExitStatus> {
    let late = Instant::now() + within;
    loop {
        match child.try_wait().unwrap() {
            None if Instant::now() < late => std::thread::sleep(Duration::from_millis(10)),
            status => return status,
        }
    }
}

/// Where the practice system of an area is: with the examples, or with the proofs of the proofs.
fn home(area: &str) -> PathBuf {
    let here = root().join("tests/runbooks").join(area);
    if here.join("practice.py").is_file() { here } else { root().join("examples").join(area) }
}

fn script(area: &str) -> PathBuf {
    home(area).join("practice.py")
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The sections of a dump by their headings, the lines that begin with `== `.
pub(crate) fn sections(dump: &str) -> BTreeMap<String, String> {
    let mut sections = BTreeMap::new();
    let mut heading = String::new();
    for line in dump.lines() {
        if let Some(begun) = line.strip_prefix("== ") {
            begun.clone_into(&mut heading);
        }
        let section: &mut String = sections.entry(heading.clone()).or_default();
        *section += line;
        *section += "\n";
    }
    sections
}

/// The headings of the sections in which two dumps differ.
pub(crate) fn differing(one: &str, other: &str) -> Vec<String> {
    let (one, other) = (sections(one), sections(other));
    let headings: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    headings.into_iter().filter(|heading| one.get(*heading) != other.get(*heading)).cloned().collect()
}

/// A dump in which files that are named after their run (`pre-ga-RUN.json`) go by one name.
fn nameless(dump: &str) -> String {
    let named = regex::Regex::new(r"(?m)^(== file backups/\S+)-[a-z0-9]{5}(\.\S+)$").unwrap();
    named.replace_all(dump, "${1}-RUN${2}").into_owned()
}
