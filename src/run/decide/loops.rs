//! Loops: items of a list, turns until a condition holds, looks of a check.

use jiff::{SignedDuration, Timestamp};

use super::{Command, Pass};
use crate::event::{Fact, ForState, Frame, Key, Open, PollState, Verdict};
use crate::plan::{Loop, NodeId};
use crate::run::time::{LOOK_EVERY, later};
use crate::value::{Expr, Value, show};

impl<'a> Pass<'a> {
    pub(super) fn turns(&mut self, frame: &'a Frame, state: &'a ForState) {
        let Some(Loop::For { list, body, .. }) = self.plan.loop_of(frame.node) else { return };
        let Some(items) = &state.items else { return self.list(frame, list) };
        if !self.open_turns(frame) {
            return;
        }
        let limit = self.plan.limit_of(frame.node).map_or(usize::MAX, |limit| limit.max(1) as usize);
        let room = limit.saturating_sub(frame.slots.len());
        // Where the run holds no turn begins, but a loop that has had them all is left like any block.
        let room = if self.is_held(frame) { 0 } else { room };
        for (text, _) in items.iter().skip(frame.next).take(room) {
            let fact = self.enter(frame.id, *body, Some(Key::Item(text.clone())));
            self.record(fact);
        }
        if frame.slots.is_empty() && frame.next >= items.len() {
            self.leave(frame, Verdict::Passed);
        }
    }

    /// Moves open turns on; false when one failed, which then fails the loop.
    fn open_turns(&mut self, frame: &'a Frame) -> bool {
        for slot in &frame.slots {
            if let Open::Frame(turn) = &slot.open {
                self.kid(*turn);
            } else {
                self.trouble(frame, slot);
                return false;
            }
        }
        true
    }

    fn list(&mut self, frame: &'a Frame, list: &Expr) {
        let failed = |why: String| Verdict::Failed(why);
        match self.eval(frame.id, list) {
            Ok(Value::List(items)) => match twice(&items) {
                Some(text) => self.leave(frame, failed(format!("`{text}` stands in the list twice"))),
                None => self.record(Fact::Listed { frame: frame.id, items: items.to_vec() }),
            },
            Ok(_) => self.leave(frame, failed("what it goes over is not a list".into())),
            Err(error) => self.leave(frame, failed(error.to_string())),
        }
    }

    pub(super) fn repeat(&mut self, frame: &'a Frame) {
        let Some(Loop::Repeat { at_most, body, until }) = self.plan.loop_of(frame.node) else { return };
        if !self.open_turns(frame) || !frame.slots.is_empty() {
            return;
        }
        let turns = u32::try_from(frame.next).unwrap_or(u32::MAX);
        let met = if turns == 0 { Ok(false) } else { self.truth(frame.id, until) };
        match met {
            Ok(true) => self.leave(frame, Verdict::Passed),
            Ok(false) if turns >= *at_most => {
                let why = format!("its condition was not met in {turns} turns");
                self.leave(frame, Verdict::Failed(why));
            }
            Ok(false) => self.turn(frame, *body, self.state.now),
            Err(why) => self.leave(frame, Verdict::Failed(why)),
        }
    }

    fn turn(&mut self, frame: &Frame, body: NodeId, at: Timestamp) {
        if self.is_held(frame) {
            return;
        }
        let turn = u32::try_from(frame.next + 1).unwrap_or(u32::MAX);
        let fact = self.enter(frame.id, body, Some(Key::Turn(turn)));
        self.at(at, Command::Record(fact));
    }

    pub(super) fn poll(&mut self, frame: &'a Frame, state: &'a PollState) {
        let Some(Loop::Poll { every, within, soak, body, .. }) = self.plan.loop_of(frame.node) else {
            return;
        };
        if !self.open_turns(frame) || !frame.slots.is_empty() {
            return;
        }
        let Some((verdict, ended)) = state.last.as_ref().filter(|_| !state.must_look) else {
            return match self.never_given(frame, frame.node) {
                Some(why) => self.leave(frame, Verdict::Failed(why)),
                None => self.turn(frame, *body, self.state.now),
            };
        };
        let limits = Limits {
            every: self.duration(frame.id, every.as_ref()).unwrap_or(LOOK_EVERY),
            until: self.duration(frame.id, within.as_ref()).map(|within| later(frame.began, within)),
            soak: self.duration(frame.id, soak.as_ref()),
        };
        match limits.next_look(verdict, *ended, state.streak) {
            Some(at) => self.turn(frame, *body, at),
            None => self.leave(frame, verdict.clone()),
        }
    }
}

/// How long a check looks.
struct Limits {
    every: SignedDuration,
    until: Option<Timestamp>,
    soak: Option<SignedDuration>,
}

impl Limits {
    /// When the next look is taken; `None` when the last one decides.
    fn next_look(&self, last: &Verdict, ended: Timestamp, streak: Option<Timestamp>) -> Option<Timestamp> {
        let next = later(ended, self.every);
        match (last, self.soak) {
            (Verdict::Passed, None) => None,
            (Verdict::Passed, Some(soak)) => {
                let enough = later(streak.unwrap_or(ended), soak);
                (ended < enough).then(|| next.min(enough))
            }
            _ => self.until.filter(|until| ended < *until).map(|until| next.min(until)),
        }
    }
}

/// The first text that two items share.
fn twice(items: &[Value]) -> Option<String> {
    let mut seen = std::collections::HashSet::new();
    items.iter().map(show).find(|text| !seen.insert(text.clone()))
}
