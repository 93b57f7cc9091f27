//! A run as lines with times: a fold over its events, the same for a live run and a stored one.
//!
//! Decides nothing and knows no terminal: what a screen adds (what is on now, colours) is drawn
//! around these lines, from the same fold.

mod effects;
mod end;
mod frames;
mod index;
mod now;

use std::collections::HashMap;

use jiff::Timestamp;

use self::end::Books;
use self::frames::{Place, Seen};
use self::index::Index;
use super::paint::{Ink, paint};
use crate::event::{
    Actor, Choice, EffectId, Ending, Event, Fact, FrameId, RunState, Settlement, Site, Undoing,
};
use crate::plan::{NodeId, Plan};

pub use self::now::{Moving, Now};

/// A line of a run, without its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    depth: usize,
    ink: Option<Ink>,
    text: String,
}

impl Line {
    fn new(depth: usize, text: impl Into<String>) -> Self {
        Self { depth, ink: None, text: text.into() }
    }

    fn ink(self, ink: Ink) -> Self {
        Self { ink: Some(ink), ..self }
    }

    /// As text, indented.
    #[must_use]
    pub fn drawn(&self, colour: bool) -> String {
        let text = self.ink.map_or_else(|| self.text.clone(), |ink| paint(colour, ink, &self.text));
        format!("{}{text}", "  ".repeat(self.depth))
    }
}

/// Folds events into lines.
pub struct Live {
    index: Index,
    frames: HashMap<FrameId, Place>,
    effects: HashMap<EffectId, effects::Running>,
    books: Books,
}

impl Live {
    /// Starts before the first event of a run of that plan.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let index = Index::of(plan);
        Self { index, frames: HashMap::new(), effects: HashMap::new(), books: Books::default() }
    }

    /// The lines that an event adds; `state` is that after the event, or after its whole commit.
    pub fn event(&mut self, plan: &Plan, event: &Event, state: &RunState) -> Vec<Line> {
        let seen = Seen { plan, state };
        match &event.fact {
            Fact::Started { .. } => {
                self.books.begin(event.at);
                vec![Line::new(0, format!("{} {}", plan.title, plan.version)).ink(Ink::Strong)]
            }
            Fact::Resumed { settings } => {
                vec![Line::new(0, format!("taken up by {}", settings.operator.name))]
            }
            Fact::RoleBound { role, person, by } => vec![Line::new(0, bound(role, person, by))],
            Fact::Entered { frame, parent, node, key } => {
                self.entered(seen, event.at, (*frame, *parent, *node, key.as_ref()))
            }
            Fact::Left { frame, verdict } => self.left(plan, event.at, *frame, verdict),
            Fact::Skipped { frame, node, why, by } => self.skipped(seen, (*frame, *node), why, by.as_ref()),
            Fact::Began(begun) => self.began(plan, event.at, begun),
            Fact::Ended { effect, outcome, note, values } => self.ended(*effect, *outcome, note, values),
            Fact::Failed { frame, why, .. } if !self.is_quiet(*frame) => {
                vec![self.line(*frame, format!("  ! {why}")).ink(Ink::Bad)]
            }
            Fact::Unanswered { effect, why } => self.unanswered(*effect, why),
            Fact::Decided { frame, node, choice, by } => {
                self.effects.retain(|_, running| running.site != Site { frame: *frame, node: *node });
                self.decided(seen, (*frame, *node), choice, by.as_ref())
            }
            Fact::Settled { frame, node, how, by } => self.settled(seen, (*frame, *node), how, by),
            Fact::Noted { frame, text } => vec![self.line(*frame, format!("  note: {text}"))],
            Fact::CancelRequested { by } => vec![stop(state.cancels, by).ink(Ink::Alert)],
            Fact::Unwinding { what: Undoing::All, .. } => {
                vec![Line::new(0, "undoing, newest first").ink(Ink::Alert)]
            }
            Fact::Committed { frame, node } => {
                let title = self.title(seen, *frame, *node).unwrap_or_default();
                vec![Line::new(0, format!("━━━ point of no return: \"{title}\" ━━━")).ink(Ink::Alert)]
            }
            Fact::Finished { ending, name } => {
                self.finished(plan, event.at, (*ending, name.as_deref()), state)
            }
            Fact::Suspended { until, why } => vec![suspended(*until, why).ink(Ink::Alert)],
            _ => vec![],
        }
    }

    fn skipped(
        &mut self,
        seen: Seen<'_>,
        (frame, node): (FrameId, NodeId),
        why: &str,
        by: Option<&Actor>,
    ) -> Vec<Line> {
        let Some(title) = self.title(seen, frame, node) else { return vec![] };
        let who = by.map(|by| format!(" ({})", by.name)).unwrap_or_default();
        if by.is_some() {
            self.books.word(&title, "skipped", why, by);
        }
        vec![self.line(frame, format!("- {title} skipped: {why}{who}"))]
    }

    /// How it goes on after a failure; what the policy decides by itself shows in what follows.
    fn decided(
        &mut self,
        seen: Seen<'_>,
        (frame, node): (FrameId, NodeId),
        choice: &Choice,
        by: Option<&Actor>,
    ) -> Vec<Line> {
        let Some(by) = by else { return vec![] };
        let (word, why) = match choice {
            Choice::Retry => ("again", ""),
            Choice::ByHand(why) => ("done by hand", why.as_str()),
            Choice::GoOn(why) => ("passed over", why.as_str()),
            Choice::Rollback => ("roll back", ""),
            Choice::Leave => ("left as it is", ""),
            Choice::GiveUp(why) => ("given up", why.as_str()),
        };
        self.said(seen, (frame, node), (word, why), by)
    }

    fn settled(
        &mut self,
        seen: Seen<'_>,
        (frame, node): (FrameId, NodeId),
        how: &Settlement,
        by: &Actor,
    ) -> Vec<Line> {
        let (word, why) = match how {
            Settlement::Again => ("again", ""),
            Settlement::Done(why) => ("settled as done", why.as_str()),
            Settlement::Skip(why) => ("left undone", why.as_str()),
            Settlement::Rollback => ("roll back", ""),
            Settlement::GiveUp(why) => ("given up", why.as_str()),
        };
        self.said(seen, (frame, node), (word, why), by)
    }

    fn said(
        &mut self,
        seen: Seen<'_>,
        (frame, node): (FrameId, NodeId),
        (word, why): (&str, &str),
        by: &Actor,
    ) -> Vec<Line> {
        let title = self.near(seen, frame, node);
        if !why.is_empty() {
            self.books.word(&title, word, why, Some(by));
        }
        let why = if why.is_empty() { String::new() } else { format!(": {why}") };
        vec![self.line(frame, format!("  → {word}{why} ({})", by.name))]
    }

    fn line(&self, frame: FrameId, text: impl Into<String>) -> Line {
        let depth = self.frames.get(&frame).map_or(0, |place| place.depth);
        Line::new(depth, text)
    }

    fn finished(
        &mut self,
        plan: &Plan,
        at: Timestamp,
        (ending, name): (Ending, Option<&str>),
        state: &RunState,
    ) -> Vec<Line> {
        let (word, ink) = match ending {
            Ending::Completed => ("completed", Ink::Good),
            Ending::RolledBack => ("rolled back: everything owed was undone", Ink::Bad),
            Ending::FailedKept => ("failed, and not everything could be undone", Ink::Bad),
        };
        let mut lines = vec![Line::new(0, word).ink(ink)];
        lines.extend(self.books.summary(plan, &self.index, at, (ending, name), state));
        lines
    }
}

fn bound(role: &str, person: &str, by: &Actor) -> String {
    // Who acts in the operator's name.
    let says = if role == "operator" { format!(", says {}", by.name) } else { String::new() };
    format!("{role}: {person}{says}")
}

/// What a wish to stop does, said at once.
fn stop(times: u32, by: &Actor) -> Line {
    let what = match times {
        0 | 1 => "nothing new starts; what runs may end. Once more stops it",
        2 => "what runs is being stopped. Once more leaves at once, resumable",
        _ => "leaving at once; the run can be resumed",
    };
    Line::new(0, format!("stop asked for by {}: {what}", by.name))
}

fn suspended(until: Option<Timestamp>, why: &str) -> Line {
    match until {
        Some(until) => Line::new(0, format!("waiting until {until}: {why}")),
        None => Line::new(0, format!("waiting: {why}")),
    }
}
