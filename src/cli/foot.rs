//! The foot of a screen: what is on, drawn again and again below the lines of a run.
//!
//! Knows the terminal; never what a run means.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use rustix::termios::{LocalModes, OptionalActions, Termios};

use super::out::Console;
use crate::event::{EffectId, Event, Fact};
use crate::host::people::Screen;
use crate::view::{Now, Style};

/// It is drawn so often.
const TICK: Duration = Duration::from_millis(100);

/// Whether the screen can be drawn over.
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
pub(super) fn moves() -> bool {
    let able = std::env::var("TERM").is_ok_and(|term| !term.is_empty() && term != "dumb");
    able && std::io::stderr().is_terminal() && is_in_front()
}

/// Whether the terminal is ours at this moment; whoever sets its modes from behind is stopped.
fn is_in_front() -> bool {
    rustix::termios::tcgetpgrp(std::io::stderr()).is_ok_and(|front| front == rustix::process::getpgrp())
}

/// The foot of the screen, drawn by a thread of its own.
pub(super) struct Board {
    shown: Mutex<Shown>,
    news: Condvar,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Shown {
    multi: MultiProgress,
    /// The foot, all its rows at once; there once something takes long enough to be seen.
    foot: Option<ProgressBar>,
    /// The terminal as we set it, where that took its echo away.
    silenced: Option<Termios>,
    now: Now,
    printed: HashMap<EffectId, String>,
    /// Lines that wait while somebody else has the terminal.
    held: String,
    aside: u32,
    turn: usize,
    over: bool,
}

impl Board {
    pub(super) fn open() -> Arc<Self> {
        let mut shown = Shown {
            multi: MultiProgress::with_draw_target(ProgressDrawTarget::stderr()),
            foot: None,
            silenced: None,
            now: Now::default(),
            printed: HashMap::new(),
            held: String::new(),
            aside: 0,
            turn: 0,
            over: false,
        };
        shown.echo(false);
        let board =
            Arc::new(Self { shown: Mutex::new(shown), news: Condvar::new(), thread: Mutex::default() });
        let drawing = Arc::clone(&board);
        let thread = std::thread::Builder::new().name("screen".into()).spawn(move || drawing.draw());
        // Without a thread the lines still come; only the foot stays away.
        *board.thread.lock().unwrap_or_else(PoisonError::into_inner) = thread.ok();
        board
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn draw(&self) {
        let mut shown = self.shown();
        while !shown.over {
            let (next, _) = self.news.wait_timeout(shown, TICK).unwrap_or_else(PoisonError::into_inner);
            shown = next;
            shown.turn += 1;
            shown.draw();
        }
    }

    /// Lines of an event, and what is on after it.
    pub(super) fn event(&self, text: &str, now: Now, event: &Event) {
        let mut shown = self.shown();
        if let Fact::Ended { effect, .. } = &event.fact {
            shown.printed.remove(effect);
        }
        shown.now = now;
        shown.say(text);
    }

    /// A line that a running effect wrote.
    pub(super) fn printed(&self, effect: EffectId, line: &str) {
        self.shown().printed.insert(effect, line.to_owned());
    }

    /// Leaves the terminal as it was.
    pub(super) fn close(&self) {
        let thread = {
            let mut shown = self.shown();
            shown.over = true;
            if std::mem::take(&mut shown.aside) > 0 {
                // A question stands open, the cursor behind it.
                shown.held.insert(0, '\n');
            }
            shown.clear();
            shown.echo(true);
            shown.say("");
            self.news.notify_all();
            self.thread.lock().unwrap_or_else(PoisonError::into_inner).take()
        };
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

impl Screen for Board {
    fn pause(&self) {
        let mut shown = self.shown();
        shown.aside += 1;
        shown.clear();
        shown.echo(true);
    }

    fn resume(&self) {
        let mut shown = self.shown();
        shown.aside = shown.aside.saturating_sub(1);
        let aside = shown.aside > 0;
        shown.echo(aside);
        shown.say("");
    }
}

impl Shown {
    /// Lines above the foot.
    fn say(&mut self, text: &str) {
        self.held.push_str(text);
        if self.aside > 0 || self.held.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.held);
        if self.foot.is_none() {
            return Console.say(&text);
        }
        // Not `suspend`: it panics where the terminal is gone.
        let _ = self.multi.clear();
        Console.say(&text);
        // What is over must not stand below the line that says so.
        self.draw();
    }

    fn draw(&mut self) {
        // Behind, or on a window that was closed, what cannot be drawn would be kept to be drawn.
        if self.aside > 0 || self.over || self.now == Now::default() || !is_in_front() {
            return;
        }
        let style = Console.style();
        // The last column stays free: some terminals break the line there.
        let style = Style { width: style.width.saturating_sub(1), ..style };
        let rows = self.now.rows(now(), self.turn, &self.printed, style);
        let foot = self.foot.get_or_insert_with(|| self.multi.add(foot()));
        foot.set_message(rows.join("\n"));
    }

    /// Whether the terminal shows what is typed: behind the foot that would break it.
    fn echo(&mut self, wanted: bool) {
        if wanted { self.speak() } else { self.silence() }
    }

    fn silence(&mut self) {
        let Some(mut modes) = modes().filter(|modes| modes.local_modes.contains(LocalModes::ECHO)) else {
            return;
        };
        modes.local_modes.remove(LocalModes::ECHO);
        set(&modes);
        self.silenced = Some(modes);
    }

    /// Gives back what was taken, unless somebody has set other modes since.
    fn speak(&mut self) {
        let Some(ours) = self.silenced.take() else { return };
        let Some(mut modes) = modes().filter(|modes| same(modes, &ours)) else { return };
        modes.local_modes.insert(LocalModes::ECHO);
        set(&modes);
    }

    fn clear(&mut self) {
        if let Some(foot) = self.foot.take() {
            foot.finish_and_clear();
            self.multi.remove(&foot);
        }
        let _ = self.multi.clear();
    }
}

/// The modes of the terminal, if it is ours at this moment.
fn modes() -> Option<Termios> {
    is_in_front().then(|| rustix::termios::tcgetattr(std::io::stderr()).ok())?
}

fn set(modes: &Termios) {
    // A terminal that is gone needs nothing.
    let _ = rustix::termios::tcsetattr(std::io::stderr(), OptionalActions::Now, modes);
}

fn same(one: &Termios, other: &Termios) -> bool {
    (one.input_modes, one.output_modes, one.local_modes)
        == (other.input_modes, other.output_modes, other.local_modes)
}

fn foot() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    // A template of one placeholder is always one.
    bar.set_style(ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar
}

#[expect(clippy::disallowed_methods, reason = "how long something runs is shown against the clock")]
fn now() -> Timestamp {
    Timestamp::now()
}
