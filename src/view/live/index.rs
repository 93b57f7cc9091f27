//! What the nodes of a plan are to a reader, looked up once.

use std::collections::{HashMap, HashSet};

use crate::plan::{Act, Answer, Effect, Loop, Mark, NodeId, Op, Plan, QuestionKind, Role, Step, WatchKind};

/// What nodes are.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Bodies of `done when`.
    pub(super) done_when: HashSet<NodeId>,
    /// Bodies of rollbacks and restores, with the word.
    pub(super) undo: HashMap<NodeId, &'static str>,
    /// Bodies of guards and beats.
    pub(super) watches: HashMap<NodeId, &'static str>,
    /// Bodies of handlers.
    pub(super) handlers: HashMap<NodeId, &'static str>,
    /// Steps that stand in the way forward, in order; those of undos and handlers are not among them.
    pub(super) steps: Vec<NodeId>,
    /// What is told before it comes, in order.
    pub(super) coming: Vec<Coming>,
    /// The body of each `otherwise`.
    pub(super) otherwise: HashSet<NodeId>,
}

/// Something on the way forward that is told before it comes: a step, a check, a gate, the point of no return. What stands
/// in one of these is told with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coming {
    pub(super) node: NodeId,
    /// What it is, before its title; a step is only called by that.
    pub(super) word: &'static str,
    /// The `otherwise` that it stands in: it comes only once that has begun.
    pub(super) within: Option<NodeId>,
}

impl Index {
    /// Whether a node is the body of a handler.
    pub(super) fn is_handler(&self, node: NodeId) -> bool {
        self.handlers.contains_key(&node)
    }

    pub(super) fn of(plan: &Plan) -> Self {
        let mut index = Self::default();
        for (id, node) in (0..).map(NodeId).zip(&plan.nodes) {
            if let Op::Group(group) = &node.op {
                index.role(id, &group.role);
            }
        }
        index.comes(plan, NodeId(0), None);
        index
    }

    fn comes(&mut self, plan: &Plan, node: NodeId, within: Option<NodeId>) {
        let (word, otherwise) = match plan.op(node) {
            Some(Op::Group(group)) => match &group.role {
                Role::Step(_) => (Some(""), None),
                Role::Gate { .. } => (Some("gate "), None),
                Role::Attempt { otherwise } => (None, *otherwise),
                _ => (None, None),
            },
            Some(Op::Loop(looping)) if matches!(**looping, Loop::Poll { .. }) => (Some("check "), None),
            Some(Op::Mark(Mark::Commit)) => (Some("point of no return: "), None),
            _ => (None, None),
        };
        if let Some(word) = word {
            return self.coming.push(Coming { node, word, within });
        }
        plan.forward(node).into_iter().for_each(|child| self.comes(plan, child, within));
        otherwise.into_iter().for_each(|body| self.comes(plan, body, Some(body)));
    }

    /// Whether a node is told before it comes.
    pub(super) fn is_coming(&self, node: NodeId) -> bool {
        self.coming.binary_search_by_key(&node, |one| one.node).is_ok()
    }

    fn role(&mut self, id: NodeId, role: &Role) {
        let watches = match role {
            Role::Run(scope) => {
                self.handlers
                    .extend(scope.handlers.iter().map(|handler| (handler.body, handler.when.words())));
                &scope.watches
            }
            Role::Phase(scope) => &scope.watches,
            Role::Step(step) => return self.step(id, step),
            Role::Attempt { otherwise } => return self.otherwise.extend(otherwise),
            Role::Call | Role::Gate { .. } | Role::Block => return,
        };
        self.watches.extend(watches.iter().map(|watch| {
            let word = if matches!(watch.kind, WatchKind::Beat) { "every" } else { "guard" };
            (watch.body, word)
        }));
    }

    fn step(&mut self, id: NodeId, step: &Step) {
        self.steps.push(id);
        self.done_when.extend(step.done_when);
        if let Answer::Rollback(undo) = &step.undo {
            self.undo.insert(undo.body, "rollback");
        }
        self.undo.extend(step.restore.iter().map(|undo| (undo.body, "restore")));
    }
}

/// A step's answer about undo.
pub(super) fn step(plan: &Plan, node: NodeId) -> Option<&Step> {
    match &plan.node(node)?.op {
        Op::Group(group) => match &group.role {
            Role::Step(step) => Some(step),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a check looks more than once.
pub(super) fn is_poll(plan: &Plan, node: NodeId) -> bool {
    match plan.node(node).map(|node| &node.op) {
        Some(Op::Loop(looping)) => {
            matches!(&**looping, Loop::Poll { within, soak, .. } if within.is_some() || soak.is_some())
        }
        _ => false,
    }
}

/// Whether it is a check.
pub(super) fn is_check(plan: &Plan, node: NodeId) -> bool {
    matches!(plan.node(node).map(|node| &node.op), Some(Op::Loop(looping)) if matches!(**looping, Loop::Poll { .. }))
}

/// The effect at a node.
pub(super) fn effect(plan: &Plan, node: NodeId) -> Option<&Effect> {
    match plan.node(node).map(|node| &node.op) {
        Some(Op::Do(effect)) => Some(effect),
        _ => None,
    }
}

/// What is asked of the world at a node.
pub(super) fn act(plan: &Plan, node: NodeId) -> Option<&Act> {
    effect(plan, node).map(|effect| &effect.act)
}

/// The question at a node.
pub(super) fn question(plan: &Plan, node: NodeId) -> Option<&QuestionKind> {
    match act(plan, node) {
        Some(Act::Person(question)) => Some(&question.kind),
        _ => None,
    }
}
