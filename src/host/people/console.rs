//! A terminal in its ordinary mode: lines out, lines in, and a way to stop waiting for one.
//!
//! Why no prompt library: theirs cannot be taken back while they wait for a key. Lines also work
//! over a slow connection, in a screen reader and in a dumb terminal.

use std::cell::Cell;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::termios::QueueSelector;

use super::draft::{Draft, Hit};
use super::modes::{Echo, Modes};
use super::terminal::Terminal;
use super::visible::visible;

/// What is typed on one line is not longer, in bytes; the rest is dropped.
const LONGEST_LINE: usize = 64 * 1024;

/// A terminal takes so many bytes on one line and drops the rest unsaid (`MAX_CANON` of Linux, less its end).
const LONGEST_TYPED: usize = 4095;

/// So often the width of the window is looked at.
const TURN: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };

/// Why there is no line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closed {
    /// The question is no longer open.
    Withdrawn,
    /// The terminal is gone, or its end was typed (Ctrl-D).
    Left,
}

/// What is put on the screen again, in so many columns, before its line is asked for.
pub(super) struct Again<'a> {
    pub(super) draw: &'a dyn Fn(usize) -> String,
    /// The columns for which it was drawn: the window may become another before its line is asked for.
    pub(super) drawn: Cell<usize>,
}

/// Where a line is typed.
struct Row<'a> {
    prompt: &'a str,
    /// The width of the window for which what stands above was drawn.
    drawn: usize,
    /// What is typed, where the terminal does not keep it.
    draft: Option<Draft>,
    /// Whether another width matters.
    moves: bool,
}

impl Row<'_> {
    /// As it stands on the screen.
    fn text(&self) -> String {
        self.prompt.to_owned() + &self.draft.as_ref().map(Draft::shown).unwrap_or_default()
    }
}

/// A terminal that lines are read from.
#[derive(Debug)]
pub(super) struct Console {
    terminal: Terminal,
    wake: Arc<OwnedFd>,
    modes: Modes,
    typed: Vec<u8>,
}

impl Console {
    pub(super) fn new(terminal: Terminal, wake: Arc<OwnedFd>, modes: Modes) -> Self {
        Self { terminal, wake, modes, typed: vec![] }
    }

    /// Columns of the screen.
    pub(super) fn width(&self) -> usize {
        rustix::termios::tcgetwinsize(self.terminal.output())
            .map_or(80, |size| usize::from(size.ws_col).max(20))
    }

    /// Says something; what a terminal would take for a command is spelled out.
    pub(super) fn say(&mut self, text: &str) {
        self.terminal.write(&visible(text));
    }

    /// Forgets what was typed before the question was there: it answered something else.
    pub(super) fn forget(&mut self) {
        if rustix::termios::tcflush(self.terminal.input(), QueueSelector::IFlush).is_ok() {
            self.typed.clear();
        }
    }

    /// The next line, without its end. `withdrawn` is asked whenever there may be news.
    pub(super) fn line(
        &mut self,
        prompt: &str,
        withdrawn: &mut dyn FnMut() -> bool,
    ) -> Result<String, Closed> {
        self.asked((prompt, None), Echo::On, withdrawn)
    }

    /// The next line below something that depends on the width of the window: when that changes it is drawn again, with what
    /// was typed of the line so far.
    pub(super) fn line_below(
        &mut self,
        prompt: &str,
        again: &Again<'_>,
        withdrawn: &mut dyn FnMut() -> bool,
    ) -> Result<String, Closed> {
        self.asked((prompt, Some(again)), Echo::Own, withdrawn)
    }

    /// The next line, not echoed.
    pub(super) fn hidden_line(
        &mut self,
        prompt: &str,
        withdrawn: &mut dyn FnMut() -> bool,
    ) -> Result<String, Closed> {
        self.asked((prompt, None), Echo::Off, withdrawn)
    }

    fn asked(
        &mut self,
        (prompt, again): (&str, Option<&Again<'_>>),
        echo: Echo,
        withdrawn: &mut dyn FnMut() -> bool,
    ) -> Result<String, Closed> {
        let prompt = visible(prompt);
        let own = self.modes.open(echo, &prompt) && echo == Echo::Own;
        self.terminal.write(&prompt);
        let draft = own.then(Draft::default);
        let drawn = again.map_or_else(|| self.width(), |again| again.drawn.get());
        let mut row = Row { prompt: &prompt, drawn, draft, moves: again.is_some() };
        let read = loop {
            match self.next_line(&mut row, withdrawn) {
                Ok(None) => {
                    let drawn = again.map(|again| {
                        again.drawn.set(row.drawn);
                        (again.draw)(row.drawn)
                    });
                    self.terminal.write(&format!("\n{}{}", visible(&drawn.unwrap_or_default()), row.text()));
                }
                Ok(Some(line)) => match legible(line) {
                    Ok(line) => break Ok(line),
                    Err(why) => {
                        self.terminal.write(&format!("  {why}\n{prompt}"));
                        self.modes.stands(row.text());
                    }
                },
                Err(closed) => {
                    // The next thing said does not stand behind the prompt.
                    self.terminal.write("\n");
                    break Err(closed);
                }
            }
        };
        self.modes.close();
        read
    }

    /// The next line; `None` once the window has another width for a while, where that matters.
    fn next_line(
        &mut self,
        row: &mut Row<'_>,
        withdrawn: &mut dyn FnMut() -> bool,
    ) -> Result<Option<Vec<u8>>, Closed> {
        let mut before = row.drawn;
        loop {
            if withdrawn() {
                return Err(Closed::Withdrawn);
            }
            if let Some(line) = self.whole_line(row)? {
                return Ok(Some(line));
            }
            if self.wait(row.moves) {
                self.read()?;
            } else if row.moves {
                let now = self.width();
                if now == before && now != row.drawn {
                    row.drawn = now;
                    return Ok(None);
                }
                before = now;
            }
        }
    }

    /// A line that is whole by what was typed.
    fn whole_line(&mut self, row: &mut Row<'_>) -> Result<Option<Vec<u8>>, Closed> {
        let Some(draft) = &mut row.draft else {
            let end = memchr::memchr(b'\n', &self.typed);
            return Ok(end.map(|end| self.typed.drain(..=end).collect()));
        };
        let mut keys = std::mem::take(&mut self.typed).into_iter();
        for key in keys.by_ref() {
            match draft.hit(key, LONGEST_LINE) {
                Hit::On => {}
                Hit::Left => return Err(Closed::Left),
                Hit::Line => {
                    self.terminal.write(&(draft.echo() + "\n"));
                    self.typed = keys.collect();
                    return Ok(Some(draft.line()));
                }
            }
        }
        let echo = draft.echo();
        if !echo.is_empty() {
            self.terminal.write(&echo);
            self.modes.stands(row.text());
        }
        Ok(None)
    }

    /// Waits for something typed (true) or for news (false), at most for a turn where the width of the window matters.
    fn wait(&self, matters: bool) -> bool {
        let mut polled = [
            PollFd::from_borrowed_fd(self.terminal.input().as_fd(), PollFlags::IN),
            PollFd::from_borrowed_fd(self.wake.as_fd(), PollFlags::IN),
        ];
        let turn = matters.then_some(&TURN);
        let _ = rustix::event::poll(&mut polled, turn);
        let [typed, news] = polled.map(|polled| !polled.revents().is_empty());
        if news {
            let _ = rustix::io::read(&self.wake, &mut [0; 8]);
        }
        typed
    }

    fn read(&mut self) -> Result<(), Closed> {
        let mut buffer = [0; 4096];
        match rustix::io::read(self.terminal.input(), &mut buffer) {
            Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => Ok(()),
            Ok(0) | Err(_) => Err(Closed::Left),
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

/// A line as typed, or why it may be another one than was meant.
fn legible(mut line: Vec<u8>) -> Result<String, &'static str> {
    while line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
        line.pop();
    }
    if line.len() >= LONGEST_TYPED {
        return Err("A terminal takes 4095 bytes on one line, and that may have been more; \
                    give it by a file (--answers, --inputs).");
    }
    match String::from_utf8(line) {
        Err(_) => Err("That is not UTF-8; type it again."),
        Ok(line) if line.chars().any(|char| char.is_control() && char != '\t') => {
            Err("There is a key in it that is no character (an arrow?); type it again.")
        }
        Ok(line) => Ok(line),
    }
}
