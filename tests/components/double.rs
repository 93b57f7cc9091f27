//! The doubles of `examples/doubles`: what they hold, what goes wrong in them, and what a step must do about it.
//!
//! Each step of a module is held to the same: it does something; if the run fails later, what was is there again; and
//! where its call is answered 502 or not at all, the end says what is so.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::component::{Server, find};
use super::site::{DONE, FAILED, Said, Site};

/// Nobody knows how an effect ended, and nobody was there to say.
pub(crate) const STUCK: Option<i32> = Some(4);

/// A double of a service, or a proxy that has one inside.
pub(crate) struct Double {
    pub(crate) port: u16,
    _servers: Vec<Server>,
}

impl Double {
    /// Serves `examples/doubles/NAME.py`.
    pub(crate) fn start(folder: &Path, name: &str) -> Option<Self> {
        let python = find("python3", "apt install python3")?;
        let script = doubles().join(format!("{name}.py")).display().to_string();
        let server = Server::start_with(folder, &python, &[&script], |command| {
            command.stdin(Stdio::piped());
        });
        // It takes a free port itself and says which: one that is looked for before it starts, another test may find too.
        let mut port = None;
        let server = server.await_said("the double", |said| {
            port = said.trim_end().rsplit(':').next().and_then(|port| port.parse().ok());
            port.is_some()
        });
        Some(Self::behind(port?, vec![server]))
    }

    /// One that these servers make, ready when it tells its state.
    pub(crate) fn behind(port: u16, mut servers: Vec<Server>) -> Self {
        let last = servers.pop().unwrap();
        let ready = || ask(port, "GET", "/_double/state", &Value::Null).is_some();
        servers.push(last.await_ready("the double", ready));
        Self { port, _servers: servers }
    }

    /// What it holds.
    pub(crate) fn state(&self) -> Value {
        ask(self.port, "GET", "/_double/state", &Value::Null).unwrap()
    }

    /// Puts members of what it holds in place.
    pub(crate) fn put(&self, state: &Value) {
        ask(self.port, "PUT", "/_double/state", state).unwrap();
    }

    /// The next calls of that kind go wrong in that way; whatever else was to go wrong does not.
    pub(crate) fn fault(&self, when: &str, then: &str, times: u32) {
        let fault = json!([{ "when": when, "then": then, "times": times }]);
        ask(self.port, "PUT", "/_double/faults", &fault).unwrap();
    }

    pub(crate) fn no_fault(&self) {
        ask(self.port, "PUT", "/_double/faults", &json!([])).unwrap();
    }
}

/// One step of a module, and how it stands up to what goes wrong with its call.
pub(crate) struct Step {
    /// What is written in the runbook.
    pub(crate) statement: &'static str,
    /// The call that changes something.
    pub(crate) call: &'static str,
    /// The end where the answer to that call is 502 though it was carried out.
    pub(crate) on_502: Option<i32>,
    /// The end where the connection is cut after the call was carried out.
    pub(crate) on_cut: Option<i32>,
}

/// Holds a step to it. `before` is put in place first; `shown` tells of a state what must come back.
pub(crate) fn hold(site: &Site, double: &Double, before: &Value, step: &Step, shown: fn(Value) -> Value) {
    let Step { statement, call, on_502, on_cut } = step;
    let fails = format!("{statement}\nfail \"later\"");
    let run = |fault: &str, text: &str| {
        double.no_fault();
        double.put(before);
        if !fault.is_empty() {
            double.fault(call, fault, 1);
        }
        let was = shown(double.state());
        let said = site.run(text);
        (said, was, shown(double.state()))
    };
    let (said, was, is) = run("", statement);
    said.is(DONE, "completed");
    assert_ne!(was, is, "{statement}: it did nothing");
    let done = is;

    let (said, was, is) = run("", &fails);
    said.is(FAILED, "rolled back");
    assert_eq!(was, is, "{statement}: rolled back");

    let (said, was, is) = run("502 done", statement);
    ended(&said, *on_502, (&was, &is, &done), "502");

    let (said, was, is) = run("cut done", statement);
    ended(&said, *on_cut, (&was, &is, &done), "cut");
}

/// The end is the one told; what is there is as the end says: all, nothing, or, of what nobody knows, either.
fn ended(said: &Said, end: Option<i32>, (was, is, done): (&Value, &Value, &Value), fault: &str) {
    said.is(end, "");
    match end {
        DONE => assert_eq!(is, done, "{fault}: done"),
        FAILED => assert_eq!(is, was, "{fault}: rolled back"),
        _ => {}
    }
}

/// The folder of the doubles.
pub(crate) fn doubles() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/doubles")
}

/// A double of a command line, as an input `command` that keeps its state in `state.json`; `None` without Python.
pub(crate) fn command_line(site: Site, name: &str, state: &Value) -> Option<Site> {
    let python = find("python3", "apt install python3")?;
    site.write("state.json", &state.to_string());
    let variable = format!("{}_DOUBLE_STATE={}", name.to_uppercase(), site.file("state.json").display());
    let script = doubles().join(format!("{name}.py"));
    let words = json!(["env", variable, python, script]);
    Some(site.with("command: list of text", words.to_string()))
}

/// What a double of a command line holds.
pub(crate) fn kept(site: &Site) -> Value {
    serde_json::from_str(&site.read("state.json")).unwrap()
}

/// Sends a request; `None` if nobody answers.
pub(crate) fn ask(port: u16, method: &str, path: &str, body: &Value) -> Option<Value> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(std::time::Duration::from_secs(10))).ok()?;
    let body = body.to_string();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).ok()?;
    let mut answer = vec![];
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
}

/// What a git of a test says; it must leave with 0.
pub(crate) fn git(folder: &Path, args: &[&str]) -> String {
    let own = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"];
    let mut command = Command::new("git");
    command.current_dir(folder).args(own).args(args).env("GIT_CONFIG_GLOBAL", "/dev/null");
    super::component::output(&mut command)
}
