//! The foot of a screen: what is on, drawn again and again below the lines of a run.
//!
//! Knows when it is drawn, and who has the terminal meanwhile; never what a run means.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::now;
use crate::cli::out::Console;
use crate::cli::screen::canvas::Canvas;
use crate::cli::screen::pane;
use crate::cli::screen::panic;
use crate::event::{EffectId, Event, Fact};
use crate::host::people::{Keys, Screen, is_in_front};
use crate::view::{Now, Screenful, Style};

/// It is drawn so often.
const TICK: Duration = Duration::from_millis(100);
/// The key that unfolds the output of what runs, and folds it again.
const UNFOLD: u8 = b'o';

/// The foot of the screen, drawn by a thread of its own.
pub(in crate::cli) struct Board {
    shown: Mutex<Shown>,
    news: Condvar,
    thread: Mutex<Option<JoinHandle<()>>>,
}

struct Shown {
    /// All its rows at once; there while they stand on the screen.
    foot: Option<ProgressBar>,
    keys: Keys,
    now: Now,
    printed: HashMap<EffectId, String>,
    /// Where what is printed is kept.
    outputs: PathBuf,
    /// What printed last.
    latest: Option<EffectId>,
    unfolded: bool,
    /// Lines that wait while somebody else has the terminal.
    held: String,
    aside: u32,
    turn: usize,
    over: bool,
}

impl Board {
    /// Takes the screen; what programs print is kept in the folder `outputs`.
    pub(in crate::cli) fn open(outputs: PathBuf) -> Arc<Self> {
        let mut shown = Shown {
            foot: None,
            keys: Keys::default(),
            now: Now::default(),
            printed: HashMap::new(),
            outputs,
            latest: None,
            unfolded: false,
            held: String::new(),
            aside: 0,
            turn: 0,
            over: false,
        };
        shown.keys.listen();
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
            shown.hear();
            shown.draw();
        }
    }

    /// Lines of an event, and what is on after it.
    pub(in crate::cli) fn event(&self, text: &str, now: Now, event: &Event) {
        let mut shown = self.shown();
        if let Fact::Ended { effect, .. } = &event.fact {
            shown.printed.remove(effect);
        }
        shown.now = now;
        shown.say(text);
    }

    /// A line that a running effect wrote.
    pub(in crate::cli) fn printed(&self, effect: EffectId, line: &str) {
        panic::on_purpose(line);
        let mut shown = self.shown();
        shown.printed.insert(effect, line.to_owned());
        shown.latest = Some(effect);
    }

    /// Leaves the terminal as it was.
    pub(in crate::cli) fn close(&self) {
        let thread = {
            let mut shown = self.shown();
            shown.over = true;
            if std::mem::take(&mut shown.aside) > 0 {
                // A question stands open, the cursor behind it.
                shown.held.insert(0, '\n');
            }
            shown.clear();
            shown.keys.leave();
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
        shown.keys.leave();
    }

    fn resume(&self) {
        let mut shown = self.shown();
        shown.aside = shown.aside.saturating_sub(1);
        if shown.aside == 0 {
            shown.keys.listen();
        }
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
        let stood = self.foot.is_some();
        self.clear();
        Console.say(&text);
        if stood {
            // At once: what is over must not stand below the line that says so.
            self.draw();
        }
    }

    /// Hears keys, while nobody else has the terminal.
    fn hear(&mut self) {
        if self.aside > 0 || self.over {
            return;
        }
        // After a stay in the background the terminal is ours again.
        self.keys.listen();
        for _ in self.keys.hit().iter().filter(|key| **key == UNFOLD) {
            self.unfolded = !self.unfolded;
        }
    }

    fn draw(&mut self) {
        // Behind, or on a window that was closed, what cannot be drawn would be kept to be drawn.
        if self.aside > 0 || self.over || self.now == Now::default() || !is_in_front() {
            return;
        }
        let style = Console.style();
        // The last column stays free: some terminals break the line there.
        let style = Style { width: style.width.saturating_sub(1), ..style };
        let output = self.unfolded.then(|| self.output());
        let screen = Screenful {
            at: now(),
            turn: self.turn,
            printed: &self.printed,
            output,
            height: Console.height(),
            style,
        };
        let rows = self.now.rows(&screen);
        self.foot.get_or_insert_with(foot).set_message(rows.join("\n"));
    }

    /// What printed last, or is the oldest of what runs.
    fn output(&self) -> Vec<String> {
        let running = self.now.moving.iter().filter_map(|moving| moving.effect);
        let latest = self.latest.filter(|latest| running.clone().any(|effect| effect == *latest));
        let effect = latest.or_else(|| running.clone().next()).or(self.latest);
        effect.map(|effect| pane::last_lines(&self.outputs, effect)).unwrap_or_default()
    }

    fn clear(&mut self) {
        if let Some(foot) = self.foot.take() {
            foot.finish_and_clear();
        }
    }
}

fn foot() -> ProgressBar {
    let screen = ProgressDrawTarget::term_like(Box::new(Canvas::default()));
    let bar = ProgressBar::with_draw_target(None, screen);
    // A template of one placeholder is always one.
    bar.set_style(ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar
}
