//! A terminal in its ordinary mode: lines out, lines in, and a way to stop waiting for one.
//!
//! Why no prompt library: theirs cannot be taken back while they wait for a key. Lines also work
//! over a slow connection, in a screen reader and in a dumb terminal.

use std::fs::File;
use std::io::Write;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags};
use rustix::termios::{LocalModes, OptionalActions, QueueSelector, Termios};

/// What is typed on one line is not longer, in bytes; the rest is dropped.
const LONGEST_LINE: usize = 64 * 1024;

/// The two directions of a terminal.
#[derive(Debug)]
pub struct Terminal {
    input: File,
    output: File,
}

/// Why there is no line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closed {
    /// The question is no longer open.
    Withdrawn,
    /// The terminal is gone, or its end was typed (Ctrl-D): nobody is there.
    HungUp,
}

impl Terminal {
    /// The terminal that this process belongs to; `None` where it has none.
    #[must_use]
    pub fn of_process() -> Option<Self> {
        let input = File::options().read(true).write(true).open("/dev/tty").ok()?;
        let output = input.try_clone().ok()?;
        Some(Self { input, output })
    }

    /// Any pair of descriptors.
    #[must_use]
    pub fn of(input: OwnedFd, output: OwnedFd) -> Self {
        Self { input: input.into(), output: output.into() }
    }

    /// A second handle with the modes that the terminal has now, to bring them back on leaving.
    pub(super) fn modes(&self) -> Option<(File, Termios)> {
        let modes = rustix::termios::tcgetattr(&self.input).ok()?;
        Some((self.input.try_clone().ok()?, modes))
    }
}

/// Brings back modes.
pub(super) fn restore(input: impl AsFd, modes: &Termios) {
    // A terminal that is gone needs nothing.
    let _ = rustix::termios::tcsetattr(input, OptionalActions::Now, modes);
}

/// A terminal that lines are read from.
#[derive(Debug)]
pub(super) struct Console {
    terminal: Terminal,
    wake: Arc<OwnedFd>,
    typed: Vec<u8>,
}

impl Console {
    pub(super) fn new(terminal: Terminal, wake: Arc<OwnedFd>) -> Self {
        Self { terminal, wake, typed: vec![] }
    }

    /// Columns of the screen.
    pub(super) fn width(&self) -> usize {
        rustix::termios::tcgetwinsize(&self.terminal.output)
            .map_or(80, |size| usize::from(size.ws_col).max(20))
    }

    /// Writes; a terminal that is gone is noticed by the next read.
    pub(super) fn say(&mut self, text: &str) {
        let _ = self.terminal.output.write_all(text.as_bytes()).and_then(|()| self.terminal.output.flush());
    }

    /// Forgets what was typed before the question was there: it answered something else.
    pub(super) fn forget(&mut self) {
        if rustix::termios::tcflush(&self.terminal.input, QueueSelector::IFlush).is_ok() {
            self.typed.clear();
        }
    }

    /// The next line, without its end. `withdrawn` is asked whenever there may be news.
    pub(super) fn line(&mut self, withdrawn: &mut dyn FnMut() -> bool) -> Result<String, Closed> {
        loop {
            if withdrawn() {
                return Err(Closed::Withdrawn);
            }
            if let Some(end) = memchr::memchr(b'\n', &self.typed) {
                let line: Vec<u8> = self.typed.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned());
            }
            if self.wait() {
                self.read()?;
            }
        }
    }

    /// The next line, not echoed.
    pub(super) fn hidden_line(&mut self, withdrawn: &mut dyn FnMut() -> bool) -> Result<String, Closed> {
        let before = rustix::termios::tcgetattr(&self.terminal.input).ok();
        if let Some(mut silent) = before.clone() {
            silent.local_modes.remove(LocalModes::ECHO);
            silent.local_modes.insert(LocalModes::ECHONL);
            restore(&self.terminal.input, &silent);
        }
        let line = self.line(withdrawn);
        if let Some(before) = before {
            restore(&self.terminal.input, &before);
        }
        line
    }

    /// Waits for something typed (true) or for news (false).
    fn wait(&self) -> bool {
        let mut polled = [
            PollFd::from_borrowed_fd(self.terminal.input.as_fd(), PollFlags::IN),
            PollFd::from_borrowed_fd(self.wake.as_fd(), PollFlags::IN),
        ];
        let _ = rustix::event::poll(&mut polled, None);
        let [typed, news] = polled.map(|polled| !polled.revents().is_empty());
        if news {
            let _ = rustix::io::read(&self.wake, &mut [0; 8]);
        }
        typed
    }

    fn read(&mut self) -> Result<(), Closed> {
        let mut buffer = [0; 4096];
        match rustix::io::read(&self.terminal.input, &mut buffer) {
            Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => Ok(()),
            Ok(0) | Err(_) => Err(Closed::HungUp),
            Ok(count) => {
                let room = LONGEST_LINE.saturating_sub(self.typed.len());
                let read = buffer.get(..count).unwrap_or_default();
                // The end of a line is always taken, or the line would never end.
                self.typed.extend(
                    read.iter()
                        .enumerate()
                        .filter(|(at, byte)| *at < room || **byte == b'\n')
                        .map(|(_, byte)| byte),
                );
                Ok(())
            }
        }
    }
}
