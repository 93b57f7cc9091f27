//! Programs that are not ours: found or skipped, started for a bounded time, ended with the test.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// No server of a test lives longer than this, whatever becomes of the test.
const LIFETIME: &str = "900";

/// How long a test waits for anything; a loaded machine is slow, and nothing is judged by this.
const PATIENCE: Duration = Duration::from_mins(3);

/// What no registry has: never required, only skipped where it is not there.
const FROM_ELSEWHERE: [&str; 1] = ["terraform"];

/// A program by its name, or `None` with a visible line that says how it is had; a failure where
/// `BOWLINE_COMPONENTS=required`. With `BOWLINE_COMPONENTS=skip` nothing is found. Looked for in `PATH`, in the folders
/// of the system, and where `.ci/components` puts what it fetches.
pub(crate) fn find(program: &str, install: &str) -> Option<PathBuf> {
    let wanted = std::env::var("BOWLINE_COMPONENTS").unwrap_or_default();
    if wanted == "skip" {
        return skipped("BOWLINE_COMPONENTS=skip");
    }
    let found = folders().into_iter().map(|folder| folder.join(program)).find(|file| file.is_file());
    if found.is_some() {
        return found;
    }
    let why = format!("no {program} ({install})");
    assert!(wanted != "required" || FROM_ELSEWHERE.contains(&program), "{why}");
    skipped(&why)
}

/// Past the capture of the test harness: a skip is seen by whoever runs the tests.
pub(crate) fn skipped(why: &str) -> Option<PathBuf> {
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    std::io::stderr().write_all(format!("skipped: {why}: {test}\n").as_bytes()).unwrap();
    None
}

/// Several programs; `None` if one is missing.
pub(crate) fn find_all<const N: usize>(programs: [&str; N], install: &str) -> Option<[PathBuf; N]> {
    let mut found = programs.map(|_| PathBuf::new());
    for (place, program) in found.iter_mut().zip(programs) {
        *place = find(program, install)?;
    }
    Some(found)
}

fn folders() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<_> = std::env::split_paths(&path).collect();
    folders.extend(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    folders.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("target/components/bin"));
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    folders.extend(versions.map(|version| version.path().join("bin")));
    folders
}

/// A port of 127.0.0.1 that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A server that ends with the test, by its pid; at the latest after its lifetime.
pub(crate) struct Server {
    child: Child,
    log: PathBuf,
}

impl Server {
    /// Starts it; what it says goes to a file in `folder`.
    pub(crate) fn start(folder: &Path, program: &Path, args: &[&str]) -> Self {
        Self::start_with(folder, program, args, |_| {})
    }

    /// As [`Server::start`], with more said about the process.
    pub(crate) fn start_with(
        folder: &Path,
        program: &Path,
        args: &[&str],
        set: impl FnOnce(&mut Command),
    ) -> Self {
        let name = program.file_name().unwrap().to_string_lossy();
        let log = folder.join(format!("{name}-{}.log", free_port()));
        let said = std::fs::File::create(&log).unwrap();
        let mut command = Command::new("timeout");
        command.args(["-k", "5", LIFETIME]).arg(program).args(args).stdin(Stdio::null());
        command.stdout(said.try_clone().unwrap()).stderr(said).current_dir(folder);
        set(&mut command);
        Self { child: command.spawn().unwrap(), log }
    }

    /// Waits until what the server has printed, in whole lines, says that it is ready.
    pub(crate) fn await_said(self, what: &str, mut ready: impl FnMut(&str) -> bool) -> Self {
        let log = self.log.clone();
        self.await_ready(what, || {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            said.ends_with('\n') && ready(&said)
        })
    }

    /// Waits until the server says that it is ready.
    pub(crate) fn await_ready(mut self, what: &str, mut ready: impl FnMut() -> bool) -> Self {
        let began = Instant::now();
        while !ready() {
            let log = || std::fs::read_to_string(&self.log).unwrap_or_default();
            assert!(self.child.try_wait().unwrap().is_none(), "{what} ended: {}", log());
            assert!(began.elapsed() < PATIENCE, "{what} is not ready: {}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
        self
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // `timeout` hands the signal on, and kills what does not follow it. Every server here takes INT as "stop now,
        // in good order", and PostgreSQL does not take TERM so.
        if let Some(pid) = rustix::process::Pid::from_raw(self.child.id().cast_signed()) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::INT);
        }
        let _ = self.child.wait();
    }
}

/// Waits until something holds.
pub(crate) fn await_that(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "{what}: not in time");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The body of a GET; `None` unless the answer is a 200.
pub(crate) fn get(port: u16, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    head.split(' ').nth(1).filter(|status| *status == "200").map(|_| body.to_owned())
}

/// What a program printed; it must leave with 0.
pub(crate) fn output(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}
