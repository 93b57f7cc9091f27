//! A folder with a runbook and a journal, the real binary in it, and runs that end in each way.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::folder::Folder;
pub(crate) use crate::said::Said;
use crate::said::said;
use crate::wait::until;

/// In the environment of every run, as a secret.
pub(crate) const CANARY: &str = "canary-5f1e8a77";

impl Said {
    /// The value behind a word at the beginning of a line.
    pub(crate) fn word(&self, word: &str) -> String {
        let line = self.out.lines().find_map(|line| line.strip_prefix(word)).unwrap();
        line.split_whitespace().next().unwrap().to_owned()
    }
}

pub(crate) struct Site(Folder);

impl Deref for Site {
    type Target = Folder;

    fn deref(&self) -> &Folder {
        &self.0
    }
}

/// Copies something and keeps it as evidence; what comes then is said by the test.
const BEGINNING: &str = r#"
use "./tools"

input token: secret from env "TOKEN"

step "Copy the goods" {
  run sh -c "echo copying; echo with $TOKEN; echo goods > goods.txt" {
    env TOKEN = token
  }
  let goods = artifact "goods.txt"
  rollback { run echo back }
}
evidence goods
check "They are there" {
  tools.there("goods.txt")
}
"#;

const TOOLS: &str = "module tools 1.0.0\n\ncheck there(file: path) {\n  run test -e {file}\n}\n";

/// Waits until there is a file `go`.
pub(crate) const WAITS: &str =
    r#"run sh -c "echo waiting; touch begun; while ! test -e go; do sleep 0.05; done""#;

impl Site {
    /// A runbook that goes on so behind its beginning.
    pub(crate) fn new(rest: &str) -> Self {
        let site = Self(Folder::with("Move the shop", &format!("{BEGINNING}\n{rest}\n")));
        site.write("tools.runbook", TOOLS);
        site
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.0.command(args);
        command.env("TOKEN", CANARY);
        command
    }

    pub(crate) fn bowline(&self, args: &[&str]) -> Said {
        self.bowline_as("olga", args)
    }

    pub(crate) fn bowline_as(&self, user: &str, args: &[&str]) -> Said {
        said(self.command(args).env("USER", user))
    }

    /// A new key pair of somebody, without a passphrase.
    pub(crate) fn make_key(&self, name: &str, kind: &str) {
        let made = Command::new("ssh-keygen")
            .args(["-q", "-N", "", "-C", name, "-t", kind, "-f"])
            .arg(self.path(name))
            .status();
        assert!(made.unwrap().success());
    }

    /// Runs it to that exit code.
    pub(crate) fn run(self, code: i32) -> Self {
        let said = self.bowline(&["run", "a.runbook"]);
        assert_eq!(said.code, Some(code), "{}", said.err);
        self
    }

    /// The id of the run.
    pub(crate) fn id(&self) -> String {
        self.bowline(&["runs"]).out.split_whitespace().next().unwrap().to_owned()
    }

    /// The pack of the run, as a file and its bytes.
    pub(crate) fn pack(&self) -> (PathBuf, Vec<u8>) {
        let pack = self.path("pack.tar");
        let said = self.bowline(&["evidence", &self.id(), "-o", pack.to_str().unwrap()]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        let bytes = std::fs::read(&pack).unwrap();
        (pack, bytes)
    }

    pub(crate) fn verify(&self, pack: &Path, more: &[&str]) -> Said {
        self.bowline(&[&["verify", pack.to_str().unwrap()], more].concat())
    }

    /// Starts it, and kills it while a step waits for a file.
    pub(crate) fn killed() -> Self {
        Self::killed_in("idempotent")
    }

    /// The same with a step of that option.
    pub(crate) fn killed_in(option: &str) -> Self {
        Self::killed_at(&format!("step \"Wait\" {option} {{\n  {WAITS}\n  rollback none \"x\"\n}}"))
    }

    /// Starts what goes on so, and kills it once something in it [waits](WAITS).
    pub(crate) fn killed_at(rest: &str) -> Self {
        let site = Self::new(rest);
        let mut run = site.command(&["run", "a.runbook"]);
        let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let output = |site: &Self| {
            let files = std::fs::read_dir(site.path(&format!("journal/runs/{}/outputs", site.id())));
            let mut outputs = files.into_iter().flatten().flatten();
            outputs.any(|file| std::fs::read(file.path()).is_ok_and(|text| text == b"waiting\n"))
        };
        until("the output of the step", || site.path("begun").exists() && output(&site));
        run.kill().unwrap();
        run.wait().unwrap();
        // Whoever waits for the file goes too.
        site.write("go", "");
        site
    }
}

/// One that went well.
pub(crate) fn completed() -> Site {
    Site::new("step \"Sell\" {\n  run echo sold\n  rollback none \"sold\"\n}").run(0)
}

/// One that failed and was undone.
pub(crate) fn rolled_back() -> Site {
    Site::new("step \"Sell\" {\n  run sh -c \"echo nobody came; exit 3\"\n  rollback { run echo unsold }\n}")
        .run(1)
}

/// One of which an undo failed.
pub(crate) fn stuck() -> Site {
    Site::new("step \"Sell\" {\n  run false\n  rollback once { run sh -c \"exit 9\" }\n}").run(4)
}

/// One that waits for a person.
pub(crate) fn waiting() -> Site {
    Site::new("confirm \"Shall we?\"").run(5)
}

/// One that ended with something that cannot be undone.
pub(crate) fn kept() -> Site {
    Site::new("step \"Burn\" irreversible {\n  run echo burnt\n}\nfail \"enough\"").run(6)
}

/// One that was killed, then cancelled.
pub(crate) fn cancelled() -> Site {
    let site = Site::killed();
    let said = site.bowline(&["cancel", &site.id()]);
    assert_eq!(said.code, Some(1), "{}", said.err);
    site
}
