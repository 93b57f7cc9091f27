//! What a person sees of a run that is driven here: lines with times; at a terminal a foot that moves below them.

mod canvas;
mod foot;
mod pane;
pub(super) mod panic;

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::args::Format;
use super::out::Console;
use super::screen::canvas::moves;
use super::screen::foot::Board;
use crate::event::{EffectId, Event, IllegalMove, RunState};
use crate::host::people::Screen;
use crate::journal::event_line;
use crate::plan::Plan;
use crate::run::View;
use crate::view::{Detail, Line, Live, Style};

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
    /// Watches a run that has come as far as the teller knows; `outputs` is where it keeps what programs print.
    pub(super) fn new(plan: &'a Plan, mut teller: Teller, format: Format, outputs: PathBuf) -> Self {
        let out = match format {
            Format::Json => Out::Json,
            Format::Text if moves() => Out::Board(Board::open(outputs)),
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

/// Lines are as long as they are where they may be read by a program.
pub(super) fn plain(style: Style) -> Style {
    Style { width: usize::MAX, ..style }
}
