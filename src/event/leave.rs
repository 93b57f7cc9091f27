//! Frames end: what they owe and bound passes on, and what their end means to the parent.

use super::apply::Move;
use super::unwind::take_owed;
use super::{Debt, Fault, Frame, FrameId, Kind, Open, Owed, Purpose, RunState, Status, Verdict};
use crate::plan::{Answer, Class, Loop, Plan, WatchKind};
use crate::value::Value;

impl RunState {
    pub(super) fn left(&mut self, plan: &Plan, id: FrameId, verdict: &Verdict) -> Move {
        let frame = self.get(id)?;
        if !frame.kids().is_empty() {
            return Err(format!("frame {} still has active frames", id.0));
        }
        if frame.slots.iter().any(|slot| in_flight(plan, slot)) {
            return Err(format!("frame {} still has running effects", id.0));
        }
        let parent = frame.parent.ok_or("the run's own frame is never left")?;
        let mut frame = self.frames.remove(&id).ok_or("no such frame")?;
        self.forget_effects(&frame.slots);
        keep_tail(&mut frame);
        self.mark_started(plan, &frame, matches!(verdict, Verdict::Failed(_)));
        self.own_debt(plan, &mut frame, verdict);
        self.pass_values(plan, parent, &mut frame, verdict)?;
        self.pass_owed(plan, parent, &mut frame)?;
        self.report_end(plan, parent, &frame, verdict)
    }

    pub(super) fn forget_effects(&mut self, slots: &[super::Slot]) {
        for effect in slots.iter().filter_map(super::Slot::effect) {
            self.effects.remove(&effect.id);
        }
    }

    /// What was started in a frame and did not fail clean makes its step owe its undo.
    fn mark_started(&mut self, plan: &Plan, frame: &Frame, failed: bool) {
        let Some(step) = frame.step else { return };
        let dirty = frame
            .slots
            .iter()
            .filter_map(super::Slot::effect)
            .any(|effect| !effect.clean && self.counts(plan, frame, effect.class));
        if let Some(step) = self.frames.get_mut(&step).and_then(Frame::as_step_mut) {
            step.dirty |= dirty;
            let forward = frame.context == super::Context::Forward;
            step.failed |= forward && (failed || frame.slots.iter().any(has_failed));
        }
    }

    /// Whether an effect of that class makes the step around a frame owe its undo.
    pub(super) fn counts(&self, plan: &Plan, frame: &Frame, class: Class) -> bool {
        let step = frame.step.and_then(|step| if step == frame.id { Some(frame) } else { self.frame(step) });
        plan.is_owed_for(step.map_or(Plan::ROOT, |step| step.node), class)
    }

    fn own_debt(&mut self, plan: &Plan, frame: &mut Frame, verdict: &Verdict) {
        let Kind::Step(state) = &frame.kind else { return };
        let mut failed = state.failed || matches!(verdict, Verdict::Failed(_));
        failed |= frame.slots.iter().any(has_failed);
        if matches!(verdict, Verdict::Passed | Verdict::InPlace) {
            self.step_ends.insert(frame.node, self.now);
            failed = false;
        }
        let debt = self.debt_of(plan, frame, &[frame], failed);
        if debt.as_ref().is_some_and(|debt| !debt.rollback && !debt.irreversible) {
            self.stands(frame.node);
        }
        frame.owed.extend(debt.map(Owed::Step));
        super::owed::sweep(&mut frame.owed);
    }

    /// What a step owes as it stands; `parts` are the frames of its body, itself included.
    pub(super) fn debt_of(&self, plan: &Plan, frame: &Frame, parts: &[&Frame], failed: bool) -> Option<Debt> {
        let (state, step) = (frame.as_step()?, plan.step(frame.node)?);
        let effects = || parts.iter().flat_map(|part| &part.slots).filter_map(super::Slot::effect);
        let started = state.dirty || effects().any(|run| !run.clean && self.counts(plan, frame, run.class));
        let nothing_left = step.atomic && failed && !state.doubt;
        if !started || nothing_left || frame.context != super::Context::Forward {
            return None;
        }
        let forward_only = self.committed && self.scope_of_parent(frame) == Self::ROOT;
        Some(Debt {
            step: frame.id,
            node: frame.node,
            turns: vec![],
            rollback: matches!(step.undo, Answer::Rollback(_)) && !forward_only,
            restore: step.restore.is_some(),
            irreversible: matches!(step.undo, Answer::Irreversible) && !forward_only,
        })
    }

    fn scope_of_parent(&self, frame: &Frame) -> FrameId {
        let Some(parent) = frame.parent.and_then(|parent| self.frame(parent)) else { return Self::ROOT };
        if parent.is_attempt_or_run() && frame.purpose != Purpose::Otherwise {
            parent.id
        } else {
            self.scope_of(parent.id)
        }
    }

    fn pass_values(&mut self, plan: &Plan, parent: FrameId, frame: &mut Frame, verdict: &Verdict) -> Move {
        if let Kind::For(state) = &mut frame.kind {
            for (var, map) in std::mem::take(&mut state.results) {
                self.set_var(parent, var, Value::Map(map.into()))?;
            }
        }
        let Some(vars) = frame.vars.take() else { return Ok(()) };
        frame.leave_to_debts(&vars);
        let up = match (frame.purpose, &self.get(parent)?.kind) {
            (Purpose::Turn(_), Kind::For(_)) => return self.collect(plan, parent, frame, &vars),
            (Purpose::Turn(_), _) => true,
            (Purpose::DoneWhen, Kind::Step(_)) => *verdict == Verdict::Passed,
            _ => false,
        };
        if up {
            self.vars_around(parent)?.extend(&vars);
        }
        Ok(())
    }

    /// A turn of a `for`: what it bound goes into maps by item.
    fn collect(&mut self, plan: &Plan, parent: FrameId, frame: &Frame, vars: &super::Vars) -> Move {
        let parent = self.get(parent)?;
        let Some(Loop::For { binds, .. }) = plan.loop_of(parent.node) else { return Ok(()) };
        let (Kind::For(state), Some(super::Key::Item(item))) = (&mut parent.kind, &frame.key) else {
            return Ok(());
        };
        for (var, value) in binds.iter().filter_map(|var| vars.get(*var).map(|value| (*var, value))) {
            let found = state.results.iter().position(|(known, _)| *known == var);
            let at = found.unwrap_or_else(|| {
                state.results.push((var, indexmap::IndexMap::new()));
                state.results.len() - 1
            });
            if let Some((_, map)) = state.results.get_mut(at) {
                map.insert(item.to_string(), value.clone());
            }
        }
        Ok(())
    }

    fn pass_owed(&mut self, plan: &Plan, parent: FrameId, frame: &mut Frame) -> Move {
        let mut owed = take_owed(plan, frame);
        if owed.is_empty() {
            return Ok(());
        }
        if self.committed && frame.is_attempt() && self.scope_of_parent(frame) == Self::ROOT {
            self.pass_by(&owed);
            super::owed::commit(&mut owed); // owed to the attempt only
        }
        let parallel = plan.is_parallel(self.get(parent)?.node);
        let target = self.get(parent)?;
        match frame.purpose {
            Purpose::Child(at) | Purpose::Turn(at) if parallel => target.branches.push((at, owed)),
            Purpose::Child(_) | Purpose::Turn(_) | Purpose::Otherwise if target.owed.is_empty() => {
                target.owed = owed;
            }
            Purpose::Child(_) | Purpose::Turn(_) | Purpose::Otherwise => target.owed.append(&mut owed),
            _ => {}
        }
        Ok(())
    }

    fn report_end(&mut self, plan: &Plan, parent: FrameId, frame: &Frame, verdict: &Verdict) -> Move {
        match frame.purpose {
            Purpose::Child(_) | Purpose::Turn(_) | Purpose::Otherwise => {
                self.close_slot(plan, parent, frame, verdict)
            }
            Purpose::DoneWhen => self.done_when_answered(parent, verdict),
            Purpose::Watch(at) => self.watch_looked(plan, parent, at, (frame.id, verdict)),
            Purpose::Handler(at) => {
                let scope = self.get(parent)?.as_scope_mut().ok_or("handlers belong to the run")?;
                (scope.handler, ()) = (None, scope.handled.push(at));
                Ok(())
            }
            Purpose::Undo(_) => self.undo_ended(parent, frame, verdict),
            Purpose::Run => Err("the run's own frame is never left".into()),
        }
    }

    fn close_slot(&mut self, plan: &Plan, parent: FrameId, frame: &Frame, verdict: &Verdict) -> Move {
        let tearing = self.is_failing(parent);
        let fault = match verdict {
            Verdict::Failed(why) if !tearing => Some((Fault::Failed, why.clone())),
            Verdict::Inconclusive(why) if !tearing => Some((Fault::Inconclusive, why.clone())),
            _ => None,
        };
        let fault = self.bind_verdict(plan, parent, frame, fault)?;
        let fault = self.note_turn(parent, frame, verdict, fault)?;
        if let (Some((_, why)), true) = (&fault, frame.failing.is_some() && self.may_unwind(parent)) {
            self.fail_scope(parent, why);
            return self.drop_slot(parent, frame.id);
        }
        let Some(fault) = fault else { return self.drop_slot(parent, frame.id) };
        let rejected = matches!(&frame.kind, Kind::Gate(gate) if gate.rejected.is_some());
        let fault = if rejected { (Fault::Decided, fault.1) } else { fault };
        let slot = self.get(parent)?.slots.iter_mut().find(|slot| slot.frame() == Some(frame.id));
        let slot = slot.ok_or("it does not stand open in its parent")?;
        (slot.open, slot.fault) = (Open::Nothing, Some(fault));
        slot.tail.clone_from(&frame.tail);
        Ok(())
    }

    fn drop_slot(&mut self, parent: FrameId, frame: FrameId) -> Move {
        self.get(parent)?.slots.retain(|slot| slot.frame() != Some(frame));
        Ok(())
    }

    /// `let x = check …` and `let x = gate …`: a "no" is a value.
    fn bind_verdict(
        &mut self,
        plan: &Plan,
        parent: FrameId,
        frame: &Frame,
        fault: Option<(Fault, String)>,
    ) -> Move<Option<(Fault, String)>> {
        let Some(var) = plan.verdict_var(frame.node) else { return Ok(fault) };
        let yes = match &fault {
            None => true,
            Some((Fault::Inconclusive, _)) => return Ok(fault),
            Some(_) => false,
        };
        self.set_var(parent, var, Value::Bool(yes))?;
        Ok(None)
    }

    /// A look of a check is over: its loop decides what it means.
    fn note_turn(
        &mut self,
        parent: FrameId,
        frame: &Frame,
        verdict: &Verdict,
        fault: Option<(Fault, String)>,
    ) -> Move<Option<(Fault, String)>> {
        let now = self.now;
        let target = self.get(parent)?;
        match (&mut target.kind, frame.purpose) {
            (Kind::Poll(poll), Purpose::Turn(_)) => {
                let passed = *verdict == Verdict::Passed;
                poll.streak = if passed { poll.streak.or(Some(now)) } else { None };
                poll.last = Some((verdict.clone(), now));
                target.tail.clone_from(&frame.tail);
                Ok(None)
            }
            (Kind::Scope(scope), Purpose::Otherwise) => {
                scope.otherwise = Some(verdict.clone());
                Ok(fault)
            }
            _ => Ok(fault),
        }
    }

    fn done_when_answered(&mut self, parent: FrameId, verdict: &Verdict) -> Move {
        match &mut self.get(parent)?.kind {
            // Nobody waited for the answer: it is asked once more where the step goes on.
            Kind::Step(step) if *verdict == Verdict::Stopped => {
                step.looking = None;
                Ok(())
            }
            Kind::Step(step) => {
                step.looking = None;
                step.doubt &= !matches!(verdict, Verdict::Failed(_));
                let answer = if step.started.is_some() { &mut step.settled } else { &mut step.before };
                *answer = Some(verdict.clone());
                Ok(())
            }
            Kind::Undo(undo) => {
                (undo.looking, undo.verified) = (None, Some(verdict.clone()));
                Ok(())
            }
            _ => Err("only a step asks `done when`".into()),
        }
    }

    fn watch_looked(&mut self, plan: &Plan, parent: FrameId, at: usize, look: (FrameId, &Verdict)) -> Move {
        let now = self.now;
        let (look, verdict) = look;
        let node = self.get(parent)?.node;
        let kind = plan.watch_of(node, at).map(|watch| watch.kind);
        let scope = self.get(parent)?.as_scope_mut().ok_or("watches belong to a phase")?;
        let watch = scope.watches.get_mut(at).ok_or("no such watch")?;
        (watch.frame, watch.since) = (None, now);
        if watch.stale.take() == Some(look) {
            return Ok(());
        }
        watch.blind = None;
        let why = match verdict {
            Verdict::Failed(why) | Verdict::Inconclusive(why) => why,
            Verdict::Passed | Verdict::InPlace => {
                watch.misses = 0;
                return Ok(());
            }
            Verdict::Stopped => return Ok(()),
        };
        watch.misses += 1;
        if let Some(WatchKind::Guard { misses, .. }) = kind
            && watch.misses >= misses.max(1)
        {
            watch.broken = Some(why.clone());
        }
        Ok(())
    }

    pub(super) fn listed(&mut self, frame: FrameId, items: &[Value]) -> Move {
        match &mut self.get(frame)?.kind {
            Kind::For(state) if state.items.is_none() => {
                let named = items.iter().map(|item| (super::enter::item_text(item), item.clone()));
                state.items = Some(named.collect());
                Ok(())
            }
            Kind::For(_) => Err("the list was read already".into()),
            _ => Err("only a `for` reads a list".into()),
        }
    }

    /// A step that is overdue is recorded so once; by an earlier bowline as a note.
    pub(super) fn noted(&mut self, frame: FrameId) {
        match self.frames.get_mut(&frame).map(|frame| &mut frame.kind) {
            Some(Kind::Scope(scope)) => scope.watches.iter_mut().for_each(|watch| watch.unnoted = false),
            Some(Kind::Step(step)) => step.late = true,
            _ => {}
        }
    }
}

/// What failed in a frame is gone with it; what it printed last is for whoever is asked about the frame.
fn keep_tail(frame: &mut Frame) {
    let effect = frame
        .slots
        .iter()
        .filter_map(super::Slot::effect)
        .find(|run| matches!(run.status, Status::Failed(_)));
    let inner = frame.slots.iter().map(|slot| &slot.tail).find(|tail| !tail.is_empty());
    if let Some(tail) = effect.map(|run| &run.note.tail).or(inner) {
        frame.tail = tail.clone();
    }
}

/// Whether what stands open there went wrong.
pub(super) fn has_failed(slot: &super::Slot) -> bool {
    let effect = slot.effect().map(|run| &run.status);
    slot.fault.is_some() || effect.is_some_and(|status| matches!(status, Status::Failed(_)))
}

/// Whether the host works on what stands open there. A timer is nobody's work.
fn in_flight(plan: &Plan, slot: &super::Slot) -> bool {
    slot.effect().is_some_and(|effect| effect.status == Status::Running) && !plan.is_timer(slot.node)
}
