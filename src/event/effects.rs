//! Effects begin, end, wait for people and times, and are interrupted by a crash.

use super::apply::{End, Move};
use super::{
    Asked, Begun, EffectId, EffectRun, Frame, FrameId, Holder, Kind, Open, Outcome, ReplyNote, RunState,
    Site, Slot, Status,
};
use crate::plan::{Act, Class, NodeId, Op, Plan, Step};
use crate::value::{Value, VarId};

impl RunState {
    pub(super) fn began(&mut self, plan: &Plan, begun: &Begun) -> Move {
        let site = Site { frame: begun.frame, node: begun.node };
        if begun.attempt == 0 {
            self.new_effect(begun.effect, site)?;
            let cancels = self.cancels;
            let slot = self.asked_slot(site)?;
            (slot.question, slot.asked_at) = (Asked::Open(begun.effect), cancels);
            return Ok(());
        }
        if self.effects.get(&begun.effect) == Some(&site) {
            return self.began_again(begun);
        }
        self.new_effect(begun.effect, site)?;
        let own = self.get(begun.frame)?.node == begun.node;
        let index =
            if own { self.own_index(begun.frame)? } else { self.advance(plan, begun.frame, begun.node)? };
        if is_lock(plan, begun.node) {
            self.wanted.insert(begun.effect, None);
        }
        let class = plan.class_of(begun.node);
        let run = self.fresh(begun, class);
        self.get(begun.frame)?.slots.push(Slot::new(begun.node, index, Open::Effect(Box::new(run))));
        self.start_clock(begun.frame, own);
        Ok(())
    }

    /// Where a question stands that no node asks: at what failed, or at a step before it begins.
    fn asked_slot(&mut self, site: Site) -> Move<&mut Slot> {
        let frame = self.get(site.frame)?;
        let fresh = frame.node == site.node && frame.next == 0 && frame.slots.is_empty();
        if fresh && matches!(frame.kind, Kind::Step(_)) {
            frame.slots.push(Slot::new(site.node, 0, Open::Nothing));
        }
        frame.slot_mut(site.node).ok_or_else(|| "nothing failed there".into())
    }

    fn own_index(&mut self, frame: FrameId) -> Move<usize> {
        let frame = self.get(frame)?;
        let node = frame.node;
        frame.close(node);
        Ok(frame.next)
    }

    fn new_effect(&mut self, effect: EffectId, site: Site) -> Move {
        if effect.0 != self.next_effect {
            return Err(format!("expected effect {}", self.next_effect));
        }
        self.next_effect += 1;
        self.effects.insert(effect, site);
        Ok(())
    }

    fn fresh(&self, begun: &Begun, class: Class) -> EffectRun {
        EffectRun {
            id: begun.effect,
            class,
            attempt: begun.attempt,
            forgiven: 0,
            first: self.now,
            began: self.now,
            ended: None,
            status: Status::Running,
            cut_off: false,
            alive: false,
            clean: true,
            note: ReplyNote::default(),
            child: None,
            on: begun.on.clone(),
            ballot: None,
        }
    }

    fn began_again(&mut self, begun: &Begun) -> Move {
        let now = self.now;
        self.get(begun.frame)?.slot_mut(begun.node).ok_or("it stands open nowhere")?.retrying = false;
        let run = self.effect_mut(begun.effect)?;
        if run.status == Status::Running {
            return Err(format!("effect {} is in flight", begun.effect.0));
        }
        (run.attempt, run.began, run.ended, run.status) = (begun.attempt, now, None, Status::Running);
        (run.child, run.cut_off) = (None, false);
        run.on.clone_from(&begun.on);
        Ok(())
    }

    /// A step's timeout counts from its first effect.
    fn start_clock(&mut self, frame: FrameId, arming: bool) {
        let now = self.now;
        let step = self.frame(frame).and_then(|frame| frame.step).filter(|_| !arming);
        let Some(step) = step.and_then(|step| self.frames.get_mut(&step)) else { return };
        if let Some(step) = step.as_step_mut() {
            step.started.get_or_insert(now);
        }
    }

    pub(super) fn effect_mut(&mut self, effect: EffectId) -> Move<&mut EffectRun> {
        let site = self.site(effect).ok_or_else(|| format!("effect {} is not open", effect.0))?;
        let slot = self.get(site.frame)?.slot_mut(site.node);
        slot.and_then(Slot::effect_mut).ok_or_else(|| format!("effect {} is not open", effect.0))
    }

    pub(super) fn ended(&mut self, plan: &Plan, effect: EffectId, end: End<'_>) -> Move {
        let End { outcome, values, note } = end;
        let (outcome, alive) = match outcome {
            Outcome::Alive => (Outcome::Unknown, true),
            other => (other, false),
        };
        let site = self.site(effect).ok_or_else(|| format!("effect {} is not open", effect.0))?;
        let slot = self.get(site.frame)?.slot_mut(site.node).ok_or("it stands open nowhere")?;
        if slot.question == Asked::Open(effect) {
            slot.question = Asked::No;
            self.effects.remove(&effect);
            return Ok(());
        }
        let now = self.now;
        let run = self.effect_mut(effect)?;
        if !is_open(run) {
            return Err(format!("effect {} is not in flight", effect.0));
        }
        (run.ended, run.note, run.alive) = (Some(now), note.clone(), alive);
        let people = (run.class == Class::Asks).then(|| now.duration_since(run.began));
        run.clean &= outcome == Outcome::FailedClean;
        // A notice that nobody took is recorded as failed, and changes nothing else.
        let passes = outcome == Outcome::Done || is_notice(plan, site.node);
        if !passes {
            run.status = Status::Failed(outcome);
        }
        if outcome != Outcome::Unknown {
            run.ballot = None;
        }
        let class = run.class;
        self.on_step(site.frame, |step| {
            step.paused += people.unwrap_or_default();
            if outcome == Outcome::Unknown {
                (step.settled, step.doubt) = (None, true);
            }
        });
        if passes { self.done(plan, site, class, values) } else { Ok(()) }
    }

    fn done(&mut self, plan: &Plan, site: Site, class: Class, values: &[(VarId, Value)]) -> Move {
        for (var, value) in values {
            self.set_var(site.frame, *var, value.clone())?;
        }
        self.close_effect(plan, site, class)?;
        let frame = self.get(site.frame)?;
        if frame.node == site.node
            && let Kind::Step(step) = &mut frame.kind
        {
            step.armed = true;
        }
        Ok(())
    }

    /// Closes an effect that counts as done; its step owes its undo if it changed the world.
    pub(super) fn close_effect(&mut self, plan: &Plan, site: Site, class: Class) -> Move {
        let frame = self.frame(site.frame).ok_or("its frame is not active")?;
        let counts = frame.node != site.node && self.counts(plan, frame, class);
        self.on_step(site.frame, |step| step.dirty |= counts);
        let slot = self.get(site.frame)?.slot(site.node).and_then(Slot::effect).map(|run| run.id);
        if let Some(id) = slot {
            self.effects.remove(&id);
            self.wanted.remove(&id);
        }
        self.get(site.frame)?.close(site.node);
        Ok(())
    }

    /// Changes the state of the step around a frame.
    pub(super) fn on_step(&mut self, frame: FrameId, change: impl FnOnce(&mut super::StepState)) {
        let step = self.frame(frame).and_then(|frame| frame.step);
        if let Some(step) = step.and_then(|step| self.frames.get_mut(&step)).and_then(Frame::as_step_mut) {
            change(step);
        }
    }

    /// What failed there is tried again.
    pub(super) fn retrying(&mut self, frame: FrameId, node: NodeId) -> Move {
        let slot = self.get(frame)?.slot_mut(node).filter(|slot| super::leave::has_failed(slot));
        slot.ok_or("nothing failed there")?.retrying = true;
        Ok(())
    }

    pub(super) fn due(&mut self, frame: FrameId, node: NodeId) -> Move {
        let slot = self.get(frame)?.slot(node).and_then(Slot::effect);
        let id = slot.filter(|run| run.status == Status::Running).map(|run| run.id);
        let id = id.ok_or("nothing waits there")?;
        self.effects.remove(&id);
        self.get(frame)?.close(node);
        Ok(())
    }

    pub(super) fn unanswered(&mut self, effect: EffectId, why: &str) -> Move {
        let site = self.site(effect).ok_or_else(|| format!("effect {} is not open", effect.0))?;
        let slot = self.get(site.frame)?.slot_mut(site.node).ok_or("it stands open nowhere")?;
        if slot.question == Asked::Open(effect) {
            slot.question = Asked::Nobody;
            self.effects.remove(&effect);
            return Ok(());
        }
        self.effect_mut(effect)?.status = Status::Waiting(why.to_owned());
        Ok(())
    }

    pub(super) fn held(&mut self, effect: EffectId, by: &Holder) -> Move {
        let wanted = self.wanted.get_mut(&effect).ok_or_else(|| format!("effect {} is no lock", effect.0))?;
        *wanted = Some(by.clone());
        self.effect_mut(effect)?.status = Status::Waiting(format!("run {} holds `{}`", by.run, by.lock));
        Ok(())
    }
}

fn is_lock(plan: &Plan, node: NodeId) -> bool {
    matches!(plan.op(node), Some(Op::Do(effect)) if matches!(effect.act, Act::Lock(_)))
}

/// Whether an attempt can end: it is in flight, or a question that nobody is asked now, and whose time is over.
fn is_open(run: &EffectRun) -> bool {
    let taken_back = matches!(run.status, Status::Again | Status::Failed(Outcome::Unknown));
    matches!(run.status, Status::Running | Status::Waiting(_)) || (taken_back && run.class == Class::Asks)
}

/// Whether a node says something on a channel.
fn is_notice(plan: &Plan, node: NodeId) -> bool {
    let op = plan.op(node);
    matches!(op, Some(Op::Do(effect)) if matches!(effect.act, Act::Notify { .. }))
}

/// The step's options at a frame, if it stands in one.
#[must_use]
pub fn step_around<'a>(plan: &'a Plan, state: &RunState, frame: FrameId) -> Option<&'a Step> {
    let step = state.frame(frame)?.step?;
    plan.step(state.frame(step)?.node)
}
