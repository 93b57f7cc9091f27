//! A run as lines with times: a fold over its events, the same for a live run and a stored one.
//!
//! Decides nothing and knows no terminal: what a screen adds (what is on now, colours) is drawn
//! around these lines, from the same fold.

mod answers;
mod approvals;
mod board;
mod carried;
mod effects;
mod end;
mod frames;
mod index;
mod line;
mod looks;
mod now;
mod said;
mod shown;
mod whole;

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use self::carried::planned_anew;
use self::end::Books;
use self::frames::{FrameTold, Seen};
use self::index::Index;
use self::whole::{bound, of_run, secret_changed, started_late, stop};
use super::moment::clock;
use super::paint::Ink;
use crate::event::{Actor, EffectId, Event, Fact, FrameId, RunState, Site, Undoing};
use crate::plan::{NodeId, Plan};
use crate::view::moment::took;

pub use self::board::Screenful;
pub use self::end::{Fate, Stays, StepTold, Summary};
pub(crate) use self::line::clean;
pub use self::line::{Line, heading_line};
pub use self::now::{Ahead, Moving, Now};

/// How much of a run is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Everything: each command, each beginning.
    All,
    /// What is over, and what went wrong; a screen beside it shows what is on.
    Ends,
}

/// Folds events into lines.
pub struct Live {
    index: Index,
    run: String,
    detail: Detail,
    zone: TimeZone,
    frames: HashMap<FrameId, FrameTold>,
    effects: HashMap<EffectId, effects::Running>,
    books: Books,
    /// What is told before it comes: the last of it that came.
    reached: Option<NodeId>,
}

impl Live {
    /// Starts before the first event of a run of that plan. Times within lines are told in that zone.
    #[must_use]
    pub fn new(plan: &Plan, run: &str, detail: Detail, zone: TimeZone) -> Self {
        let (frames, effects) = (HashMap::new(), HashMap::new());
        Self {
            index: Index::of(plan),
            run: run.to_owned(),
            detail,
            zone,
            frames,
            effects,
            books: Books::default(),
            reached: None,
        }
    }

    /// Tells so much from here on.
    pub fn tell(&mut self, detail: Detail) {
        self.detail = detail;
    }

    /// The lines that an event adds; `state` is that after the event.
    pub fn event(&mut self, plan: &Plan, event: &Event, state: &RunState) -> Vec<Line> {
        let seen = Seen { plan, state };
        match &event.fact {
            Fact::Started { .. } => self.started(plan, event.at),
            Fact::Resumed { settings } => self.resumed(seen, &settings.operator),
            Fact::SecretChanged { var, by, .. } => secret_changed(plan, *var, by),
            Fact::Injected { place, kind, .. } => self.injected(place, *kind),
            Fact::StartedLate { place, why, by, .. } => started_late(place, why, by),
            Fact::PlannedAnew { from, why, by, .. } => planned_anew(from, why, by),
            Fact::Carried(carried) => self.carried(seen, carried),
            Fact::LeftBehind { what, why, by } => self.left_behind(what, why, by),
            Fact::RoleBound { role, person, by } => vec![Line::new(0, bound(role, person, by))],
            Fact::HandedOver { role, from, to, by, note } => {
                self.handed_over(role, (from.as_deref(), to), by, note)
            }
            Fact::Entered { frame, parent, node, key } => {
                self.entered(seen, event.at, (*frame, *parent, *node, key.as_ref()))
            }
            Fact::Left { frame, verdict } => self.left(plan, event.at, *frame, verdict),
            Fact::Skipped { frame, node, why, by } => self.skipped(seen, (*frame, *node), why, by.as_ref()),
            Fact::Began(begun) => self.began(seen, event.at, begun),
            Fact::Ended { effect, outcome, note, values } => {
                self.ended(seen, *effect, (*outcome, note), values)
            }
            Fact::Failed { frame, why, .. } => self.failed_in(*frame, why),
            Fact::Unanswered { effect, why } => self.unanswered(*effect, why),
            Fact::Retrying { frame, node, number, of, at } => {
                self.retrying(seen, Site { frame: *frame, node: *node }, (*number, *of), *at)
            }
            Fact::Held { effect, by } => self.held(event.at, *effect, by),
            Fact::Requested { effect, text, .. } => self.requested(event.at, *effect, text),
            Fact::Voted { effect, vote, .. } => self.voted(*effect, vote),
            Fact::VoteRefused { file, why, .. } => of_run(format!("not counted: {file}: {why}"), Ink::Bad),
            Fact::Due { frame, node } => self.due(Site { frame: *frame, node: *node }),
            Fact::Decided { frame, node, choice, by, note } => {
                let said = (by.as_ref(), note.as_deref());
                self.decided(seen, Site { frame: *frame, node: *node }, choice, said)
            }
            Fact::Settled { frame, node, how, by, note } => {
                self.settled(seen, Site { frame: *frame, node: *node }, how, (by, note.as_deref()))
            }
            Fact::GoneOn { by, note } => self.gone_on(by, note),
            Fact::Overdue { frame, due } => self.overdue(*frame, *due),
            Fact::Noted { frame, text } => self.noted(*frame, text),
            Fact::CancelRequested { by } => of_run(stop(state, by), Ink::Alert),
            Fact::Unwinding { frame, what: Undoing::All } => self.unwinding(state, *frame),
            Fact::Committed { frame, node } => self.committed(seen, *frame, *node),
            Fact::Finished { ending, name } => self.finished(seen, event.at, *ending, name.as_deref()),
            Fact::Suspended { until, why } => self.suspended(seen, event.at, *until, why),
            // Told by what comes of them.
            Fact::Enrolled { .. }
            | Fact::Listed { .. }
            | Fact::Bound { .. }
            | Fact::Spawned { .. }
            | Fact::Unwinding { .. }
            | Fact::Unwound { .. }
            | Fact::Concluded { .. } => vec![],
        }
    }

    /// What is about to be undone, in that order; nothing where nothing is.
    fn unwinding(&mut self, state: &RunState, frame: FrameId) -> Vec<Line> {
        let Some(unwind) = state.frame(frame).and_then(|frame| frame.unwind.as_ref()) else { return vec![] };
        let owed = unwind.outstanding().into_iter().filter(|debt| debt.rollback || debt.restore);
        let titles: Vec<_> = owed.map(|debt| format!("\"{}\"", self.books.title(debt.step))).collect();
        let depth = self.inside(frame);
        match titles.as_slice() {
            [] => vec![],
            [only] => vec![Line::new(depth, format!("undoing {only}")).ink(Ink::Alert)],
            several => {
                let list = several.join(", ");
                vec![Line::new(depth, format!("undoing, newest first: {list}")).ink(Ink::Alert)]
            }
        }
    }

    fn skipped(
        &mut self,
        seen: Seen<'_>,
        (frame, node): (FrameId, NodeId),
        why: &str,
        by: Option<&Actor>,
    ) -> Vec<Line> {
        self.reaches(node);
        let handler = || self.index.handlers.get(&node).map(|words| (*words).to_owned());
        let Some(title) = self.title(seen, frame, node).or_else(handler) else { return vec![] };
        let who = by.map(|by| format!(" ({})", by.name)).unwrap_or_default();
        if by.is_some() {
            self.books.word(&format!("\"{title}\""), "skipped", why, by);
        }
        self.told(frame, format!("- {title} skipped: {why}{who}"), None)
    }

    /// Something on the way forward came, or was passed over.
    fn reaches(&mut self, node: NodeId) {
        if self.index.is_coming(node) {
            self.reached = Some(node);
        }
    }

    /// What was open there is not any more.
    fn over(&mut self, site: Site) {
        self.effects.retain(|_, running| running.site != site);
    }

    fn due(&mut self, site: Site) -> Vec<Line> {
        self.over(site);
        vec![]
    }

    fn failed_in(&mut self, frame: FrameId, why: &str) -> Vec<Line> {
        if self.is_quiet(frame) {
            return vec![];
        }
        self.told(frame, format!("! {why}"), Some(Ink::Bad))
    }

    fn gone_on(&mut self, by: &Actor, note: &str) -> Vec<Line> {
        self.noted(RunState::ROOT, &format!("gone on with by {}: {note}", by.name))
    }

    fn noted(&mut self, frame: FrameId, text: &str) -> Vec<Line> {
        self.told(frame, format!("note: {text}"), Some(Ink::Alert))
    }

    fn overdue(&mut self, frame: FrameId, due: Timestamp) -> Vec<Line> {
        let (title, words) = (self.near(frame), format!("it was due at {due:.0}"));
        self.books.late(&title, &words);
        self.told(frame, format!("! late: {words}"), Some(Ink::Bad))
    }

    /// A line at the place of a frame, behind the headings above it that were held back.
    fn told(&mut self, frame: FrameId, text: impl AsRef<str>, ink: Option<Ink>) -> Vec<Line> {
        let mut lines = self.headings(frame);
        let line = Line::new(self.inside(frame), format!("{}{}", self.which(frame), text.as_ref()));
        lines.push(match ink {
            Some(ink) => line.ink(ink),
            None => line,
        });
        lines
    }

    /// `waiting until 14:05:00, 10m from now`; a time that is over is waited for no longer.
    fn until(&self, at: Timestamp, until: Timestamp) -> String {
        let left = until.duration_since(at);
        if !left.is_positive() {
            return format!("{} has passed", self.clock(at, until));
        }
        format!("waiting until {}, {} from now", self.clock(at, until), took(left))
    }

    /// A time as it is read then: with the day, if that is another.
    fn clock(&self, at: Timestamp, until: Timestamp) -> String {
        clock(&self.zone, at, until)
    }

    /// What the run came to so far.
    #[must_use]
    pub fn summary(&self, plan: &Plan, state: &RunState) -> Summary {
        self.books.summary(plan, &self.index, state)
    }

    /// The steps that began, in that order.
    #[must_use]
    pub fn steps(&self) -> Vec<StepTold> {
        self.books.steps()
    }
}
