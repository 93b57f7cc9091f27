//! What failed for good: a verdict in a look, stuck in an undo, a question and then the policy going forward.

use super::effect::NextTry;
use super::{Command, Doing, Pass, Trouble, TroubleKind};
use crate::event::{
    Actor, Asked, Choice, Context, EffectRun, Fact, Fault, Frame, Key, Kind, OnFailure, Outcome, RunState,
    Site, Slot, Status, StepState, Verdict,
};
use crate::plan::{Act, Class, NodeId, QuestionKind};
use crate::run::door::StopHow;
use crate::run::time::deadline;

impl<'a> Pass<'a> {
    pub(super) fn trouble(&mut self, frame: &'a Frame, slot: &'a Slot) {
        match frame.context {
            Context::Look => self.tear(frame, verdict_of(slot)),
            Context::Handler => self.tear(frame, Verdict::Failed(why_of(slot))),
            Context::Undo => self.undo_failed(frame, slot),
            Context::Forward => self.forward(frame, slot),
        }
    }

    fn undo_failed(&mut self, frame: &'a Frame, slot: &'a Slot) {
        let undo = self.undo_around(frame);
        match undo.map(|undo| (undo, &undo.kind)) {
            Some((undo, Kind::Undo(state))) if state.best_effort => {
                self.tear(undo, Verdict::Failed(why_of(slot)));
            }
            _ => self.ask_about_undo(frame, slot),
        }
    }

    /// A failed undo: who is there is asked, and nothing new begins meanwhile; else the run is stuck. A second wish to
    /// stop leaves the question.
    fn ask_about_undo(&mut self, frame: &Frame, slot: &Slot) {
        let trouble = self.describe(frame, slot, TroubleKind::Undo);
        let asks = self.state.may_be_answered() && self.state.cancels < 2 && self.state.suspended.is_none();
        match slot.question {
            Asked::Open(effect) => {
                self.frozen = true;
                if self.state.cancels > 1 {
                    self.out.push(Command::Stop(effect, StopHow::Withdraw));
                }
            }
            Asked::No if asks => {
                self.frozen = true;
                let command = self.begin(trouble.site, None, 0, Doing::Question(trouble));
                self.out.push(command);
            }
            _ => self.standing.stuck.push(trouble),
        }
    }

    pub(super) fn describe(&self, frame: &Frame, slot: &Slot, kind: TroubleKind) -> Trouble {
        let site = Site { frame: frame.id, node: slot.node };
        let lacks = match kind {
            TroubleKind::Failed | TroubleKind::Step => self.gone(frame, slot.node),
            _ => None,
        };
        Trouble { site, effect: slot.effect().map(|run| run.id), kind, why: why_of(slot), lacks }
    }

    fn forward(&mut self, frame: &'a Frame, slot: &'a Slot) {
        let own = frame.node == slot.node;
        let cancel = own && frame.id == RunState::ROOT && self.state.cancels > 0;
        if self.state.cancels > 0 && !cancel && !self.is_asked_in_spite(frame, slot) {
            return self.take_back(slot);
        }
        let unknown = slot.effect().filter(|run| run.status == Status::Failed(Outcome::Unknown));
        if let Some(run) = unknown
            && self.settle(frame, slot, run)
        {
            return;
        }
        if let Some(by) = self.decision(slot)
            && self.may_roll_back(frame)
        {
            return self.choose(frame, slot, Choice::Rollback, by);
        }
        self.ask_or_decide(frame, slot, self.kind_at(frame, slot));
    }

    /// Whether what failed is asked about although stop was asked for: once, so that somebody who is there decides about
    /// that first. A wish to stop that is repeated asks about the run as a whole.
    fn is_asked_in_spite(&self, frame: &Frame, slot: &Slot) -> bool {
        let of_scope = frame.node == slot.node && frame.as_scope().is_some();
        self.state.cancels == 1
            && self.state.is_attended()
            && frame.context == Context::Forward
            && !of_scope
            && !self.state.is_failing(frame.id)
            && self.has_failed(frame, slot)
            && self.decision(slot).is_none()
    }

    /// Whether an open question stays so: it was asked after the last wish to stop.
    pub(super) fn stays_asked(&self, frame: &Frame, slot: &Slot) -> bool {
        slot.asked_at >= self.state.cancels && self.is_asked_in_spite(frame, slot)
    }

    /// Whether somebody is asked about something that failed while stop was asked for, or has left it so.
    pub(super) fn is_asked_about_a_failure(&self) -> bool {
        let asked =
            |frame: &Frame, slot: &Slot| slot.question != Asked::No && self.is_asked_in_spite(frame, slot);
        self.state.frames().any(|frame| frame.slots.iter().any(|slot| asked(frame, slot)))
    }

    /// What kind of trouble stands open there.
    fn kind_at(&self, frame: &Frame, slot: &Slot) -> TroubleKind {
        let own = frame.node == slot.node;
        let stopped = frame.is_undoing() || (frame.id == RunState::ROOT && self.state.cancels > 0);
        let unknown = slot.effect().is_some_and(|run| run.status == Status::Failed(Outcome::Unknown));
        match &slot.fault {
            _ if frame.context == Context::Undo => TroubleKind::Undo,
            _ if own && stopped => TroubleKind::Cancelled,
            _ if own && slot.is_gate() && frame.as_step().is_some() => TroubleKind::Step,
            _ if own && frame.as_scope().is_some() => TroubleKind::Guard,
            _ if unknown => TroubleKind::Unknown,
            Some((Fault::Inconclusive, _)) => TroubleKind::Held,
            _ => TroubleKind::Failed,
        }
    }

    /// What stands open at a place.
    pub(super) fn trouble_at(&self, site: Site) -> Option<Trouble> {
        let frame = self.state.frame(site.frame)?;
        let slot = frame.slot(site.node)?;
        Some(self.describe(frame, slot, self.kind_at(frame, slot)))
    }

    /// A question about a failure is not open any more while stop is asked for.
    fn take_back(&mut self, slot: &Slot) {
        if let Asked::Open(effect) = slot.question {
            self.out.push(Command::Stop(effect, StopHow::Withdraw));
        }
    }

    /// Whether what is owed may be rolled back: not in the run after the commit.
    pub(super) fn may_roll_back(&self, frame: &Frame) -> bool {
        self.state.may_unwind(frame.id)
    }

    /// `fail`, a rejection, a failed judgement: decided already, by that person.
    fn decision(&self, slot: &Slot) -> Option<Option<Actor>> {
        if let Some((Fault::Decided, _)) = slot.fault {
            return Some(None);
        }
        let run = slot.effect()?;
        let Some(Act::Person(question)) = self.act(slot).map(|effect| &effect.act) else { return None };
        let decides = matches!(
            question.kind,
            QuestionKind::Confirm { .. } | QuestionKind::Judge { .. } | QuestionKind::Approval { .. }
        );
        (decides && run.note.by.is_some()).then(|| run.note.by.clone())
    }

    pub(super) fn choose(&mut self, frame: &Frame, slot: &Slot, choice: Choice, by: Option<Actor>) {
        self.record(Fact::Decided { frame: frame.id, node: slot.node, choice, by, note: None });
    }

    fn ask_or_decide(&mut self, frame: &'a Frame, slot: &'a Slot, kind: TroubleKind) {
        let trouble = self.describe(frame, slot, kind);
        if kind == TroubleKind::Step && !self.asks_before_steps() {
            // It was asked by a process that is gone, and this one does not ask.
            return self.choose(frame, slot, Choice::Run, None);
        }
        let asks = self.state.may_be_answered();
        match slot.question {
            // The process left before it was answered.
            Asked::Open(_) | Asked::No if asks && self.state.suspended.is_some() => {
                self.standing.waiting.push(trouble);
            }
            Asked::Open(_) => {}
            Asked::Left => self.leave_trouble(frame, trouble),
            Asked::No if asks => {
                let command = self.begin(trouble.site, None, 0, Doing::Question(trouble));
                self.out.push(command);
            }
            Asked::No | Asked::Nobody => self.policy(frame, slot, trouble),
        }
    }

    /// After the commit a failure that is left is stuck; before, it is waiting.
    fn leave_trouble(&mut self, frame: &Frame, trouble: Trouble) {
        let failed = matches!(trouble.kind, TroubleKind::Failed | TroubleKind::Guard);
        if trouble.kind == TroubleKind::Cancelled {
            self.standing.stuck.extend(self.failed_for_good());
        }
        if trouble.kind == TroubleKind::Unknown || (failed && !self.may_roll_back(frame)) {
            self.standing.stuck.push(trouble);
        } else {
            self.standing.waiting.push(trouble);
        }
    }

    /// After the commit: what failed while stop was asked for.
    fn failed_for_good(&self) -> Vec<Trouble> {
        let mut all = vec![];
        let forward = |frame: &&Frame| frame.context == Context::Forward && !self.may_roll_back(frame);
        for frame in self.state.frames().filter(forward) {
            let cancel = |slot: &Slot| frame.id == RunState::ROOT && slot.node == frame.node;
            let failed = frame.slots.iter().filter(|slot| !cancel(slot) && self.has_failed(frame, slot));
            all.extend(failed.map(|slot| self.describe(frame, slot, TroubleKind::Failed)));
        }
        all
    }

    fn has_failed(&self, frame: &Frame, slot: &Slot) -> bool {
        match (&slot.fault, slot.effect().map(|run| (run, &run.status))) {
            (Some((fault, _)), _) => *fault != Fault::Inconclusive,
            (None, Some((run, Status::Failed(outcome @ (Outcome::Failed | Outcome::FailedClean))))) => {
                self.retry_at(frame, slot, run, *outcome).is_none()
            }
            _ => false,
        }
    }

    fn policy(&mut self, frame: &'a Frame, slot: &'a Slot, trouble: Trouble) {
        let policy = self.state.settings.as_ref().map_or(OnFailure::Hold, |settings| settings.on_failure);
        let rollback = policy == OnFailure::Rollback && self.may_roll_back(frame);
        match trouble.kind {
            TroubleKind::Failed | TroubleKind::Guard | TroubleKind::Cancelled if rollback => {
                self.choose(frame, slot, Choice::Rollback, None);
            }
            TroubleKind::Failed | TroubleKind::Guard if !self.may_roll_back(frame) => {
                self.standing.stuck.push(trouble);
            }
            TroubleKind::Failed | TroubleKind::Guard | TroubleKind::Cancelled => {
                self.choose(frame, slot, Choice::Leave, None);
            }
            TroubleKind::Unknown | TroubleKind::Undo => self.standing.stuck.push(trouble),
            TroubleKind::Held | TroubleKind::Step => self.standing.waiting.push(trouble),
        }
    }

    pub(super) fn wait_for(&mut self, site: Site, effect: Option<crate::event::EffectId>, why: &str) {
        let why = why.to_owned();
        self.standing.waiting.push(Trouble { site, effect, kind: TroubleKind::Held, why, lacks: None });
    }

    /// Settles an unknown outcome: the step's `done when`, then again where that is safe.
    /// False where only a person can.
    fn settle(&mut self, frame: &'a Frame, slot: &'a Slot, run: &EffectRun) -> bool {
        match self.remedy(frame, slot, run) {
            Some(_) if self.asked => true,
            Some(Remedy::Ask { step, look }) => {
                let looks = step.as_step().map_or(0, |step| step.looks);
                let fact = self.enter(step.id, look, Some(Key::Turn(looks + 1)));
                self.record(fact);
                true
            }
            Some(Remedy::Again(next)) if !slot.retrying && !run.cut_off => {
                self.announce(frame, slot, next);
                true
            }
            Some(Remedy::Again(NextTry { at, .. })) => {
                let site = Site { frame: frame.id, node: slot.node };
                if let Some(why) = self.lacks(frame, slot.node) {
                    self.wait_for(site, Some(run.id), &why);
                    return true;
                }
                let command = self.begin(site, Some(run.id), run.attempt + 1, Doing::Act);
                self.at(at, command);
                true
            }
            Some(Remedy::Asking) => true,
            None => false,
        }
    }

    /// What can settle an unknown outcome without a person.
    fn remedy(&self, frame: &Frame, slot: &Slot, run: &EffectRun) -> Option<Remedy<'a>> {
        let around = self.state.frame(frame.step?)?;
        let (step, of) = (around.as_step()?, self.plan.step(around.node)?);
        if step.looking.is_some() {
            return Some(Remedy::Asking);
        }
        if let (Some(look), None) = (of.done_when, &step.settled) {
            return Some(Remedy::Ask { step: around, look });
        }
        let no = matches!(step.settled, Some(Verdict::Failed(_)));
        let times = self.retry_of(frame, slot).map_or(0, |retry| retry.times).max(1);
        let used = run.attempt.saturating_sub(run.forgiven).saturating_sub(1);
        let safe = of.idempotent || (no && of.atomic);
        let at = self.pause_is_over(frame, slot, run);
        let in_time = deadline(self.plan, self.state, frame.id);
        let may = safe && in_time.is_none_or(|end| at < end) && (used < times || run.cut_off);
        may.then_some(Remedy::Again(NextTry { number: used + 1, of: times, at }))
    }

    /// Whether an outcome in it is unknown and only a person can settle it: the run may be stuck the next moment.
    pub(super) fn is_doubtful(&self, frame: &Frame) -> bool {
        let unknown =
            |run: &&EffectRun| run.class == Class::Changes && run.status == Status::Failed(Outcome::Unknown);
        let alone = |slot: &Slot| {
            let run = slot.effect();
            run.filter(unknown).is_some_and(|run| self.remedy(frame, slot, run).is_none())
        };
        frame.context == Context::Forward && frame.slots.iter().any(alone)
    }

    /// The `done when` that a step asks. A second wish to stop stops it: begun again it would be stopped for ever.
    pub(super) fn look_of(&mut self, step: &StepState) {
        match step.looking.and_then(|look| self.state.frame(look)) {
            Some(look) if self.state.cancels > 1 => self.tear(look, Verdict::Stopped),
            Some(look) => self.frame(look),
            None => {}
        }
    }
}

/// What settles an unknown outcome without a person.
enum Remedy<'a> {
    /// Its step's `done when` is being asked.
    Asking,
    /// That look is to be asked.
    Ask { step: &'a Frame, look: NodeId },
    /// It is run again, at that time.
    Again(NextTry),
}

/// In words what is wrong.
pub(super) fn why_of(slot: &Slot) -> String {
    if slot.is_gate() {
        return "it is asked about before it begins".into();
    }
    let fault = slot.fault.as_ref().map(|fault| fault.1.clone());
    fault.or_else(|| slot.effect().map(|run| run.note.message.clone())).unwrap_or_default()
}

/// The verdict of a look in which that failed.
pub(super) fn verdict_of(slot: &Slot) -> Verdict {
    let why = why_of(slot);
    let unclear = match (&slot.fault, slot.effect().map(|run| &run.status)) {
        (Some((fault, _)), _) => *fault == Fault::Inconclusive,
        (None, Some(Status::Failed(outcome))) => matches!(outcome, Outcome::Inconclusive | Outcome::Unknown),
        _ => false,
    };
    if unclear { Verdict::Inconclusive(why) } else { Verdict::Failed(why) }
}
