//! Another process takes a run over: what was in flight is unknown, unless repeating it harms nobody.

use std::collections::{HashMap, HashSet};

use super::choose::reopen;
use super::{
    Asked, Context, EffectRun, Fault, Frame, FrameId, Kind, Outcome, ReplyNote, RunState, Slot, Status,
};
use crate::plan::{Class, Op, Plan};

impl RunState {
    /// The process that drove the run is gone.
    pub(super) fn resume(&mut self, plan: &Plan) {
        let now = self.now;
        if self.suspended.take().is_some() {
            self.cancels = 0;
            self.frames.entry(Self::ROOT).and_modify(|root| root.close(Plan::ROOT));
        }
        self.cancels = self.cancels.min(1); // a second one was for what ran then
        self.frames
            .values_mut()
            .filter(|frame| frame.unwind.is_some())
            .for_each(|frame| frame.close(frame.node));
        let mut questions = vec![];
        let mut doubtful = vec![];
        let (once, spoilt) = (self.not_to_repeat(), self.spoilt_looks(plan));
        for frame in self.frames.values_mut() {
            let once = once.contains(&frame.id);
            let (context, step) = (frame.context, frame.step);
            for slot in &mut frame.slots {
                if let Asked::Open(effect) = slot.question {
                    questions.push(effect);
                }
                slot.question = Asked::No;
                let node = slot.node;
                if let Some(run) = slot.effect_mut().filter(|_| !plan.is_timer(node)) {
                    run.alive = false; // whoever takes a run up has seen to it
                    interrupt(run, context == Context::Undo && !once, now);
                    if run.status == Status::Failed(Outcome::Unknown) {
                        doubtful.extend(step);
                    }
                }
            }
            let looks_anew = frame.kids().first().is_some_and(|look| !spoilt.contains(look));
            wake_watchers(frame, looks_anew);
        }
        self.effects.retain(|effect, _| !questions.contains(effect));
        self.frames.values_mut().for_each(look_again);
        doubtful.into_iter().for_each(|step| {
            self.on_step(step, |step| (step.settled, step.doubt) = (None, true));
        });
    }

    /// Nobody worked meanwhile: that is no time of a step's attempts.
    pub(super) fn pass_idle_time(&mut self, idle: jiff::SignedDuration) {
        for step in self.frames.values_mut().filter_map(Frame::as_step_mut) {
            if step.started.is_some() {
                step.paused += idle;
            }
        }
    }

    /// Frames of undos that are `once`, with all that is in them.
    fn not_to_repeat(&self) -> HashSet<FrameId> {
        let mut found = HashSet::new();
        for frame in self.frames() {
            let once = matches!(&frame.kind, Kind::Undo(undo) if undo.once);
            if once || frame.parent.is_some_and(|parent| found.contains(&parent)) {
                found.insert(frame.id);
            }
        }
        found
    }

    /// Looks of checks of which a part is over: it says how things stood before. What was only computed saw nothing.
    fn spoilt_looks(&self, plan: &Plan) -> HashSet<FrameId> {
        let (mut look_of, mut spoilt) = (HashMap::new(), HashSet::new());
        for frame in self.frames() {
            let Some(parent) = frame.parent.and_then(|parent| self.frame(parent)) else { continue };
            let own = matches!(parent.kind, Kind::Poll(_)).then_some(frame.id);
            let Some(look) = own.or_else(|| look_of.get(&parent.id).copied()) else { continue };
            look_of.insert(frame.id, look);
            if has_seen(plan, frame) {
                spoilt.insert(look);
            }
        }
        spoilt
    }
}

/// Whether something in it is over that saw how things stand.
fn has_seen(plan: &Plan, frame: &Frame) -> bool {
    let Some(group) = plan.group(frame.node) else { return frame.next > frame.slots.len() };
    let mut begun = group.children.iter().take(frame.next);
    begun.any(|child| frame.slot(*child).is_none() && !matches!(plan.op(*child), Some(Op::Eval(_))))
}

/// What holds is looked at once more, before anybody is asked; what a person said stands.
fn look_again(frame: &mut Frame) {
    if frame.context != Context::Forward {
        return;
    }
    if frame.slot(frame.node).is_some_and(holds) {
        frame.close(frame.node);
        match &mut frame.kind {
            Kind::Gate(_) => frame.slots.iter_mut().filter(|item| !is_said(item)).for_each(reopen),
            Kind::Step(step) => step.before = None,
            _ => {}
        }
    }
    frame.slots.iter_mut().filter(|slot| holds(slot)).for_each(reopen);
}

fn holds(slot: &Slot) -> bool {
    matches!(slot.fault, Some((Fault::Inconclusive, _)))
}

fn is_said(slot: &Slot) -> bool {
    slot.effect().is_some_and(|run| run.class == Class::Asks)
}

/// What a crash makes of an effect. It uses up no attempt.
fn interrupt(run: &mut EffectRun, safe_to_repeat: bool, now: jiff::Timestamp) {
    match run.status {
        Status::Waiting(_) => run.status = Status::Again,
        Status::Running => {
            run.forgiven += 1;
            run.clean &= run.class != Class::Changes;
            if safe_to_repeat || run.class != Class::Changes {
                run.status = Status::Again;
                return;
            }
            (run.status, run.cut_off, run.ended) = (Status::Failed(Outcome::Unknown), true, Some(now));
            run.note =
                ReplyNote { message: "bowline was interrupted while it ran".into(), ..ReplyNote::default() };
        }
        _ => {}
    }
}

/// A check looks once whatever the time, unless it is to begin its look anyway; a guard looks first, and its
/// blind gap is noted.
fn wake_watchers(frame: &mut Frame, looks_anew: bool) {
    match &mut frame.kind {
        Kind::Poll(poll) => (poll.must_look, poll.streak) = (!looks_anew, None),
        Kind::Scope(scope) if frame.unwind.is_none() && !frame.unwound => {
            for watch in &mut scope.watches {
                watch.blind = Some(watch.since);
                (watch.unnoted, watch.stale) = (true, watch.frame);
            }
        }
        _ => {}
    }
}
