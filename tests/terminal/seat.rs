//! A terminal with a program in front of it, and a person's keys. Every wait is bounded; programs of
//! tests that wait for a file end when their folder goes away.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Termios, Winsize, tcgetattr, tcgetpgrp, tcsetwinsize};

use crate::feed::Feed;
use crate::scratch;

/// Longer than this nobody waits; the machine may be busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The terminal's size at first.
const ROWS: u16 = 40;
const COLUMNS: u16 = 100;

pub(crate) const CTRL_C: &[u8] = b"\x03";
pub(crate) const CTRL_D: &[u8] = b"\x04";
pub(crate) const CTRL_Z: &[u8] = b"\x1a";

/// A folder with a runbook, and a journal of its own.
pub(crate) struct Site {
    folder: tempfile::TempDir,
    /// Variables beside the usual ones.
    env: RefCell<HashMap<String, String>>,
}

impl Site {
    pub(crate) fn new(body: &str) -> Self {
        let site = Self { folder: scratch::folder(), env: RefCell::default() };
        site.write("a.runbook", &format!("runbook \"t\" 1.0.0\n{body}"));
        site
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// A program of the folder, `./NAME`.
    pub(crate) fn program(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        self.write(name, text);
        std::fs::set_permissions(self.path(name), std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A variable of the environment, from here on.
    pub(crate) fn set(&self, name: &str, value: &str) {
        self.env.borrow_mut().insert(name.to_owned(), value.to_owned());
    }

    pub(crate) fn unset(&self, name: &str) {
        self.env.borrow_mut().remove(name);
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// The words that effects wrote, `log` by `log`.
    pub(crate) fn log(&self) -> String {
        self.read("log").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// A command as somebody in this folder would start it. Signals are as a login shell leaves them.
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new("env");
        command.args(["--default-signal"]).args(words).current_dir(self.folder.path());
        command.env("BOWLINE_JOURNAL", self.path("journal")).env("USER", "olga").env("TERM", "xterm");
        command.envs(&*self.env.borrow());
        command
    }

    /// Runs bowline with nobody there.
    pub(crate) fn alone(&self, args: &[&str]) -> Output {
        let words = [&[env!("CARGO_BIN_EXE_bowline")], args].concat();
        self.command(&words).stdin(Stdio::null()).output().unwrap()
    }

    /// Runs another program in the folder, with nobody there.
    pub(crate) fn other(&self, words: &[&str]) -> Output {
        self.command(words).stdin(Stdio::null()).output().unwrap()
    }

    /// Starts bowline with nobody there.
    pub(crate) fn starts_alone(&self, args: &[&str]) -> Child {
        let words = [&[env!("CARGO_BIN_EXE_bowline")], args].concat();
        let mut command = self.command(&words);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// The latest run.
    pub(crate) fn run_id(&self) -> String {
        let runs = String::from_utf8(self.alone(&["runs"]).stdout).unwrap();
        runs.split_whitespace().next().unwrap().to_owned()
    }

    /// Waits for a file.
    pub(crate) fn appears(&self, name: &str) {
        let began = Instant::now();
        while !self.path(name).exists() {
            assert!(began.elapsed() < PATIENCE, "{name} does not appear");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until more stands in a file.
    pub(crate) fn grows(&self, name: &str) {
        let (began, before) = (Instant::now(), self.read(name).len());
        while self.read(name).len() == before {
            assert!(began.elapsed() < PATIENCE, "{name} does not grow");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until a process has a file of that name open.
    pub(crate) fn opens(&self, pid: u32, name: &str) {
        let began = Instant::now();
        let open = || {
            let entries = std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap().flatten();
            let mut files = entries.filter_map(|entry| std::fs::read_link(entry.path()).ok());
            files.any(|file| file.ends_with(name))
        };
        while !open() {
            assert!(began.elapsed() < PATIENCE, "{pid} does not open {name}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until the journal of the latest run holds such events, so many of them. The words are of its JSON.
    pub(crate) fn records(&self, words: &str, times: usize) {
        let began = Instant::now();
        loop {
            let events = self.alone(&["show", "--format", "events"]).stdout;
            let events = String::from_utf8_lossy(&events).into_owned();
            if events.matches(words).count() >= times {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "{words:?} was not recorded {times} times:\n{events}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits for a file that an effect writes its pid to; the pid.
    pub(crate) fn pid(&self, file: &str) -> u32 {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            // A file that is being written has no end of line yet.
            if let Some(pid) = self.read(file).strip_suffix('\n').and_then(|pid| pid.parse().ok()) {
                return pid;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("nobody wrote {file}");
    }

    /// Sits down at a terminal and starts bowline there. A run begins unasked.
    pub(crate) fn sits(&self, args: &[&str]) -> Seat {
        let unasked: &[&str] = if args.first() == Some(&"run") { &["--yes-to", "briefing"] } else { &[] };
        self.sits_down(&[args, unasked].concat())
    }

    /// As [`Self::sits`], with all that comes before a run.
    pub(crate) fn sits_down(&self, args: &[&str]) -> Seat {
        Seat::start(self, &[&[env!("CARGO_BIN_EXE_bowline")], args].concat())
    }

    /// As [`Self::sits_down`], without colours and with a variable in the environment.
    pub(crate) fn sits_down_with(&self, (name, value): (&str, &str), args: &[&str]) -> Seat {
        let variable = format!("{name}={value}");
        Seat::start(self, &[&["env", "NO_COLOR=1", &variable, env!("CARGO_BIN_EXE_bowline")], args].concat())
    }

    /// As [`Self::sits`], with a signal ignored from the start.
    pub(crate) fn sits_with(&self, ignored: &str, args: &[&str]) -> Seat {
        let ignored = format!("--ignore-signal={ignored}");
        let words = [&["env", &ignored, env!("CARGO_BIN_EXE_bowline")], args, &["--yes-to", "briefing"]];
        Seat::start(self, &words.concat())
    }

    /// Sits down at a terminal in front of a shell with job control.
    pub(crate) fn shell(&self) -> Seat {
        let seat = Seat::start(self, &["bash", "--norc", "--noediting", "-i"]);
        seat.write(b"PS1='READY> '; PATH=");
        let folder = Path::new(env!("CARGO_BIN_EXE_bowline")).parent().unwrap();
        seat.write(format!("{}:$PATH\n", folder.display()).as_bytes());
        seat
    }
}

fn size(cells: u16) -> std::num::NonZero<u16> {
    std::num::NonZero::new(cells).unwrap()
}

/// A terminal and the program in front of it.
pub(crate) struct Seat {
    /// None once the window is closed.
    window: Option<Feed>,
    line: OwnedFd,
    child: Child,
    shown: Vec<u8>,
    /// What a terminal makes of it.
    screen: vt100::Parser,
    /// How much of what was shown has been looked at.
    seen: usize,
}

impl Seat {
    fn start(site: &Site, words: &[&str]) -> Self {
        let keys = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&keys).unwrap();
        unlockpt(&keys).unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let line = rustix::fs::open(ptsname(&keys, vec![]).unwrap(), flags, Mode::empty()).unwrap();
        tcsetwinsize(&line, Winsize { ws_row: ROWS, ws_col: COLUMNS, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let stdio = || Stdio::from(line.try_clone().unwrap());
        // It makes what follows the leader of a session whose terminal this is, and becomes it.
        let mut command = site.command(&[&["setsid", "--ctty"], words].concat());
        let child = command.stdin(stdio()).stdout(stdio()).stderr(stdio()).spawn().unwrap();
        let screen = vt100::Parser::new(size(ROWS), size(COLUMNS), 1000);
        let window = Some(Feed::start(keys.into()));
        Self { window, line, child, shown: vec![], screen, seen: 0 }
    }

    /// The program in front (a shell, where that was started).
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for a file, and looks at the screen meanwhile.
    pub(crate) fn awaits(&mut self, site: &Site, name: &str) {
        let began = Instant::now();
        while !site.path(name).exists() {
            assert!(began.elapsed() < PATIENCE, "{name} does not appear:\n{}", self.lately());
            self.take_in(Duration::from_millis(20));
        }
    }

    /// Waits until that is shown, behind what was waited for before.
    pub(crate) fn sees(&mut self, text: &str) {
        let began = Instant::now();
        loop {
            if let Some(at) = memchr::memmem::find(&self.shown[self.seen..], text.as_bytes()) {
                self.seen += at + text.len();
                return;
            }
            let ended = self.child.try_wait().unwrap().is_some();
            let late = began.elapsed() > PATIENCE;
            let more = self.take_in(Duration::from_millis(100));
            assert!(more || !(late || ended), "{text:?} was not shown:\n{}", self.lately());
        }
    }

    /// Waits for the question, then types the line.
    pub(crate) fn answers(&mut self, question: &str, line: &str) {
        self.sees(question);
        self.types(line);
    }

    /// Types a line.
    pub(crate) fn types(&mut self, line: &str) {
        self.write(format!("{line}\n").as_bytes());
    }

    /// Hits keys.
    pub(crate) fn hits(&mut self, keys: &[u8]) {
        self.write(keys);
    }

    fn keys(&self) -> &File {
        self.window.as_ref().unwrap().keys()
    }

    fn write(&self, bytes: &[u8]) {
        self.keys().write_all(bytes).unwrap();
    }

    /// All that was shown so far.
    pub(crate) fn shown(&self) -> String {
        String::from_utf8_lossy(&self.shown).into_owned()
    }

    /// What stands on the screen now.
    pub(crate) fn screen(&self) -> String {
        let screen = self.screen.screen();
        let rows = screen.rows(0, screen.size().1.get()).map(|row| row.trim_end().to_owned());
        rows.collect::<Vec<_>>().join("\n").trim_end().to_owned() + "\n"
    }

    /// All lines that stand on the screen or went up out of it; what only the edge of the window broke is one line.
    pub(crate) fn history(&mut self) -> Vec<String> {
        let screen = self.screen.screen_mut();
        let columns = screen.size().1.get();
        let above = screen.scrollback_len();
        let mut rows = vec![];
        for back in (0..=above).rev() {
            screen.set_scrollback(back);
            let count = if back == 0 { usize::from(ROWS) } else { 1 };
            let shown = screen.rows(0, columns).take(count).collect::<Vec<_>>();
            rows.extend((0_u16..).zip(shown).map(|(row, text)| (text, screen.row_wrapped(row))));
        }
        let mut lines = vec![String::new()];
        for (text, goes_on) in rows {
            lines.last_mut().unwrap().push_str(&text);
            if !goes_on {
                lines.push(String::new());
            }
        }
        lines.iter_mut().for_each(|line| line.truncate(line.trim_end().len()));
        let end = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
        lines.truncate(end);
        lines
    }

    /// The terminal as it is now.
    pub(crate) fn terminal(&self) -> &vt100::Screen {
        self.screen.screen()
    }

    /// Waits until the screen is as it should be.
    pub(crate) fn shows(&mut self, what: &str, is: impl Fn(&str) -> bool) {
        let began = Instant::now();
        while !is(&self.screen()) {
            assert!(began.elapsed() < PATIENCE, "{what} never stood on the screen:\n{}", self.screen());
            self.take_in(Duration::from_millis(20));
        }
    }

    /// Makes the window so wide.
    pub(crate) fn resizes(&mut self, columns: u16) {
        while self.take_in(Duration::ZERO) {}
        self.screen.screen_mut().set_size(size(ROWS), size(columns));
        let size = Winsize { ws_row: ROWS, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(self.keys(), size).unwrap();
    }

    /// The end of it, for a report.
    fn lately(&self) -> String {
        String::from_utf8_lossy(&self.shown[self.shown.len().saturating_sub(4000)..]).into_owned()
    }

    /// Tells the program in front.
    pub(crate) fn signal(&self, signal: Signal) {
        rustix::process::kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Closes the window.
    pub(crate) fn hangs_up(&mut self) {
        self.window = None;
    }

    /// Waits for the end of the program; its exit code, or none where a signal ended it.
    pub(crate) fn leaves(&mut self) -> Option<i32> {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                while self.take_in(Duration::ZERO) {}
                return ExitStatus::code(&status);
            }
            assert!(began.elapsed() < PATIENCE, "it does not end:\n{}", self.lately());
            self.take_in(Duration::from_millis(20));
        }
    }

    /// The terminal's modes.
    pub(crate) fn modes(&self) -> Termios {
        tcgetattr(&self.line).unwrap()
    }

    /// Whether what is typed is seen.
    pub(crate) fn echoes(&self) -> bool {
        self.modes().local_modes.contains(LocalModes::ECHO)
    }

    /// Waits until the terminal shows what is typed, or no longer does.
    pub(crate) fn waits_for_echo(&self, echo: bool) {
        let began = Instant::now();
        while self.echoes() != echo {
            assert!(began.elapsed() < PATIENCE, "echo is not {echo}:\n{}", self.lately());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// As [`Self::leaves`]; a question that comes before is answered.
    pub(crate) fn leaves_or_answers(&mut self, question: &str, line: &str) -> Option<i32> {
        let began = Instant::now();
        while self.child.try_wait().unwrap().is_none() && began.elapsed() < PATIENCE {
            self.take_in(Duration::from_millis(20));
            if memchr::memmem::find(&self.shown[self.seen..], question.as_bytes()).is_some() {
                self.answers(question, line);
            }
        }
        self.leaves()
    }

    /// Waits until the terminal is given to a process and its group.
    pub(crate) fn waits_for_front(&self, pid: u32) {
        let began = Instant::now();
        let wanted = Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
        while tcgetpgrp(self.keys()).unwrap() != wanted {
            assert!(began.elapsed() < PATIENCE, "{pid} is not in front:\n{}", self.lately());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The side of the terminal that programs have.
    pub(crate) fn line(&self) -> &OwnedFd {
        &self.line
    }

    /// Takes in what is shown; false where there was nothing in time.
    fn take_in(&mut self, patience: Duration) -> bool {
        let Some(window) = &self.window else {
            std::thread::sleep(patience);
            return false;
        };
        let bytes = window.take(patience);
        self.screen.process(&bytes);
        self.shown.extend(bytes.iter().filter(|byte| **byte != b'\r'));
        !bytes.is_empty()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.child.kill().unwrap_or_default();
        let _ = self.child.wait();
    }
}

/// The parts of modes that a person notices.
pub(crate) fn noticed(modes: &Termios) -> String {
    format!("{:?} {:?} {:?}", modes.input_modes, modes.output_modes, modes.local_modes)
}

/// What was there before a run that is under way: its foot takes the echo away, and hears single keys.
pub(crate) fn before(modes: &Termios) -> String {
    let mut before = modes.clone();
    before.local_modes.insert(LocalModes::ECHO | LocalModes::ICANON);
    noticed(&before)
}
