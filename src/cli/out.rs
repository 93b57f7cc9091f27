//! Standard output and error: results go to the one, talk to the other. A closed pipe is no failure; a result that
//! cannot be written for any other reason is one, and the process ends with it.

use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::sync::OnceLock;

use super::{Exit, Stop};
use crate::view::{Style, wrapped};

/// Why a result is not, or not wholly, on standard output.
static LOST: OnceLock<String> = OnceLock::new();

/// Notes why something is not on standard output. A reader that went away (`| head`) is no failure of ours.
pub(super) fn note_lost(done: &std::io::Result<()>) -> bool {
    match done {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => _ = LOST.set(error.to_string()),
        _ => {}
    }
    done.is_ok()
}

/// How a command ends whose result may be lost: what would be a yes is none then. Any other end says more than that.
pub(super) fn told(exit: Exit) -> Exit {
    let Some(why) = LOST.get() else { return exit };
    Console.tell(&format!("bowline: standard output cannot be written: {why}; the result is not whole\n"));
    if exit == Exit::Completed { Exit::Internal } else { exit }
}

/// Where a command writes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Console;

impl Console {
    /// Writes a result.
    pub(super) fn result(self, text: &str) {
        self.pass_on(text.as_bytes());
    }

    /// Writes a part of a result as it is; false when nobody takes it.
    pub(super) fn pass_on(self, bytes: &[u8]) -> bool {
        let mut out = std::io::stdout().lock();
        note_lost(&out.write_all(bytes).and_then(|()| out.flush()))
    }

    /// Says something to the person; never part of a result.
    pub(super) fn say(self, text: &str) {
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    /// Says whole lines to the person; a terminal gets them broken at blanks.
    pub(super) fn tell(self, lines: &str) {
        if !std::io::stderr().is_terminal() {
            return self.say(lines);
        }
        let width = self.style().width;
        lines.lines().flat_map(|line| wrapped(line, width)).for_each(|row| self.say(&(row + "\n")));
    }

    /// How text on standard output is drawn; what no screen shows is as wide as it is.
    pub(super) fn result_style(self) -> Style {
        if !std::io::stdout().is_terminal() {
            return Style { width: usize::MAX, ..Style::PLAIN };
        }
        let width = terminal_width(std::io::stdout()).unwrap_or(Style::PLAIN.width);
        Style { colour: !no_colour(), width }
    }

    /// How a text is drawn that goes to a file, or else to standard output: a file gets no colour, and lines as they are.
    pub(super) fn style_for(self, file: Option<&Path>) -> Style {
        match file {
            Some(_) => Style { width: usize::MAX, ..Style::PLAIN },
            None => self.result_style(),
        }
    }

    /// How text on standard error is drawn.
    pub(super) fn style(self) -> Style {
        let colour = std::io::stderr().is_terminal() && !no_colour();
        let width = terminal_width(std::io::stderr()).unwrap_or(Style::PLAIN.width);
        Style { colour, width }
    }
}

impl Console {
    /// Lines of the screen on standard error.
    pub(super) fn height(self) -> usize {
        let size = rustix::termios::tcgetwinsize(std::io::stderr()).ok();
        size.filter(|size| size.ws_row > 0).map_or(24, |size| usize::from(size.ws_row))
    }
}

/// What stands for standard input where a file is read, and for standard output where one is written.
pub(super) const STANDARD: &str = "-";

/// Puts a result where it is wanted: into a file, else on standard output, which `-` names too.
///
/// # Errors
/// When the file cannot be written, or is a runbook that is there already: what is told of a runbook never takes its place.
pub(super) fn put(file: Option<&Path>, text: &str) -> Result<(), Stop> {
    match file {
        Some(file) if file.extension().is_some_and(|kind| kind == "runbook") && file.exists() => {
            Err(Stop::usage(format!(
                "{} is a runbook that is there already; write to another name",
                file.display()
            )))
        }
        _ => replace(file, text),
    }
}

/// As [`put`], over whatever is there.
///
/// # Errors
/// When the file cannot be written.
pub(super) fn replace(file: Option<&Path>, text: &str) -> Result<(), Stop> {
    let Some(file) = file.filter(|file| *file != Path::new(STANDARD)) else {
        Console.result(text);
        return Ok(());
    };
    write(file, text).map_err(|error| Stop::usage(format!("{}: {error}", file.display())))
}

#[expect(clippy::disallowed_methods, reason = "the command line writes the file that it is told to")]
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(file, text)
}

/// `NO_COLOR` is honoured whatever its value, unless empty (no-color.org).
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
fn no_colour() -> bool {
    std::env::var("NO_COLOR").is_ok_and(|value| !value.is_empty())
}

fn terminal_width(screen: impl std::os::fd::AsFd) -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(screen).ok()?;
    (size.ws_col >= 40).then(|| usize::from(size.ws_col))
}
