//! What is on at this moment, for a screen that moves.

use jiff::{SignedDuration, Timestamp};

use super::effects::Sort as Effect;
use super::frames::{Sort, Values};
use super::index::act;
use super::{Live, index};
use crate::event::{EffectId, FrameId, RunState};
use crate::plan::{Act, Loop, NodeId, Op, Plan, WaitFor};
use crate::value::{Expr, Value, eval};

/// So many of what comes next are told.
const AHEAD: usize = 3;

/// What is on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// `3 of 8 steps`, or what is being undone.
    pub head: String,
    /// What runs or waits, the oldest first.
    pub moving: Vec<Moving>,
    /// What comes next.
    pub next: Vec<String>,
}

/// Something that runs or waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moving {
    /// Tells it apart from others, over its whole life.
    pub key: String,
    /// The effect whose output belongs to it.
    pub effect: Option<EffectId>,
    /// Its title.
    pub title: String,
    /// What it does, or what its last look said.
    pub text: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when at most, or when it is over.
    pub until: Option<Timestamp>,
}

impl Live {
    /// What is on now.
    #[must_use]
    pub fn now(&self, plan: &Plan, state: &RunState) -> Now {
        let mut moving: Vec<Moving> = self.checks(plan, state);
        moving.extend(self.working(plan, state));
        moving.sort_by(|one, other| (one.since, &one.key).cmp(&(other.since, &other.key)));
        let undoing =
            state.frames().filter_map(|frame| frame.unwind.as_ref()).find(|unwind| !unwind.is_empty());
        let Some(unwind) = undoing else {
            let head = format!("{} of {} steps", self.books.done(), self.index.steps.len());
            return Now { head, moving, next: self.ahead(plan, state) };
        };
        let left = unwind.outstanding();
        let head = format!("undoing, {} left", left.len());
        let next = left.iter().map(|debt| self.books.title(debt.step)).take(AHEAD).collect();
        Now { head, moving, next }
    }

    /// Checks that look again and again; their own looks are not told.
    fn checks(&self, plan: &Plan, state: &RunState) -> Vec<Moving> {
        let checks =
            self.frames.iter().filter(|(_, place)| place.sort == Sort::Check && place.heading.is_some());
        let told = checks.map(|(frame, place)| {
            let limit = match plan.node(place.node).map(|node| &node.op) {
                Some(Op::Loop(looping)) => match &**looping {
                    Loop::Poll { within, .. } => within.as_ref(),
                    _ => None,
                },
                _ => None,
            };
            let length = limit.and_then(|limit| duration(state, *frame, limit));
            let text = if place.last.is_empty() {
                format!("look {}", place.looks)
            } else {
                format!("look {}, the last: {}", place.looks, place.last)
            };
            Moving {
                key: format!("f{}", frame.0),
                effect: None,
                title: place.title.clone(),
                text,
                since: place.began,
                until: length.and_then(|length| place.began.checked_add(length).ok()),
            }
        });
        told.collect()
    }

    fn working(&self, plan: &Plan, state: &RunState) -> Vec<Moving> {
        let open = self.effects.iter().filter(|(_, running)| {
            let frame = running.site.frame;
            running.sort != Effect::About && !self.is_quiet(frame)
        });
        let told = open.map(|(effect, running)| {
            let frame = running.site.frame;
            let above = self.titled(frame).unwrap_or_default();
            let own = plan.node(running.site.node).and_then(|node| node.title.as_ref());
            let own = own.and_then(|title| eval(title, &Values { state, frame }).ok());
            let title = own.map_or(above, |own| own.to_text());
            let until = match act(plan, running.site.node) {
                Some(Act::Wait(WaitFor::Duration(length))) => {
                    duration(state, frame, length).and_then(|length| running.began.checked_add(length).ok())
                }
                Some(Act::Wait(WaitFor::Time(time))) => match eval(time, &Values { state, frame }) {
                    Ok(Value::Time(time)) => Some(time),
                    _ => None,
                },
                _ => None,
            };
            let text = if running.shown == title { String::new() } else { running.shown.clone() };
            Moving {
                key: format!("e{}", effect.0),
                effect: Some(*effect),
                title,
                text,
                since: running.began,
                until,
            }
        });
        told.collect()
    }

    /// The title of the nearest thing around that has one.
    fn titled(&self, frame: FrameId) -> Option<String> {
        let place = self.frames.get(&frame)?;
        if place.heading.is_some() && !place.title.is_empty() {
            return Some(place.title.clone());
        }
        self.titled(place.parent)
    }

    /// Steps after the last one that is active, as far as their titles are fixed or their values known.
    fn ahead(&self, plan: &Plan, state: &RunState) -> Vec<String> {
        let active = self.frames.values().filter(|place| place.sort == Sort::Step).map(|place| place.node);
        let last = active.max().or_else(|| self.books.last()).unwrap_or(NodeId(0));
        let steps = self.index.steps.iter().skip(self.index.steps.partition_point(|step| *step <= last));
        let told = steps.filter(|step| index::step(plan, **step).is_some()).take(AHEAD).map(|step| {
            let title = plan.node(*step).and_then(|node| node.title.as_ref());
            let title = title.and_then(|title| eval(title, &Values { state, frame: RunState::ROOT }).ok());
            title.map_or_else(|| "…".to_owned(), |title| title.to_text())
        });
        told.collect()
    }
}

fn duration(state: &RunState, frame: FrameId, expr: &Expr) -> Option<SignedDuration> {
    match eval(expr, &Values { state, frame }) {
        Ok(Value::Duration(length)) => SignedDuration::try_from(length).ok(),
        _ => None,
    }
}
