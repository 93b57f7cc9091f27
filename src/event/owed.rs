//! What is owed: rollbacks and restores in the structure in which their steps ran, and their unwinding.
//!
//! A list is oldest first and unwinds from its end; parallel branches unwind side by side.

use std::sync::Arc;

use super::{FrameId, Turn, Undoing};
use crate::plan::NodeId;

/// What one step left behind.
#[derive(Clone, Debug, PartialEq)]
pub struct Debt {
    /// The frame that the step ran in; tells instances apart.
    pub step: FrameId,
    /// The step's node.
    pub node: NodeId,
    /// The loop turns it stood in, innermost first; the other values are in the scope that unwinds.
    pub turns: Vec<Arc<Turn>>,
    /// Whether its rollback is owed.
    pub rollback: bool,
    /// Whether its restore is owed.
    pub restore: bool,
    /// Whether it is irreversible and stays.
    pub irreversible: bool,
}

/// An entry of a list of what is owed.
#[derive(Clone, Debug, PartialEq)]
pub enum Owed {
    /// One step.
    Step(Debt),
    /// Branches that ran side by side.
    Parallel {
        /// At most so many at once.
        limit: Option<u32>,
        /// A list each, in the order written.
        branches: Vec<Vec<Owed>>,
    },
}

impl Owed {
    /// Calls `visit` for each step in it.
    pub fn each<'o>(&'o self, visit: &mut impl FnMut(&'o Debt)) {
        match self {
            Self::Step(debt) => visit(debt),
            Self::Parallel { branches, .. } => branches.iter().flatten().for_each(|owed| owed.each(visit)),
        }
    }

    pub(super) fn each_mut(&mut self, visit: &mut impl FnMut(&mut Debt)) {
        match self {
            Self::Step(debt) => visit(debt),
            Self::Parallel { branches, .. } => {
                branches.iter_mut().flatten().for_each(|owed| owed.each_mut(visit));
            }
        }
    }

    /// Whether nothing in it asks for anything.
    fn is_settled(&self) -> bool {
        let mut settled = true;
        self.each(&mut |debt| settled &= !(debt.rollback || debt.restore || debt.irreversible));
        settled
    }

    /// Its restores alone.
    fn restores(&self) -> Self {
        let mut restores = self.clone();
        restores.each_mut(&mut |debt| (debt.rollback, debt.irreversible) = (false, false));
        restores
    }
}

/// Past the point of no return a list owes its restores only.
pub(super) fn commit(list: &mut Vec<Owed>) {
    let restores_only = |debt: &mut Debt| (debt.rollback, debt.irreversible) = (false, false);
    list.iter_mut().for_each(|owed| owed.each_mut(&mut { restores_only }));
    sweep(list);
}

/// Notes in a list that the restore of a step is done.
pub(super) fn restored(list: &mut Vec<Owed>, step: FrameId) {
    let same = |debt: &mut Debt| debt.restore &= debt.step != step;
    list.iter_mut().for_each(|owed| owed.each_mut(&mut { same }));
    sweep(list);
}

/// Drops entries that ask for nothing more.
pub(super) fn sweep(list: &mut Vec<Owed>) {
    list.retain(|owed| !owed.is_settled());
}

/// Whether any restore is in it.
#[must_use]
pub fn has_restores(list: &[Owed]) -> bool {
    let mut found = false;
    list.iter().for_each(|owed| owed.each(&mut |debt| found |= debt.restore));
    found
}

/// A scope being unwound.
#[derive(Clone, Debug, PartialEq)]
pub struct Unwind {
    /// What of it.
    pub what: Undoing,
    /// The work.
    pub lane: Lane,
}

/// A sequence of undos, worked off from the end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lane {
    /// What is left, next at the end.
    pub todo: Vec<Owed>,
    /// What is being undone.
    pub now: Option<Box<Undoes>>,
}

/// What a lane is at.
#[derive(Clone, Debug, PartialEq)]
pub enum Undoes {
    /// The rollback or restore in that frame.
    One {
        /// The frame.
        frame: FrameId,
        /// Whose; what is still set after this one is undone next.
        debt: Debt,
    },
    /// Lanes side by side.
    Fork {
        /// At most so many at once.
        limit: Option<u32>,
        /// Not yet begun, next at the end.
        waiting: Vec<Vec<Owed>>,
        /// Begun.
        lanes: Vec<Lane>,
    },
}

impl Unwind {
    /// Takes what is owed out of a list and starts on it. Restores stay in the list until each is done, so
    /// that they can be interrupted.
    pub(super) fn begin(what: Undoing, owed: &mut Vec<Owed>, kept: &mut Vec<Debt>) -> Self {
        let todo = match what {
            Undoing::All => std::mem::take(owed),
            Undoing::Restores => {
                let mut restores: Vec<Owed> = owed.iter().map(Owed::restores).collect();
                sweep(&mut restores);
                restores
            }
        };
        let mut unwind = Self { what, lane: Lane { todo, now: None } };
        unwind.lane.settle(kept);
        unwind
    }

    /// Whether it is a scope's restores, and none of them has begun and not ended.
    #[must_use]
    pub fn is_between_restores(&self) -> bool {
        self.what == Undoing::Restores && self.frames().is_empty()
    }

    /// Whether nothing is left to undo.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lane.is_empty()
    }

    /// Undoes that can begin now.
    #[must_use]
    pub fn ready(&self) -> Vec<&Debt> {
        let mut ready = vec![];
        self.lane.ready(&mut ready);
        ready
    }

    /// Frames of undos that have begun.
    #[must_use]
    pub fn frames(&self) -> Vec<FrameId> {
        let mut frames = vec![];
        self.lane.frames(&mut frames);
        frames
    }

    /// The steps whose undo is still owed, in the order in which they will be undone.
    #[must_use]
    pub fn outstanding(&self) -> Vec<&Debt> {
        let mut all = vec![];
        self.lane.outstanding(&mut all);
        all
    }

    pub(super) fn each_mut(&mut self, visit: &mut impl FnMut(&mut Debt)) {
        self.lane.each_mut(visit);
    }

    /// Marks the undo of a step as begun in a frame; `None` if it is not its turn.
    pub(super) fn enter(&mut self, step: FrameId, frame: FrameId) -> Option<()> {
        self.lane.enter(step, frame)
    }

    /// Marks the undo in a frame as over.
    pub(super) fn leave(&mut self, frame: FrameId, kept: &mut Vec<Debt>) -> Option<Debt> {
        let debt = self.lane.leave(frame);
        self.lane.settle(kept);
        debt
    }
}

impl Lane {
    fn is_empty(&self) -> bool {
        self.todo.is_empty() && self.now.is_none()
    }

    fn ready<'a>(&'a self, ready: &mut Vec<&'a Debt>) {
        match (self.now.as_deref(), self.todo.last()) {
            (None, Some(Owed::Step(debt))) => ready.push(debt),
            (Some(Undoes::Fork { lanes, .. }), _) => lanes.iter().for_each(|lane| lane.ready(ready)),
            _ => {}
        }
    }

    fn frames(&self, frames: &mut Vec<FrameId>) {
        match self.now.as_deref() {
            Some(Undoes::One { frame, .. }) => frames.push(*frame),
            Some(Undoes::Fork { lanes, .. }) => lanes.iter().for_each(|lane| lane.frames(frames)),
            None => {}
        }
    }

    fn outstanding<'a>(&'a self, all: &mut Vec<&'a Debt>) {
        match self.now.as_deref() {
            Some(Undoes::One { debt, .. }) => all.push(debt),
            Some(Undoes::Fork { lanes, waiting, .. }) => {
                lanes.iter().for_each(|lane| lane.outstanding(all));
                waiting.iter().rev().for_each(|list| list_outstanding(list, all));
            }
            None => {}
        }
        list_outstanding(&self.todo, all);
    }

    fn each_mut(&mut self, visit: &mut impl FnMut(&mut Debt)) {
        match self.now.as_deref_mut() {
            Some(Undoes::One { debt, .. }) => visit(debt),
            Some(Undoes::Fork { lanes, waiting, .. }) => {
                for lane in lanes {
                    lane.each_mut(visit);
                }
                waiting.iter_mut().flatten().for_each(|owed| owed.each_mut(visit));
            }
            None => {}
        }
        self.todo.iter_mut().for_each(|owed| owed.each_mut(visit));
    }

    fn enter(&mut self, step: FrameId, frame: FrameId) -> Option<()> {
        if let Some(Undoes::Fork { lanes, .. }) = self.now.as_deref_mut() {
            return lanes.iter_mut().find_map(|lane| lane.enter(step, frame));
        }
        match self.todo.last() {
            Some(Owed::Step(debt)) if debt.step == step && self.now.is_none() => {}
            _ => return None,
        }
        let Some(Owed::Step(debt)) = self.todo.pop() else { return None };
        self.now = Some(Box::new(Undoes::One { frame, debt }));
        Some(())
    }

    /// One undo is over; if the step's restore is still owed after its rollback, it comes next.
    fn leave(&mut self, ended: FrameId) -> Option<Debt> {
        match self.now.as_deref_mut()? {
            Undoes::Fork { lanes, .. } => lanes.iter_mut().find_map(|lane| lane.leave(ended)),
            Undoes::One { frame, debt } if *frame == ended => {
                let done = debt.clone();
                let rest = Debt { rollback: false, restore: done.rollback && done.restore, ..done.clone() };
                self.now = None;
                self.todo.push(Owed::Step(rest));
                Some(done)
            }
            Undoes::One { .. } => None,
        }
    }

    /// Brings the lane to where an undo can begin: opens forks, closes finished ones, moves what stays to `kept`.
    fn settle(&mut self, kept: &mut Vec<Debt>) {
        loop {
            match self.now.as_deref_mut() {
                Some(Undoes::One { .. }) => return,
                Some(Undoes::Fork { limit, waiting, lanes }) => {
                    settle_fork(*limit, waiting, lanes, kept);
                    if !lanes.is_empty() {
                        return;
                    }
                    self.now = None;
                }
                None => match self.todo.pop() {
                    None => return,
                    Some(Owed::Parallel { limit, branches }) => {
                        self.now = Some(Box::new(Undoes::Fork { limit, waiting: branches, lanes: vec![] }));
                    }
                    Some(Owed::Step(mut debt)) => {
                        if debt.irreversible {
                            kept.push(debt.clone());
                            debt.irreversible = false;
                        }
                        if debt.rollback || debt.restore {
                            self.todo.push(Owed::Step(debt));
                            return;
                        }
                    }
                },
            }
        }
    }
}

fn settle_fork(
    limit: Option<u32>,
    waiting: &mut Vec<Vec<Owed>>,
    lanes: &mut Vec<Lane>,
    kept: &mut Vec<Debt>,
) {
    loop {
        lanes.iter_mut().for_each(|lane| lane.settle(kept));
        lanes.retain(|lane| !lane.is_empty());
        let full = limit.is_some_and(|limit| lanes.len() >= limit.max(1) as usize);
        match waiting.pop() {
            Some(todo) if !full => lanes.push(Lane { todo, now: None }),
            Some(todo) => return waiting.push(todo),
            None => return,
        }
    }
}

/// The steps of a list in the order in which they are undone.
pub(super) fn list_outstanding<'a>(list: &'a [Owed], all: &mut Vec<&'a Debt>) {
    for owed in list.iter().rev() {
        match owed {
            Owed::Step(debt) => all.push(debt),
            Owed::Parallel { branches, .. } => {
                branches.iter().rev().for_each(|branch| list_outstanding(branch, all));
            }
        }
    }
}
