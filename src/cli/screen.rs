//! What a person sees of a run that is driven here: lines with times; at a terminal a foot that moves below them.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustix::termios::{LocalModes, OptionalActions, Termios};

use super::args::Format;
use super::out::Console;
use crate::event::{EffectId, Event, Fact, IllegalMove, RunState};
use crate::host::people::Screen;
use crate::journal::event_line;
use crate::plan::Plan;
use crate::run::View;
use crate::view::{Detail, Line, Live, Now, Style};

/// The foot is drawn so often.
const TICK: Duration = Duration::from_millis(100);

/// A run folded into lines; keeps a state of its own, so that a stored run reads as it did live.
pub(super) struct Teller {
    pub(super) live: Live,
    pub(super) state: RunState,
    zone: TimeZone,
}

impl Teller {
    pub(super) fn new(plan: &Plan, run: &str) -> Self {
        let zone = TimeZone::system();
        let live = Live::new(plan, run, Detail::All, zone.clone());
        Self { live, state: RunState::default(), zone }
    }

    /// What an event adds.
    pub(super) fn event(&mut self, plan: &Plan, event: &Event) -> Result<Vec<Line>, IllegalMove> {
        self.state.apply(plan, event)?;
        Ok(self.live.event(plan, event, &self.state))
    }

    /// Takes in what has happened.
    pub(super) fn catch_up(&mut self, plan: &Plan, events: &[Event]) -> Result<(), IllegalMove> {
        events.iter().try_for_each(|event| self.event(plan, event).map(drop))
    }

    /// The lines of an event as they are printed, each with its time.
    pub(super) fn drawn(&self, lines: &[Line], at: Timestamp, stamp: &str, style: Style) -> String {
        let stamp = at.to_zoned(self.zone.clone()).strftime(stamp).to_string();
        lines.iter().map(|line| line.drawn(&stamp, style)).collect()
    }
}

/// With the date: where nobody looks, lines are read much later.
pub(super) const DATED: &str = "%Y-%m-%d %H:%M:%S";
/// Somebody who looks knows the date.
const TIMED: &str = "%H:%M:%S";

/// Watches a run for a person, or for a program.
pub(super) struct Watcher<'a> {
    plan: &'a Plan,
    teller: Teller,
    out: Out,
}

enum Out {
    Json,
    Plain,
    Board(Arc<Board>),
}

impl<'a> Watcher<'a> {
    /// Watches a run that has come as far as the teller knows.
    pub(super) fn new(plan: &'a Plan, mut teller: Teller, format: Format) -> Self {
        let out = match format {
            Format::Json => Out::Json,
            Format::Text if moves() => Out::Board(Board::open()),
            Format::Text => Out::Plain,
        };
        if matches!(out, Out::Board(_)) {
            teller.live.tell(Detail::Ends);
        }
        Self { plan, teller, out }
    }

    /// What has to stand aside while somebody else has the terminal.
    pub(super) fn screen(&self) -> Option<Arc<dyn Screen>> {
        match &self.out {
            Out::Board(board) => Some(Arc::clone(board) as Arc<dyn Screen>),
            Out::Json | Out::Plain => None,
        }
    }

    fn tell(&mut self, event: &Event) {
        let lines = match self.teller.event(self.plan, event) {
            Ok(lines) => lines,
            // The engine has applied the same event before.
            Err(error) => return Console.say(&format!("{error}\n")),
        };
        match &self.out {
            Out::Board(board) => {
                let text = self.teller.drawn(&lines, event.at, TIMED, Console.style());
                let now = self.teller.live.now(self.plan, &self.teller.state);
                board.event(&text, now, event);
            }
            Out::Json | Out::Plain => {
                Console.say(&self.teller.drawn(&lines, event.at, DATED, plain(Console.style())));
            }
        }
    }
}

impl View for Watcher<'_> {
    fn event(&mut self, event: &Event, _: &RunState) {
        match self.out {
            Out::Json => Console.result(&format!("{}\n", event_line(event))),
            Out::Plain | Out::Board(_) => self.tell(event),
        }
    }

    fn line(&mut self, effect: EffectId, line: &str) {
        if let Out::Board(board) = &self.out {
            board.printed(effect, line);
        }
    }
}

impl Drop for Watcher<'_> {
    fn drop(&mut self) {
        if let Out::Board(board) = &self.out {
            board.close();
        }
    }
}

/// Whether the screen can be drawn over.
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
fn moves() -> bool {
    let able = std::env::var("TERM").is_ok_and(|term| !term.is_empty() && term != "dumb");
    able && std::io::stderr().is_terminal() && is_in_front()
}

/// Whether the terminal is ours at this moment; whoever sets its modes from behind is stopped.
fn is_in_front() -> bool {
    rustix::termios::tcgetpgrp(std::io::stderr()).is_ok_and(|front| front == rustix::process::getpgrp())
}

/// Lines are as long as they are where they may be read by a program.
pub(super) fn plain(style: Style) -> Style {
    Style { width: usize::MAX, ..style }
}

/// The foot of the screen, drawn by a thread of its own.
struct Board {
    shown: Mutex<Shown>,
    news: Condvar,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Shown {
    /// The foot, all its rows at once; there once something takes long enough to be seen.
    foot: Option<ProgressBar>,
    /// The terminal as it was.
    modes: Option<Termios>,
    now: Now,
    printed: HashMap<EffectId, String>,
    /// Lines that wait while somebody else has the terminal.
    held: String,
    aside: u32,
    turn: usize,
    over: bool,
}

impl Board {
    fn open() -> Arc<Self> {
        let shown = Shown {
            foot: None,
            modes: rustix::termios::tcgetattr(std::io::stderr()).ok(),
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

    fn event(&self, text: &str, now: Now, event: &Event) {
        let mut shown = self.shown();
        if let Fact::Ended { effect, .. } = &event.fact {
            shown.printed.remove(effect);
        }
        shown.now = now;
        shown.say(text);
    }

    fn printed(&self, effect: EffectId, line: &str) {
        self.shown().printed.insert(effect, line.to_owned());
    }

    fn close(&self) {
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
        shown.echo(shown.aside > 0);
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
        // What is over must not stand below the line that says so.
        self.draw();
        if let Some(foot) = &self.foot {
            foot.suspend(|| Console.say(&text));
        }
    }

    fn draw(&mut self) {
        if self.aside > 0 || self.over || self.now == Now::default() {
            return;
        }
        let style = Console.style();
        // The last column stays free: some terminals break the line there.
        let style = Style { width: style.width.saturating_sub(1), ..style };
        let rows = self.now.rows(now(), self.turn, &self.printed, style);
        self.foot.get_or_insert_with(foot).set_message(rows.join("\n"));
    }

    /// Whether control characters are echoed: a `^C` behind the foot would break it.
    fn echo(&self, wanted: bool) {
        let Some(mut modes) = self.modes.clone().filter(|_| is_in_front()) else { return };
        if !wanted {
            modes.local_modes.remove(LocalModes::ECHOCTL);
        }
        // A terminal that is gone needs nothing.
        let _ = rustix::termios::tcsetattr(std::io::stderr(), OptionalActions::Now, &modes);
    }

    fn clear(&mut self) {
        if let Some(foot) = self.foot.take() {
            foot.finish_and_clear();
        }
    }
}

fn foot() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    // A template of one placeholder is always one.
    bar.set_style(ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar
}

#[expect(clippy::disallowed_methods, reason = "how long something runs is shown against the clock")]
fn now() -> Timestamp {
    Timestamp::now()
}
