//! A folder with a runbook that gets values, and a program that says what it was given.

use std::ops::Deref;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::folder::Folder;
use crate::server::{Request, response};

/// Writes what it was given to the file that its first argument names.
const SHOW: &str = "
import json, os, sys
env = {name: value for name, value in os.environ.items() if name.startswith('V')}
given = {'args': sys.argv[2:], 'env': env, 'stdin': sys.stdin.buffer.read().decode()}
json.dump(given, open(sys.argv[1], 'w'))
";

pub(crate) struct Site(Folder);

impl Deref for Site {
    type Target = Folder;

    fn deref(&self) -> &Folder {
        &self.0
    }
}

impl Site {
    /// A runbook of inputs `v0`, `v1` … and this body.
    pub(crate) fn new(count: usize, body: &str) -> Self {
        let inputs: String =
            (0..count).fold(String::new(), |text, at| text + &format!("input v{at}: text\n"));
        let site = Self(Folder::with("t", &format!("{inputs}{body}")));
        site.write("show.py", SHOW);
        site
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_default()
    }

    /// What the program wrote to a file.
    pub(crate) fn given(&self, name: &str) -> Value {
        serde_json::from_slice(&self.read(name)).unwrap()
    }

    pub(crate) fn bowline(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs it with these values; it must complete, and nothing in them may have been obeyed.
    pub(crate) fn runs_with(&self, values: &[String], args: &[&str]) {
        let inputs: serde_json::Map<_, _> =
            values.iter().enumerate().map(|(at, value)| (format!("v{at}"), value.as_str().into())).collect();
        self.write("inputs.json", &Value::Object(inputs).to_string());
        let output = self.bowline(&[&["run", "a.runbook", "--inputs", "inputs.json"], args].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{values:?}:\n{said}");
        assert!(!self.path("pwned").exists(), "{values:?} was obeyed");
    }
}

/// An empty object, whatever is asked.
pub(crate) fn empty(_: &Request, _: usize) -> Vec<u8> {
    response(200, "Content-Type: application/json\r\n", b"{}")
}

/// `run python3 show.py FILE …`, with the program found once: a wrapper around it may be slow.
pub(crate) fn python() -> String {
    let output = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Whether a program is there.
pub(crate) fn is_there(program: &str) -> bool {
    let there = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let there = there.is_ok_and(|status| status.success());
    if !there {
        eprintln!("SKIPPED: values in scripts of `{program}`, which is not there");
    }
    there
}

/// Texts that were written with a NUL behind each.
pub(crate) fn between_nuls(bytes: &[u8]) -> Vec<String> {
    let mut texts: Vec<_> =
        bytes.split(|byte| *byte == 0).map(|text| String::from_utf8(text.to_vec()).unwrap()).collect();
    texts.pop();
    texts
}
