//! Leaving frames from the inside out, running effects allowed to end.

use super::trouble::{verdict_of, why_of};
use super::{Command, Pass};
use crate::event::{Asked, Context, Frame, Slot, Status, Verdict};
use crate::plan::Class;
use crate::run::door::StopHow;

/// Which open questions are taken back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Questions {
    All,
    /// Not those that were asked after the last wish to stop.
    Older,
}

/// Whether a scope unwinds and is not between two restores.
fn goes_on(frame: &Frame) -> bool {
    frame.unwind.as_ref().is_some_and(|unwind| unwind.is_empty() || !unwind.is_between_restores())
}

impl<'a> Pass<'a> {
    /// Leaves a frame with a verdict, once nothing in it is in flight; frames in it are left first.
    pub(super) fn tear(&mut self, frame: &'a Frame, verdict: Verdict) {
        if self.empty(frame) {
            self.leave(frame, verdict);
        }
    }

    /// Empties a frame of what is active in it. True when nothing is left.
    pub(super) fn empty(&mut self, frame: &'a Frame) -> bool {
        let mut empty = !self.withdraw(frame, Questions::All);
        for kid in frame.kids().into_iter().filter_map(|kid| self.state.frame(kid)) {
            empty = false;
            if goes_on(kid) {
                self.go_on_undoing(kid);
            } else {
                self.tear(kid, self.torn(kid));
            }
        }
        empty
    }

    /// How a frame ends that is torn down: failed where it holds the failure, but a look without an answer gave none.
    fn torn(&self, frame: &Frame) -> Verdict {
        match frame.slots.iter().find(|slot| has_failed(slot)) {
            None => Verdict::Stopped,
            Some(slot) if frame.context == Context::Look => verdict_of(slot),
            Some(slot) => Verdict::Failed(why_of(slot)),
        }
    }

    /// Takes open questions back, but for those that stay; true while anything is in flight directly in the frame.
    pub(super) fn withdraw(&mut self, frame: &Frame, which: Questions) -> bool {
        let stays = |slot: &Slot| which == Questions::Older && self.stays_asked(frame, slot);
        let open = frame.slots.iter().filter(|slot| !stays(slot)).filter_map(|slot| match slot.question {
            Asked::Open(effect) => Some(Command::Stop(effect, StopHow::Withdraw)),
            _ => None,
        });
        let open: Vec<_> = open.collect();
        let mut busy = frame.slots.iter().any(|slot| matches!(slot.question, Asked::Open(_)));
        self.out.extend(open);
        for slot in &frame.slots {
            let Some(run) = slot.effect().filter(|run| run.status == Status::Running) else { continue };
            if self.plan.is_timer(slot.node) {
                continue;
            }
            busy = true;
            if run.class == Class::Asks {
                self.out.push(Command::Stop(run.id, StopHow::Withdraw));
            } else if self.state.cancels > 1 {
                self.out.push(Command::Stop(run.id, StopHow::Gently));
            }
        }
        busy
    }

    /// Whether nothing below a frame is in flight; takes questions back and lets effects end.
    /// Scopes that unwind go on to their end first.
    pub(super) fn quiet(&mut self, frame: &'a Frame, interrupt: bool) -> bool {
        let mut quiet = !self.withdraw(frame, Questions::Older);
        if interrupt && !quiet {
            self.interrupt(frame);
        }
        for kid in frame.kids().into_iter().filter_map(|kid| self.state.frame(kid)) {
            if goes_on(kid) {
                self.go_on_undoing(kid);
                quiet = false;
            } else {
                quiet &= self.quiet(kid, interrupt);
            }
        }
        quiet
    }

    /// What is being undone is undone to its end, but no restore of a scope that ended well begins.
    fn go_on_undoing(&mut self, frame: &'a Frame) {
        let hold = std::mem::replace(&mut self.hold, true);
        self.frame(frame);
        self.hold = hold;
    }

    fn interrupt(&mut self, frame: &Frame) {
        for slot in &frame.slots {
            let run = slot.effect().filter(|run| run.status == Status::Running);
            if let Some(run) = run.filter(|_| !self.plan.is_timer(slot.node)) {
                self.out.push(Command::Stop(run.id, StopHow::Gently));
            }
        }
    }
}

fn has_failed(slot: &Slot) -> bool {
    slot.fault.is_some() || slot.effect().is_some_and(|run| matches!(run.status, Status::Failed(_)))
}
