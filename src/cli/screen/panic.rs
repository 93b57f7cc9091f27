//! A bug in bowline must not cost the person their terminal: it gets its modes back, and they read what to do.

use std::io::IsTerminal;

use rustix::termios::{OptionalActions, Termios};

use crate::cli::Exit;
use crate::cli::out::Console;
use crate::cli::screen::canvas;
use crate::host::people::is_in_front;

/// From now on a panic anywhere ends the process in order. A thread of its own would else leave the others waiting.
pub(in crate::cli) fn arm() {
    let stdin = std::io::stdin();
    let before = stdin.is_terminal().then(|| rustix::termios::tcgetattr(stdin).ok()).flatten();
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        before.iter().for_each(give_back);
        canvas::leave();
        usual(info);
        Console.say(
            "this is a bug in bowline; please report it. What was recorded stands: `bowline runs` names the run, \
             and `bowline resume` goes on with it\n",
        );
        leave();
    }));
}

fn give_back(before: &Termios) {
    if is_in_front() {
        // A terminal that is gone needs nothing.
        let _ = rustix::termios::tcsetattr(std::io::stdin(), OptionalActions::Now, before);
    }
}

#[expect(clippy::exit, reason = "nothing may run on after a bug, on whatever thread it was")]
fn leave() -> ! {
    std::process::exit(u8::from(Exit::Internal).into())
}

/// Fails on purpose, for the test that the terminal comes back. Not in a release.
pub(in crate::cli) fn on_purpose(line: &str) {
    if cfg!(debug_assertions) {
        assert!(line != "bowline, panic!", "a program asked for it");
    }
}
