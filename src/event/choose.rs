//! Decisions about what failed, is unknown, holds or is stuck.

use super::apply::Move;
use super::{
    Asked, Choice, Context, Fact, Fault, Frame, FrameId, Kind, Open, PassedOver, Purpose, RunState,
    Settlement, Site, Slot, Status, step_around,
};
use crate::plan::{Class, Plan};
use crate::value::Value;

/// What a person said, who, and the words beside it.
type Said<'a, T> = (&'a T, Option<&'a str>, Option<&'a str>);

/// Who said something, and the words beside it.
type Words<'a> = (Option<&'a str>, Option<&'a str>);

impl RunState {
    /// What somebody, or the policy, decided or settled.
    pub(super) fn chosen(&mut self, plan: &Plan, fact: &Fact) -> Move {
        match fact {
            Fact::Decided { frame, node, choice, by, note } => {
                let by = by.as_ref().map(|by| by.name.as_str());
                self.decided(plan, Site { frame: *frame, node: *node }, (choice, by, note.as_deref()))
            }
            Fact::Settled { frame, node, how, by, note } => {
                let said = (how, Some(by.name.as_str()), note.as_deref());
                self.settled(plan, Site { frame: *frame, node: *node }, said)
            }
            _ => Err("nothing was decided".into()),
        }
    }

    fn settled(&mut self, plan: &Plan, site: Site, (how, by, note): Said<'_, Settlement>) -> Move {
        if let Kind::Undo(undo) = &mut self.get(site.frame)?.kind {
            undo.unverified = None;
        }
        let choice = match how {
            Settlement::Again => Choice::Retry,
            Settlement::Done(why) => Choice::ByHand(why.clone()),
            Settlement::Skip(why) => Choice::GoOn(why.clone()),
            Settlement::Rollback => Choice::Rollback,
            Settlement::GiveUp(why) => Choice::GiveUp(why.clone()),
        };
        self.decided(plan, site, (&choice, by, note))
    }

    fn decided(&mut self, plan: &Plan, site: Site, said: Said<'_, Choice>) -> Move {
        let (choice, by, note) = said;
        let Site { frame, node } = site;
        let slot = self.get(frame)?.slot_mut(node).ok_or("nothing failed there")?;
        let failed = slot.effect().is_none_or(|run| matches!(run.status, Status::Failed(_)));
        if slot.frame().is_some() || !failed {
            return Err("nothing failed there".into());
        }
        if let Asked::Open(question) = std::mem::take(&mut slot.question) {
            self.effects.remove(&question);
        }
        if matches!(choice, Choice::Retry | Choice::ByHand(_) | Choice::GoOn(_) | Choice::Waive { .. }) {
            let now = self.now;
            self.go_on_in_spite(site);
            self.on_step(frame, |step| {
                step.failed = false;
                step.restart_clock(now);
            });
        }
        match choice {
            Choice::Leave => self.leave_it(site),
            Choice::Retry => self.retry(site),
            Choice::ByHand(why) => self.pass_over(plan, site, why, true),
            Choice::GoOn(why) => self.pass_over(plan, site, why, false),
            Choice::Rollback => self.roll_back(plan, site, (by, note)),
            Choice::Waive { until, .. } => self.waive(plan, site, *until),
            Choice::GiveUp(why) => self.give_up(site.frame, why),
            Choice::Run => self.let_go(site),
        }
    }

    /// Asked about what failed while stop was asked for, somebody said that it goes on: that is newer than the wish.
    fn go_on_in_spite(&mut self, site: Site) {
        let scope = |frame: &Frame| frame.node == site.node && frame.as_scope().is_some();
        let forward = |frame: &Frame| frame.context == Context::Forward && !scope(frame);
        if self.cancels == 1 && self.frame(site.frame).is_some_and(forward) {
            self.cancels = 0;
        }
    }

    /// A step that was asked about begins.
    fn let_go(&mut self, site: Site) -> Move {
        let frame = self.get(site.frame)?;
        let gate = frame.node == site.node && frame.slot(site.node).is_some_and(Slot::is_gate);
        match &mut frame.kind {
            Kind::Step(step) if gate => step.let_go = true,
            _ => return Err("no step was asked about there".into()),
        }
        frame.close(site.node);
        Ok(())
    }

    fn leave_it(&mut self, site: Site) -> Move {
        self.slot_at(site)?.question = Asked::Left;
        Ok(())
    }

    fn slot_at(&mut self, site: Site) -> Move<&mut Slot> {
        self.get(site.frame)?.slot_mut(site.node).ok_or_else(|| "nothing stands open there".into())
    }

    fn retry(&mut self, site: Site) -> Move {
        if self.get(site.frame)?.node == site.node && self.slot_at(site)?.effect().is_none() {
            return self.retry_frame(site);
        }
        let in_undo = self.get(site.frame)?.context == Context::Undo;
        let slot = self.slot_at(site)?;
        reopen(slot);
        if in_undo && self.slot_at(site)?.effect().is_none() {
            return self.restart_undo(site.frame);
        }
        Ok(())
    }

    /// Once more for a frame as a whole: its arming, its gate's open items, its guards, its undo, the cancelled run.
    fn retry_frame(&mut self, site: Site) -> Move {
        let root = site.frame == Self::ROOT;
        let frame = self.get(site.frame)?;
        frame.close(site.node);
        let undoing = frame.is_undoing();
        match &mut frame.kind {
            Kind::Gate(_) => frame.slots.iter_mut().for_each(reopen),
            Kind::Step(step) => step.before = None,
            Kind::Scope(scope) => {
                for watch in &mut scope.watches {
                    (watch.broken, watch.misses) = (None, 0);
                }
                if root || undoing {
                    self.cancels = if root { 0 } else { self.cancels.min(1) };
                }
            }
            Kind::Undo(undo) => {
                (undo.verified, frame.next) = (None, 0);
                frame.slots.clear();
            }
            _ => {}
        }
        Ok(())
    }

    /// An undo whose own verification failed is done again from its start: undos are safe to repeat.
    fn restart_undo(&mut self, inner: FrameId) -> Move {
        let mut at = inner;
        while !matches!(self.get(at)?.purpose, Purpose::Undo(_)) {
            let parent = self.get(at)?.parent.ok_or("that is no undo")?;
            self.frames.remove(&at);
            at = parent;
        }
        let node = self.get(at)?.node;
        self.get(at)?.slots.clear();
        self.retry_frame(Site { frame: at, node })
    }

    fn pass_over(&mut self, plan: &Plan, site: Site, why: &str, by_hand: bool) -> Move {
        let frame = self.get(site.frame)?;
        let (own, context) = (frame.node == site.node, frame.context);
        if own && matches!(frame.kind, Kind::Scope(_)) {
            return self.retry_frame(site);
        }
        self.passed_over.push(PassedOver { node: site.node, why: why.to_owned(), by_hand });
        if context == Context::Undo && (own || !by_hand) {
            return self.settle_undo(site.frame, by_hand);
        }
        let frame = self.get(site.frame)?;
        match &mut frame.kind {
            Kind::Step(step) if own => {
                (step.waived, step.dirty) = (true, step.dirty || by_hand);
                frame.close(site.node);
                Ok(())
            }
            _ if own => Err("only a retry or a rejection settles that".into()),
            _ => self.close_passed(plan, site, by_hand),
        }
    }

    /// What failed clean and was not done by hand either owes nothing; nor does a step whose failure leaves
    /// nothing behind.
    fn close_passed(&mut self, plan: &Plan, site: Site, by_hand: bool) -> Move {
        if !by_hand && self.left_nothing(plan, site)? {
            self.on_step(site.frame, |step| step.dirty = false);
            return self.close_effect(plan, site, Class::Looks);
        }
        let run = self.slot_at(site)?.effect();
        match run.map(|run| (run.class, run.clean && !by_hand)) {
            Some((class, false)) => self.close_effect(plan, site, class),
            Some((_, true)) => self.close_effect(plan, site, Class::Looks),
            None => {
                self.get(site.frame)?.close(site.node);
                Ok(())
            }
        }
    }

    /// Whether a changing effect failed in an `atomic` step in which nothing is in doubt.
    fn left_nothing(&mut self, plan: &Plan, site: Site) -> Move<bool> {
        let changes = self.slot_at(site)?.effect().is_some_and(|run| run.class == Class::Changes);
        let atomic = step_around(plan, self, site.frame).is_some_and(|step| step.atomic);
        let mut clear = false;
        self.on_step(site.frame, |step| clear = !step.doubt);
        Ok(changes && atomic && clear)
    }

    fn settle_undo(&mut self, mut at: FrameId, done: bool) -> Move {
        loop {
            let frame = self.get(at)?;
            match (&mut frame.kind, frame.parent) {
                (Kind::Undo(undo), _) => break undo.settled = Some(done),
                (_, Some(parent)) => at = parent,
                (_, None) => return Err("that is no undo".into()),
            }
        }
        Ok(())
    }

    fn roll_back(&mut self, plan: &Plan, site: Site, said: Words<'_>) -> Move {
        let frame = self.get(site.frame)?;
        if matches!(frame.context, Context::Undo | Context::Handler) {
            return Err("an undo is not rolled back".into());
        }
        if matches!(frame.kind, Kind::Gate(_)) {
            return self.reject(site, said);
        }
        if frame.is_undoing() {
            return self.retry_frame(site);
        }
        let held = self.slot_at(site)?.fault.as_ref().is_some_and(|fault| fault.0 == Fault::Inconclusive);
        if let (true, Some(var), Some(_)) = (held, plan.verdict_var(site.node), plan.loop_of(site.node)) {
            self.get(site.frame)?.close(site.node);
            return self.set_var(site.frame, var, Value::Bool(false));
        }
        if !self.may_unwind(site.frame) {
            return Err("after the commit nothing is rolled back".into());
        }
        let why = self.reason(site, said)?;
        self.fail_scope(site.frame, &why);
        Ok(())
    }

    /// A rejected gate ends at once.
    fn reject(&mut self, site: Site, said: Words<'_>) -> Move {
        let why = self.reason(site, said)?;
        let frame = self.get(site.frame)?;
        if let Kind::Gate(gate) = &mut frame.kind {
            gate.rejected = Some(why);
        }
        Ok(())
    }

    /// Why it ends: what failed there, else who did not want it to begin, and why.
    fn reason(&mut self, site: Site, (by, note): Words<'_>) -> Move<String> {
        let slot = self.slot_at(site)?;
        if slot.is_gate() {
            let by = by.map(|by| format!(" by {by}")).unwrap_or_default();
            let note = note.map(|note| format!(": {note}")).unwrap_or_default();
            return Ok(format!("rolled back{by} before it began{note}"));
        }
        let of_effect = || slot.effect().map(|run| run.note.message.clone());
        let why = slot.fault.as_ref().map(|fault| fault.1.clone()).or_else(of_effect).unwrap_or_default();
        let held = slot.fault.as_ref().is_some_and(|fault| fault.0 == Fault::Inconclusive);
        Ok(match (by, note) {
            (Some(by), Some(note)) if held => format!("{why}; rejected by {by}: {note}"),
            _ => why,
        })
    }

    fn give_up(&mut self, frame: FrameId, why: &str) -> Move {
        if !self.committed {
            return Err("giving up is for after the commit".into());
        }
        if self.get(frame)?.context == Context::Undo {
            return Err("an undo is done again, by hand, or left undone".into());
        }
        self.given_up = Some(why.to_owned());
        self.get(Self::ROOT)?.failing = Some(why.to_owned());
        Ok(())
    }
}

/// Puts a child that failed back to where it can begin once more.
pub(super) fn reopen(slot: &mut Slot) {
    (slot.fault, slot.retrying) = (None, false);
    match &mut slot.open {
        Open::Effect(run) => (run.status, run.forgiven) = (Status::Again, run.attempt),
        open => *open = Open::Again,
    }
}
