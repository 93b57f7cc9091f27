//! The modes of a terminal while a line is asked for, and how it gets its own back.
//!
//! Whatever ends or suspends the process while a question is open must bring them back: this is
//! shared by who asks and who leaves. Knows nothing of questions.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::termios::{InputModes, LocalModes, OptionalActions, OutputModes, SpecialCodeIndex, Termios};

use super::super::process::with_signals_blocked;
use super::terminal::Terminal;

/// Whether what is typed is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Echo {
    On,
    Off,
    /// Whoever reads shows it and keeps the line: each key is heard as it is hit.
    Own,
}

/// A terminal's modes, shared.
#[derive(Clone, Debug)]
pub(super) struct Modes {
    terminal: Arc<Terminal>,
    open: Arc<Mutex<Option<Open>>>,
}

/// A line that is being asked for.
#[derive(Debug)]
struct Open {
    before: Termios,
    during: Termios,
    /// What stands before the cursor: the prompt, and what is typed where the terminal does not keep it.
    row: String,
}

impl Modes {
    pub(super) fn of(terminal: Terminal) -> Self {
        Self { terminal: Arc::new(terminal), open: Arc::default() }
    }

    /// A line is asked for: it is edited and ended by Enter whatever left the terminal in another mode. False where there
    /// are no modes.
    pub(super) fn open(&self, echo: Echo, prompt: &str) -> bool {
        let Ok(before) = rustix::termios::tcgetattr(self.terminal.input()) else { return false };
        let mut during = before.clone();
        during.input_modes.insert(InputModes::ICRNL);
        during.input_modes.remove(InputModes::INLCR | InputModes::IGNCR);
        during.output_modes.insert(OutputModes::OPOST | OutputModes::ONLCR);
        during.local_modes.insert(LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN);
        during.local_modes.insert(LocalModes::ECHOE | LocalModes::ECHOK | LocalModes::ECHONL);
        during.local_modes.set(LocalModes::ECHO, echo == Echo::On);
        if echo == Echo::Own {
            during.local_modes.remove(LocalModes::ICANON | LocalModes::IEXTEN | LocalModes::ECHONL);
            during.special_codes[SpecialCodeIndex::VMIN] = 1;
            during.special_codes[SpecialCodeIndex::VTIME] = 0;
        }
        set(&self.terminal, &during);
        *self.line() = Some(Open { before, during, row: prompt.to_owned() });
        true
    }

    /// What stands on the row of the line by now: shown again where the terminal was somebody else's meanwhile.
    pub(super) fn stands(&self, row: String) {
        if let Some(open) = &mut *self.line() {
            open.row = row;
        }
    }

    /// The line is there, or no longer wanted.
    pub(super) fn close(&self) {
        if let Some(open) = self.line().take() {
            set(&self.terminal, &open.before);
        }
    }

    /// Brings the terminal's own modes back; the line stays asked for.
    pub(super) fn step_aside(&self) {
        if let Some(open) = &*self.line() {
            set(&self.terminal, &open.before);
        }
    }

    /// The terminal is ours again: what stood there is asked once more.
    pub(super) fn step_back(&self) {
        if let Some(open) = &*self.line()
            && self.is_ours()
        {
            set(&self.terminal, &open.during);
            self.terminal.write(&open.row);
        }
    }

    /// Whether we are in the foreground; a shell in front of us keeps its own modes.
    fn is_ours(&self) -> bool {
        let front = rustix::termios::tcgetpgrp(self.terminal.input());
        front.is_ok_and(|front| front == rustix::process::getpgrp())
    }

    fn line(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn set(terminal: &Terminal, modes: &Termios) {
    let now = OptionalActions::Now;
    // Blocked, because the kernel would stop a process that is not in front. A terminal that is gone needs nothing.
    let _ = with_signals_blocked(|| rustix::termios::tcsetattr(terminal.input(), now, modes));
}
