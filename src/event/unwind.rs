//! Scopes fail and are unwound: which one a failure belongs to, what it takes, how its undos end.

use super::apply::Move;
use super::{Frame, FrameId, Owed, RunState, Undoing, Unwind, Verdict};
use crate::plan::{NodeId, Plan};

impl RunState {
    pub(super) fn undo_ended(&mut self, parent: FrameId, frame: &Frame, verdict: &Verdict) -> Move {
        let mut kept = vec![];
        let unwind = self.get(parent)?.unwind.as_mut().ok_or("nothing is unwound there")?;
        let debt = unwind.leave(frame.id, &mut kept).ok_or("that undo is not active")?;
        if unwind.what == Undoing::Restores {
            super::owed::restored(&mut self.get(parent)?.owed, debt.step);
        }
        self.kept.append(&mut kept);
        if !matches!(verdict, Verdict::Passed | Verdict::InPlace) {
            self.kept.push(debt);
        }
        Ok(())
    }

    /// Whether a scope around a frame, or itself, is to be unwound.
    #[must_use]
    pub fn is_failing(&self, frame: FrameId) -> bool {
        let mut at = Some(frame);
        while let Some(frame) = at.and_then(|id| self.frame(id)) {
            if matches!(frame.context, super::Context::Undo | super::Context::Handler) {
                return false;
            }
            if frame.failing.is_some() && frame.unwind.is_none() && !frame.unwound {
                return true;
            }
            at = frame.parent;
        }
        false
    }

    /// Whether a frame owes a rollback or restore.
    #[must_use]
    pub fn owes_undo(&self, frame: FrameId) -> bool {
        let Some(frame) = self.frame(frame) else { return false };
        let mut owes = false;
        let lists = frame.branches.iter().flat_map(|(_, owed)| owed).chain(&frame.owed);
        lists.for_each(|owed| owed.each(&mut |debt| owes |= debt.rollback || debt.restore));
        owes
    }

    /// Whether a failure in a frame may unwind its scope: not the run once the commit is passed.
    #[must_use]
    pub fn may_unwind(&self, frame: FrameId) -> bool {
        !self.committed || self.scope_of_inner(frame) != Self::ROOT
    }

    /// Marks the scope of a frame as to be unwound. The first reason stays.
    pub(super) fn fail_scope(&mut self, frame: FrameId, why: &str) {
        let scope = self.scope_of_inner(frame);
        if let Some(scope) = self.frames.get_mut(&scope) {
            scope.failing.get_or_insert_with(|| why.to_owned());
        }
    }

    /// The scope for something that failed directly in a frame (which may itself be the scope).
    #[must_use]
    pub fn scope_of_inner(&self, frame: FrameId) -> FrameId {
        match self.frame(frame) {
            Some(own) if own.is_attempt_or_run() && !own.unwound => frame,
            _ => self.scope_of(frame),
        }
    }

    pub(super) fn unwinding(&mut self, plan: &Plan, frame: FrameId, what: Undoing) -> Move {
        let mut kept = vec![];
        let target = self.get(frame)?;
        let between = target.unwind.as_ref().is_none_or(Unwind::is_between_restores);
        if !between || !target.kids().is_empty() {
            return Err("something in the scope is still active".into());
        }
        let open = std::mem::take(&mut target.slots);
        target.owed = take_owed(plan, target);
        let unwind = Unwind::begin(what, &mut target.owed, &mut kept);
        let undoes = what == Undoing::All && !unwind.is_empty();
        target.unwind = Some(unwind);
        self.undid |= undoes;
        self.kept.append(&mut kept);
        self.forget_effects(&open);
        if frame == Self::ROOT {
            self.cancels = 0;
        }
        Ok(())
    }

    pub(super) fn unwound(&mut self, frame: FrameId) -> Move {
        let target = self.get(frame)?;
        if !target.unwind.as_ref().is_some_and(Unwind::is_empty) {
            return Err("something is still to be undone".into());
        }
        (target.unwind, target.unwound) = (None, true);
        target.close(target.node);
        Ok(())
    }

    pub(super) fn pass_commit(&mut self, plan: &Plan, frame: FrameId, node: NodeId) -> Move {
        self.advance(plan, frame, node)?;
        self.committed = true;
        let lists = |frame: &Frame| {
            frame.branches.iter().flat_map(|(_, owed)| owed).chain(&frame.owed).cloned().collect::<Vec<_>>()
        };
        let passed: Vec<Owed> = self.frames.values().flat_map(lists).collect();
        self.pass_by(&passed);
        for frame in self.frames.values_mut() {
            let lists = frame.branches.iter_mut().map(|(_, owed)| owed).chain([&mut frame.owed]);
            lists.for_each(super::owed::commit);
        }
        Ok(())
    }
}

/// What a frame owes, of its parallel children too.
pub(super) fn take_owed(plan: &Plan, frame: &mut Frame) -> Vec<Owed> {
    let mut owed = std::mem::take(&mut frame.owed);
    let mut branches = std::mem::take(&mut frame.branches);
    if !branches.is_empty() {
        branches.sort_by_key(|(at, _)| *at);
        let branches = branches.into_iter().map(|(_, owed)| owed).collect();
        owed.push(Owed::Parallel { limit: plan.limit_of(frame.node), branches });
    }
    owed
}
