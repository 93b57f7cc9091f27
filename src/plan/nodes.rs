//! What a node is, asked of the plan: its class, its loop, its watches, how many of its children run at once.

use super::{
    Act, Class, Eval, Group, Loop, Mark, Mode, Node, NodeId, Op, Plan, Question, QuestionKind, Role,
    RunScope, Watch,
};
use crate::value::VarId;

impl Plan {
    /// What a node does to the world; verifying what a step needs only looks.
    #[must_use]
    pub fn class_of(&self, node: NodeId) -> Class {
        match self.op(node) {
            Some(Op::Do(effect)) => effect.class,
            _ => Class::Looks,
        }
    }

    /// Whether a node waits for a time.
    #[must_use]
    pub fn is_timer(&self, node: NodeId) -> bool {
        matches!(self.op(node), Some(Op::Do(effect)) if matches!(effect.act, Act::Wait(_)))
    }

    /// Whether a child of a group is that node, or a branch with that node for an arm.
    #[must_use]
    pub fn stands_for(&self, child: NodeId, node: NodeId) -> bool {
        let arm = || match self.op(child) {
            Some(Op::Branch(arms)) => arms.iter().any(|arm| arm.body == node),
            _ => false,
        };
        child == node || arm()
    }

    /// Whether a node leaves no record where it holds: an expectation.
    #[must_use]
    pub fn is_silent(&self, node: NodeId) -> bool {
        matches!(self.op(node), Some(Op::Eval(Eval::Expect(_) | Eval::Given(_))))
    }

    /// What a node asks of a person, if it does.
    #[must_use]
    pub fn question(&self, node: NodeId) -> Option<&Question> {
        match self.op(node)? {
            Op::Do(effect) => match &effect.act {
                Act::Person(question) => Some(question),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether a node asks people to approve.
    #[must_use]
    pub fn is_approval(&self, node: NodeId) -> bool {
        self.question(node).is_some_and(|question| matches!(question.kind, QuestionKind::Approval { .. }))
    }

    /// Whether the children or turns of a node run side by side.
    #[must_use]
    pub fn is_parallel(&self, node: NodeId) -> bool {
        match self.op(node) {
            Some(Op::Group(group)) => matches!(**group, Group { mode: Mode::Parallel(_), .. }),
            Some(Op::Loop(of)) => matches!(**of, Loop::For { parallel: Some(_), .. }),
            _ => false,
        }
    }

    /// How many children or turns may run at once; `None` is no limit.
    #[must_use]
    pub fn limit_of(&self, node: NodeId) -> Option<u32> {
        match self.op(node) {
            Some(Op::Group(group)) => match group.mode {
                Mode::Parallel(limit) => limit,
                Mode::Sequence => Some(1),
            },
            Some(Op::Loop(of)) => match **of {
                Loop::For { parallel: Some(limit), .. } => limit,
                _ => Some(1),
            },
            _ => Some(1),
        }
    }

    /// The loop of a node.
    #[must_use]
    pub fn loop_of(&self, node: NodeId) -> Option<&Loop> {
        match self.op(node)? {
            Op::Loop(of) => Some(of),
            _ => None,
        }
    }

    /// The variable that holds the verdict of a bound check or gate.
    #[must_use]
    pub fn verdict_var(&self, node: NodeId) -> Option<VarId> {
        match self.op(node)? {
            Op::Loop(of) => match of.as_ref() {
                Loop::Poll { verdict, .. } => *verdict,
                _ => None,
            },
            Op::Group(group) => match group.role {
                Role::Gate { verdict } => verdict,
                _ => None,
            },
            _ => None,
        }
    }

    /// The watches of a run or phase.
    #[must_use]
    pub fn watches_of(&self, scope: NodeId) -> &[Watch] {
        match self.group(scope).map(|group| &group.role) {
            Some(Role::Run(scope)) => &scope.watches,
            Some(Role::Phase(scope)) => &scope.watches,
            _ => &[],
        }
    }

    /// The position of a handler among those of the run.
    #[must_use]
    pub fn handler_at(&self, run: NodeId, handler: NodeId) -> Option<usize> {
        match &self.group(run)?.role {
            Role::Run(scope) => scope.handler_at(handler),
            _ => None,
        }
    }

    /// A watch of a run or phase.
    #[must_use]
    pub fn watch_of(&self, scope: NodeId, at: usize) -> Option<&Watch> {
        self.watches_of(scope).get(at)
    }
}

impl RunScope {
    /// The position of a handler among those of the run.
    #[must_use]
    pub fn handler_at(&self, handler: NodeId) -> Option<usize> {
        self.handlers.iter().position(|known| known.body == handler)
    }
}

impl Node {
    /// Whether a person decides by its prose: of a question, a manual, a gate, and at the point of no return.
    #[must_use]
    pub fn is_decided_by_prose(&self) -> bool {
        match &self.op {
            Op::Do(effect) => matches!(effect.act, Act::Person(_)),
            Op::Mark(Mark::Commit) => true,
            Op::Group(group) => match &group.role {
                Role::Step(step) => step.manual,
                Role::Gate { .. } => true,
                _ => false,
            },
            _ => false,
        }
    }
}
