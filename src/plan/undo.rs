//! What a failure would undo: the static view of compensation, for `plan` and for questions to people.
//!
//! Says what is owed where everything before has been done; the engine keeps the books of a run.

use super::{Answer, Class, Group, Loop, Mark, Mode, NodeId, Op, Plan, Role, Step};
use crate::value::VarId;

/// What would happen if a node failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UndoAt {
    /// What would be undone, newest first; of one step the rollback before the restore.
    pub undone: Vec<Undone>,
    /// What would stay as it is, oldest first.
    pub stays: Vec<Stays>,
    /// The point of no return that was passed: only restores would run, and only after a person gives up.
    pub committed: Option<NodeId>,
    /// The attempt that would be unwound alone, its `otherwise` done instead.
    pub within: Option<NodeId>,
}

/// An undo that would run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undone {
    /// Whose.
    pub step: NodeId,
    /// Which.
    pub what: What,
    /// Whether it is owed for certain: no condition, loop or branch stands between.
    pub sure: bool,
}

/// The two kinds of undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// `rollback`.
    Rollback,
    /// `restore`.
    Restore,
}

impl What {
    /// Its word in the language and in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rollback => "rollback",
            Self::Restore => "restore",
        }
    }
}

/// A step whose effects would stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stays {
    /// Which.
    pub step: NodeId,
    /// Why.
    pub why: WhyStays,
}

/// Why effects stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyStays {
    /// It is irreversible.
    Irreversible,
    /// It says that nothing needs undoing.
    NothingToUndo,
    /// It says nothing about undo.
    Unanswered,
    /// The point of no return was passed after it, or before it.
    Committed,
}

/// What a step does to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepClass {
    /// Only looks or asks.
    Reads,
    /// Changes something.
    Changes,
    /// Changes something for good.
    Irreversible,
}

/// What the step at that node does to the world, its undo aside.
#[must_use]
pub fn step_class(plan: &Plan, id: NodeId) -> StepClass {
    match plan.step(id).filter(|_| plan.may_owe(id)) {
        None => StepClass::Reads,
        Some(Step { undo: Answer::Irreversible, .. }) => StepClass::Irreversible,
        Some(_) => StepClass::Changes,
    }
}

impl Plan {
    /// Whether an effect of that class makes the step in which it stands owe its undo: one that changes the world, or
    /// the answer of a person who does the step by hand. The engine keeps its books by this.
    #[must_use]
    pub fn is_owed_for(&self, step: NodeId, class: Class) -> bool {
        let manual = || self.step(step).is_some_and(|step| step.manual);
        class == Class::Changes || (class == Class::Asks && manual())
    }

    /// Whether anything in the body of a step can make it owe its undo. That of a step that only looks never runs.
    #[must_use]
    pub fn may_owe(&self, step: NodeId) -> bool {
        let body = self.group(step).map(|group| &*group.children).unwrap_or_default();
        body.iter().any(|child| self.is_owed_below(step, *child))
    }

    /// What the undo of a step takes and the step has not given yet when its first effect fails that makes it owe that
    /// undo: without it the undo cannot start.
    #[must_use]
    pub fn undo_gaps(&self, step: NodeId) -> Vec<VarId> {
        let Some(own) = self.step(step).filter(|own| !own.captures.is_empty()) else { return vec![] };
        let body = self.group(step).map(|group| &*group.children).unwrap_or_default();
        let mut nodes = vec![];
        body.iter().for_each(|child| self.all_below(*child, &mut nodes));
        let owing = |id: &NodeId| match self.op(*id) {
            Some(Op::Do(effect)) => self.is_owed_for(step, effect.class),
            _ => false,
        };
        let mut late = vec![];
        for id in nodes.into_iter().skip_while(|id| !owing(id)) {
            self.node(id).into_iter().for_each(|node| node.binds(&mut |var| late.push(var)));
        }
        own.captures.iter().copied().filter(|var| late.contains(var)).collect()
    }

    /// A node and all below it, in their order.
    fn all_below(&self, id: NodeId, into: &mut Vec<NodeId>) {
        into.push(id);
        self.below(id).into_iter().for_each(|below| self.all_below(below, into));
    }

    fn is_owed_below(&self, step: NodeId, id: NodeId) -> bool {
        match self.op(id) {
            Some(Op::Do(effect)) => self.is_owed_for(step, effect.class),
            Some(_) => self.below(id).into_iter().any(|child| self.is_owed_below(step, child)),
            None => false,
        }
    }
}

/// What would be undone and what would stay if the node failed when all before it was done.
/// `None` for a node that is itself a part of an undo, a handler, a look of a guard, or no node at all.
#[must_use]
pub fn undo_at(plan: &Plan, failed: NodeId) -> Option<UndoAt> {
    let path = path_to(plan, failed)?;
    let mut books = Books { plan, owed: vec![], stays: vec![], committed: None, within: None };
    for pair in path.windows(2) {
        let [at, next] = pair else { continue };
        books.pass(*at, *next)?;
    }
    books.fail(&path);
    Some(books.close())
}

/// From the root down to a node.
fn path_to(plan: &Plan, to: NodeId) -> Option<Vec<NodeId>> {
    plan.node(to)?;
    let mut path = vec![Plan::ROOT];
    let mut at = Plan::ROOT;
    while at != to {
        // Children stand in order, each with its whole subtree: the last one that begins before.
        at = plan.below(at).into_iter().take_while(|child| child.0 <= to.0).last()?;
        path.push(at);
    }
    Some(path)
}

/// An entry: what is owed, and whether its restore is still open.
#[derive(Clone, Copy)]
struct Entry {
    undone: Undone,
    /// Owed until the scope around it ends.
    open: bool,
}

struct Books<'a> {
    plan: &'a Plan,
    owed: Vec<Entry>,
    stays: Vec<Stays>,
    committed: Option<NodeId>,
    within: Option<NodeId>,
}

impl Books<'_> {
    /// Passes from a node down to the next of the path: what stands before that is done.
    fn pass(&mut self, at: NodeId, next: NodeId) -> Option<()> {
        let plan = self.plan;
        match plan.op(at)? {
            Op::Group(group) => self.pass_group(at, group, next),
            Op::Branch(_) => Some(()),
            Op::Loop(looped) => {
                let again = !matches!(**looped, Loop::Poll { .. });
                if again {
                    self.done(next, false);
                }
                Some(())
            }
            Op::Do(_) | Op::Eval(_) | Op::Mark(_) => None,
        }
    }

    fn pass_group(&mut self, at: NodeId, group: &Group, next: NodeId) -> Option<()> {
        if let Role::Attempt { otherwise: Some(otherwise) } = group.role {
            if otherwise == next {
                return Some(());
            }
            self.owed.clear();
            self.stays.clear();
            self.within = Some(at);
        }
        if !group.children.contains(&next) {
            return None;
        }
        for child in &group.children {
            match group.mode {
                Mode::Sequence if *child == next => break,
                Mode::Sequence => self.done(*child, true),
                Mode::Parallel(_) if *child != next => self.done(*child, false),
                Mode::Parallel(_) => {}
            }
        }
        Some(())
    }

    /// A node that ended well before the failure.
    fn done(&mut self, id: NodeId, sure: bool) {
        let plan = self.plan;
        let Some(node) = plan.node(id) else { return };
        match &node.op {
            Op::Mark(Mark::Commit) => self.commit(id),
            Op::Do(_) | Op::Eval(_) | Op::Mark(_) => {}
            Op::Branch(arms) => arms.iter().for_each(|arm| self.done(arm.body, false)),
            Op::Loop(looped) => match **looped {
                Loop::For { body, .. } => self.done(body, false),
                Loop::Repeat { body, .. } | Loop::Poll { body, .. } => self.done(body, sure),
            },
            Op::Group(group) => self.done_group(id, group, sure),
        }
    }

    fn done_group(&mut self, id: NodeId, group: &Group, sure: bool) {
        if let Role::Step(step) = &group.role {
            let sure = sure && step.condition.is_none() && step.done_when.is_none();
            return self.owe(id, step, sure);
        }
        let before = self.owed.len();
        let sure = sure && !matches!(group.role, Role::Attempt { .. });
        group.children.iter().for_each(|child| self.done(*child, sure));
        match group.role {
            Role::Phase(_) | Role::Attempt { .. } | Role::Call => self.end_scope(before),
            Role::Run(_) | Role::Gate { .. } | Role::Block | Role::Step(_) => {}
        }
        if let Role::Attempt { otherwise: Some(otherwise) } = group.role {
            self.done(otherwise, false);
        }
    }

    /// The restores of a scope that ended have run.
    fn end_scope(&mut self, before: usize) {
        let scope = self.owed.get_mut(before..).unwrap_or_default();
        scope
            .iter_mut()
            .filter(|entry| entry.undone.what == What::Restore)
            .for_each(|entry| entry.open = false);
    }

    fn owe(&mut self, id: NodeId, step: &Step, sure: bool) {
        if !self.plan.may_owe(id) {
            return;
        }
        if step.restore.is_some() {
            let undone = Undone { step: id, what: What::Restore, sure };
            self.owed.push(Entry { undone, open: true });
        }
        let stays = match &step.undo {
            Answer::Rollback(_) => {
                let undone = Undone { step: id, what: What::Rollback, sure };
                return self.owed.push(Entry { undone, open: true });
            }
            Answer::Irreversible => WhyStays::Irreversible,
            Answer::Nothing(_) => WhyStays::NothingToUndo,
            Answer::Unanswered if step.restore.is_some() => return,
            Answer::Unanswered => WhyStays::Unanswered,
        };
        self.stays.push(Stays { step: id, why: stays });
    }

    fn commit(&mut self, id: NodeId) {
        self.committed = Some(id);
        self.keep_rollbacks();
    }

    /// After the point of no return rollbacks are owed no more.
    fn keep_rollbacks(&mut self) {
        let kept = self.owed.iter().filter(|entry| entry.undone.what == What::Rollback);
        self.stays.extend(kept.map(|entry| Stays { step: entry.undone.step, why: WhyStays::Committed }));
        self.owed.retain(|entry| entry.undone.what == What::Restore);
    }

    /// The step around the failure owes its undo, unless its failure leaves nothing behind.
    fn fail(&mut self, path: &[NodeId]) {
        let plan = self.plan;
        let step = path.iter().rev().find_map(|id| Some((*id, plan.step(*id)?)));
        if let Some((id, step)) = step.filter(|(_, step)| !step.atomic) {
            self.owe(id, step, path.last() != Some(&id) || step.condition.is_none());
        }
        if self.committed.is_some() {
            self.keep_rollbacks();
        }
    }

    fn close(mut self) -> UndoAt {
        self.owed.retain(|entry| entry.open);
        let mut undone: Vec<Undone> = vec![];
        for entry in self.owed.into_iter().rev() {
            let same = |one: &Undone| one.step == entry.undone.step && one.what == entry.undone.what;
            if !undone.iter().any(same) {
                undone.push(entry.undone);
            }
        }
        self.stays.sort_by_key(|stays| stays.step);
        self.stays.dedup_by_key(|stays| stays.step);
        UndoAt { undone, stays: self.stays, committed: self.committed, within: self.within }
    }
}
