//! Where the foot of a screen is drawn: from the cursor on, and nowhere else.
//!
//! Between two drawings the cursor rests at the start of the first row. A terminal whose window changes carries its
//! cursor along, whether it breaks lines anew (tmux, most windows) or cuts them (xterm, the console). Where the foot
//! begins is therefore known without counting lines upward, and what was told above it is never cleared; where a
//! terminal takes the cursor further down, a row of the foot stays behind instead. Knows nothing of runs.

use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use indicatif::TermLike;

use crate::cli::out::Console;
use crate::host::people::is_in_front;

/// Clears from the start of the cursor's line on. The blank is there because tmux keeps a copy of a screen that is
/// cleared from its first cell on.
const WIPE: &str = "\r\u{1b}[K \u{1b}[J\r";
/// A window may have become narrower without our knowledge: its rows are cut then, and stay as many.
const CUT: &str = "\u{1b}[?7l";
const BREAK: &str = "\u{1b}[?7h";

/// Nothing is drawn any more, by any thread.
static LEFT: AtomicBool = AtomicBool::new(false);

/// Whether the screen can be drawn over.
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
pub(in crate::cli) fn moves() -> bool {
    let able = std::env::var("TERM").is_ok_and(|term| !term.is_empty() && term != "dumb");
    able && io::stderr().is_terminal() && is_in_front()
}

/// Leaves the screen for good: what is said from now on stands below its lines.
pub(in crate::cli) fn leave() {
    LEFT.store(true, Ordering::Relaxed);
    Console.say(if moves() { "\n\u{1b}[J" } else { "\n" });
}

/// The terminal, as indicatif draws on it.
#[derive(Debug, Default)]
pub(in crate::cli) struct Canvas {
    /// What is to be drawn: a row, the blanks behind it, the next row, and so on.
    written: Mutex<Vec<String>>,
}

impl Canvas {
    fn write(&self, text: &str) {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned());
    }

    fn rows(&self) -> Vec<String> {
        let written = std::mem::take(&mut *self.written.lock().unwrap_or_else(PoisonError::into_inner));
        written.into_iter().step_by(2).collect()
    }
}

/// Rows with the cursor back at the start of the first; without any, what stood there is cleared.
fn drawn(rows: &[String]) -> String {
    let up = match rows.len().saturating_sub(1) {
        0 => String::new(),
        up => format!("\u{1b}[{up}A"),
    };
    format!("{WIPE}{CUT}{}{BREAK}{up}\r", rows.join("\r\n"))
}

/// It is always drawn anew from its first row on, so how indicatif would get there does not matter.
impl TermLike for Canvas {
    fn width(&self) -> u16 {
        u16::try_from(Console.style().width).unwrap_or(u16::MAX)
    }

    fn height(&self) -> u16 {
        u16::try_from(Console.height()).unwrap_or(u16::MAX)
    }

    fn move_cursor_up(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_down(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_right(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn move_cursor_left(&self, _: usize) -> io::Result<()> {
        Ok(())
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write(text);
        self.write("");
        Ok(())
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.write(text);
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        let rows = self.rows();
        if is_in_front() && !LEFT.load(Ordering::Relaxed) {
            Console.say(&drawn(&rows));
        }
        Ok(())
    }
}
