//! An effect that is not done: in flight, waiting, to be begun again, or failed.

use jiff::{SignedDuration, Timestamp};

use super::{Command, Doing, Pass};
use crate::event::{
    Context, EffectRun, Fact, Frame, Kind, Outcome, ReplyNote, Site, Slot, Status, UndoState, step_around,
};
use crate::plan::{Act, Answer, Class, Effect, Op, Retry, WaitFor, Window};
use crate::run::door::StopHow;
use crate::run::time::{deadline, later};
use crate::value::Value;

/// Pauses before the second, third and fourth attempt of an undo without a `retry` of its own.
const BACKOFF: [SignedDuration; 3] =
    [SignedDuration::from_secs(1), SignedDuration::from_secs(4), SignedDuration::from_secs(16)];

/// Another attempt of something that failed.
#[derive(Clone, Copy)]
pub(super) struct NextTry {
    /// Which of the further attempts, from 1.
    pub(super) number: u32,
    /// So many there are at most.
    pub(super) of: u32,
    pub(super) at: Timestamp,
}

/// The pause after so many further attempts of an undo without a `retry` of its own, and how many there are.
fn backoff(used: u32) -> Option<(SignedDuration, u32)> {
    let of = u32::try_from(BACKOFF.len()).unwrap_or(u32::MAX);
    BACKOFF.get(used as usize).map(|pause| (*pause, of))
}

impl<'a> Pass<'a> {
    pub(super) fn effect(&mut self, frame: &'a Frame, slot: &'a Slot, run: &'a EffectRun) {
        if self.decided_by_votes(frame, slot, run) {
            return;
        }
        match &run.status {
            Status::Running if self.plan.is_timer(slot.node) => self.timer(frame, slot, run),
            Status::Running => self.running(frame, slot, run),
            Status::Waiting(why) => {
                let site = Site { frame: frame.id, node: slot.node };
                self.wait_for(site, Some(run.id), why);
                self.expire(frame, slot, run);
            }
            Status::Again => self.anew(frame, slot, run),
            // A question that was withdrawn, a look that was stopped.
            Status::Failed(Outcome::Unknown) if run.class != Class::Changes => self.anew(frame, slot, run),
            Status::Failed(outcome) => {
                if !self.retries(frame, slot, run, *outcome) {
                    self.trouble(frame, slot);
                }
            }
        }
    }

    /// Begins what was interrupted or taken back once more, unless its time is over.
    fn anew(&mut self, frame: &Frame, slot: &Slot, run: &EffectRun) {
        match self.expiry(frame, slot, run).filter(|end| *end <= self.state.now) {
            Some(_) => self.expire(frame, slot, run),
            None => self.again(frame, slot, run, self.state.now),
        }
    }

    fn running(&mut self, frame: &Frame, slot: &Slot, run: &EffectRun) {
        self.expire(frame, slot, run);
        // Nobody here can end an approval that is signed elsewhere: it is taken back at the first wish to stop.
        let patience = u32::from(!self.is_signed_elsewhere(slot));
        if self.state.cancels > patience && frame.context != Context::Undo {
            self.out.push(Command::Stop(run.id, StopHow::Gently));
        }
    }

    pub(super) fn act(&self, slot: &Slot) -> Option<&'a Effect> {
        match &self.plan.node(slot.node)?.op {
            Op::Do(effect) => Some(effect),
            _ => None,
        }
    }

    /// The time that is waited for, computed from when the wait began.
    fn timer(&mut self, frame: &Frame, slot: &Slot, run: &EffectRun) {
        let due = match self.act(slot).map(|effect| &effect.act) {
            Some(Act::Wait(WaitFor::Duration(length))) => {
                self.duration(frame.id, Some(length)).map(|length| later(run.first, length))
            }
            Some(Act::Wait(WaitFor::Time(time))) => match self.eval(frame.id, time) {
                Ok(Value::Time(time)) => Some(time),
                _ => None,
            },
            Some(Act::Wait(WaitFor::Window(text))) => Window::next_opening_of(text, run.first),
            _ => None,
        };
        let command = match due {
            Some(_) => Command::Record(Fact::Due { frame: frame.id, node: slot.node }),
            None => ended(run, Outcome::Failed, "the time to wait for cannot be computed"),
        };
        if frame.context == Context::Forward && self.state.cancels > 0 {
            return;
        }
        self.at(due.unwrap_or(self.state.now), command);
    }

    /// Begins another attempt of a failed effect, if one is left.
    pub(super) fn retries(&mut self, frame: &Frame, slot: &Slot, run: &EffectRun, outcome: Outcome) -> bool {
        let Some(next) = self.retry_at(frame, slot, run, outcome) else { return false };
        if slot.retrying || self.is_held(frame) {
            self.again(frame, slot, run, next.at);
        } else {
            self.announce(frame, slot, next);
        }
        true
    }

    /// Records that something is tried again, before it is.
    pub(super) fn announce(&mut self, frame: &Frame, slot: &Slot, next: NextTry) {
        let NextTry { number, of, at } = next;
        self.record(Fact::Retrying { frame: frame.id, node: slot.node, number, of, at });
    }

    fn again(&mut self, frame: &Frame, slot: &Slot, run: &EffectRun, at: Timestamp) {
        if self.is_held(frame) {
            return;
        }
        let own = frame.node == slot.node;
        let site = Site { frame: frame.id, node: slot.node };
        if let Some(why) = self.lacks(frame, slot.node).filter(|_| !own) {
            return self.wait_for(site, Some(run.id), &why);
        }
        let what = if own { Doing::Verify } else { Doing::Act };
        let command = self.begin(site, Some(run.id), run.attempt + 1, what);
        self.at(at, command);
    }

    /// When a failed attempt is followed by another, if it is.
    pub(super) fn retry_at(
        &self,
        frame: &Frame,
        slot: &Slot,
        run: &EffectRun,
        outcome: Outcome,
    ) -> Option<NextTry> {
        let effect = self.act(slot)?;
        let retriable = match outcome {
            Outcome::Failed | Outcome::FailedClean | Outcome::Inconclusive => run.class != Class::Asks,
            Outcome::Unknown => frame.context == Context::Undo || run.class == Class::Looks,
            Outcome::Done | Outcome::Alive => false,
        };
        if !retriable {
            return None;
        }
        let used = run.attempt.saturating_sub(run.forgiven).saturating_sub(1);
        let (pause, of) = self.pause(frame, effect, (used, outcome))?;
        let at = later(run.ended?, pause);
        let deadline = deadline(self.plan, self.state, frame.id);
        deadline.is_none_or(|deadline| at < deadline).then_some(NextTry { number: used + 1, of, at })
    }

    /// When an effect whose outcome is unknown may be run again: after a crash at once.
    pub(super) fn pause_is_over(&self, frame: &Frame, slot: &Slot, run: &EffectRun) -> Timestamp {
        let every =
            self.retry_of(frame, slot).and_then(|retry| retry.every.as_ref()).filter(|_| !run.cut_off);
        let pause = self.duration(frame.id, every.map(AsRef::as_ref)).unwrap_or_default();
        later(run.ended.unwrap_or(self.state.now), pause)
    }

    /// The `retry` of an effect, its own or that of its step.
    pub(super) fn retry_of(&self, frame: &Frame, slot: &Slot) -> Option<&'a Retry> {
        let own = self.act(slot).and_then(|effect| effect.retry.as_ref());
        own.or_else(|| step_around(self.plan, self.state, frame.id).and_then(|step| step.retry.as_ref()))
    }

    /// The time before the next attempt, and how many there are at most; `None` when none is left.
    fn pause(&self, frame: &Frame, effect: &Effect, last: (u32, Outcome)) -> Option<(SignedDuration, u32)> {
        let (used, outcome) = last;
        let own = effect.retry.as_ref();
        let step = || step_around(self.plan, self.state, frame.id).and_then(|step| step.retry.as_ref());
        let counted = |retry: &Retry| {
            let every = self.duration(frame.id, retry.every.as_deref()).unwrap_or_default();
            (used < retry.times).then_some((every, retry.times))
        };
        match frame.context {
            Context::Forward => own.or_else(step).and_then(counted),
            Context::Look | Context::Handler => own.and_then(counted),
            Context::Undo => {
                let (once, undo) = self.undo_retry(frame);
                if once && outcome != Outcome::FailedClean {
                    return None;
                }
                match own.or_else(step).or(undo) {
                    Some(retry) => counted(retry),
                    None => backoff(used),
                }
            }
        }
    }

    /// When a rollback that was left unverified is done once more, whole; `None` when that was often enough.
    pub(super) fn undo_again(&self, frame: &Frame, state: &UndoState) -> Option<NextTry> {
        let (times, last) = state.unverified?;
        let (once, retry) = self.undo_retry(frame);
        let next = match retry {
            _ if once => None,
            Some(retry) => {
                let every = self.duration(frame.id, retry.every.as_deref()).unwrap_or_default();
                (times <= retry.times).then_some((every, retry.times))
            }
            None => backoff(times.saturating_sub(1)),
        };
        next.map(|(pause, of)| NextTry { number: times, of, at: later(last, pause) })
    }

    /// Whether the undo around a frame is `once`, and its own retry.
    fn undo_retry(&self, frame: &Frame) -> (bool, Option<&'a Retry>) {
        let Some(Kind::Undo(undo)) = self.undo_around(frame).map(|frame| &frame.kind) else {
            return (false, None);
        };
        let step = self.plan.step(undo.step);
        let of = step.and_then(|step| match &step.undo {
            Answer::Rollback(rollback) if undo.rollback => Some(rollback),
            _ => step.restore.as_ref(),
        });
        (undo.once, of.and_then(|undo| undo.retry.as_ref()))
    }

    /// The frame of the rollback or restore around a frame.
    pub(super) fn undo_around(&self, frame: &Frame) -> Option<&'a Frame> {
        let mut at = self.state.frame(frame.id);
        while let Some(frame) = at.filter(|frame| !matches!(frame.kind, Kind::Undo(_))) {
            at = self.state.frame(frame.parent?);
        }
        at
    }
}

fn ended(run: &EffectRun, outcome: Outcome, why: &str) -> Command {
    let note = ReplyNote { message: why.into(), ..ReplyNote::default() };
    Command::Record(Fact::Ended { effect: run.id, outcome, values: vec![], note })
}
