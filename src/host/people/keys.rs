//! The terminal while nothing is asked: what is typed does not show, and single keys are heard.
//!
//! Whoever is asked something, or gets the terminal, gets its own modes back first; from then on
//! nothing is read here, so no key that was meant for them is lost. Ctrl-C and Ctrl-Z stay signals.

use std::io::IsTerminal;

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios};

use super::super::process::with_signals_blocked;

/// A terminal that is kept quiet.
#[derive(Debug, Default)]
pub struct Keys {
    /// Its modes before, and as we set them.
    quiet: Option<(Termios, Termios)>,
}

impl Keys {
    /// Keeps the terminal quiet from now on, if it is ours at this moment.
    pub fn listen(&mut self) {
        if self.quiet.is_some() {
            return;
        }
        let Some(before) = modes() else { return };
        let mut ours = before.clone();
        ours.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON);
        // A read gives what is there, and never waits.
        ours.special_codes[SpecialCodeIndex::VMIN] = 0;
        ours.special_codes[SpecialCodeIndex::VTIME] = 0;
        set(&ours);
        self.quiet = Some((before, ours));
    }

    /// Gives the terminal its modes back, unless somebody has set others since.
    pub fn leave(&mut self) {
        let Some((before, ours)) = self.quiet.take() else { return };
        if modes().is_some_and(|modes| same(&modes, &ours)) {
            set(&before);
        }
    }

    /// The keys that were hit since the last time; an arrow or another key of several bytes is none.
    #[must_use]
    pub fn hit(&self) -> Vec<u8> {
        let ours = |(_, ours): &(Termios, Termios)| modes().is_some_and(|modes| same(&modes, ours));
        if !self.quiet.as_ref().is_some_and(ours) {
            return vec![];
        }
        let mut typed = [0; 64];
        // Blocked, because the kernel would stop a process that is not in front any more.
        let read = with_signals_blocked(|| rustix::io::read(std::io::stdin(), &mut typed));
        let typed = typed.get(..read.unwrap_or(0)).unwrap_or_default();
        if typed.contains(&0x1b) { vec![] } else { typed.to_vec() }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Whether the terminal is ours at this moment; whoever sets its modes from behind is stopped.
#[must_use]
pub fn is_in_front() -> bool {
    rustix::termios::tcgetpgrp(std::io::stderr()).is_ok_and(|front| front == rustix::process::getpgrp())
}

/// The modes of the terminal that is read and drawn on, if it is ours at this moment.
fn modes() -> Option<Termios> {
    let there = std::io::stdin().is_terminal() && is_in_front();
    there.then(|| rustix::termios::tcgetattr(std::io::stdin()).ok())?
}

fn set(modes: &Termios) {
    // A terminal that is gone needs nothing.
    let now = OptionalActions::Now;
    let _ = with_signals_blocked(|| rustix::termios::tcsetattr(std::io::stdin(), now, modes));
}

fn same(one: &Termios, other: &Termios) -> bool {
    (one.input_modes, one.output_modes, one.local_modes)
        == (other.input_modes, other.output_modes, other.local_modes)
}
