//! Going over plans: the expressions of a node, the variables it reads and binds, its children, subtrees.
//!
//! A subtree is a contiguous range of the arena: parents stand before children, and nothing else
//! stands between a node and the last of its descendants.

use std::ops::Range;

use super::{
    Act, Answer, Bind, Due, DueSince, Effect, Eval, Expect, Group, HttpBody, Login, Loop, Mark, Node, NodeId,
    Op, Plan, Question, QuestionKind, Retry, Role, Step, Undo, WaitFor, Watch,
};
use crate::value::{Expr, VarId};

impl Plan {
    /// The nodes directly below one: children, arms, bodies, undo, watches and handlers, in order of the arena.
    #[must_use]
    pub fn below(&self, id: NodeId) -> Vec<NodeId> {
        let mut below = vec![];
        if let Some(node) = self.node(id) {
            node.below(&mut |child| below.push(child));
        }
        below.sort_unstable();
        below
    }

    /// The end (exclusive) of each node's subtree, by position.
    #[must_use]
    pub fn ends(&self) -> Vec<u32> {
        let mut ends: Vec<u32> = (1..).take(self.nodes.len()).collect();
        for at in (0..self.nodes.len()).rev() {
            let mut end = ends.get(at).copied().unwrap_or(0);
            if let Some(node) = self.nodes.get(at) {
                node.below(&mut |child| end = end.max(ends.get(child.0 as usize).copied().unwrap_or(0)));
            }
            if let Some(slot) = ends.get_mut(at) {
                *slot = end;
            }
        }
        ends
    }

    /// The node that each node hangs from, by position; the root hangs from itself.
    #[must_use]
    pub fn parents(&self) -> Vec<NodeId> {
        let mut parents = vec![Self::ROOT; self.nodes.len()];
        for (at, node) in self.nodes.iter().enumerate() {
            let parent = NodeId(u32::try_from(at).unwrap_or(u32::MAX));
            node.below(&mut |child| {
                if let Some(slot) = parents.get_mut(child.0 as usize) {
                    *slot = parent;
                }
            });
        }
        parents
    }

    /// Whether a node or anything below it starts a program, makes a request or reads a file.
    #[must_use]
    pub fn touches_world(&self, id: NodeId) -> bool {
        let own = match self.node(id).map(|node| &node.op) {
            Some(Op::Do(effect)) => matches!(
                effect.act,
                Act::Run { .. } | Act::Script { .. } | Act::Http { .. } | Act::Artifact(_)
            ),
            _ => false,
        };
        own || self.below(id).into_iter().any(|below| self.touches_world(below))
    }

    /// The variables that a range of nodes reads and does not bind, in the order first read.
    #[must_use]
    pub fn free(nodes: &[Node], range: Range<usize>) -> Vec<VarId> {
        let nodes = nodes.get(range).unwrap_or_default();
        let mut bound = std::collections::HashSet::new();
        let mut seen = std::collections::HashSet::new();
        let mut free = vec![];
        for node in nodes {
            node.binds(&mut |var| _ = bound.insert(var));
        }
        for node in nodes {
            node.reads(&mut |var| {
                if !bound.contains(&var) && seen.insert(var) {
                    free.push(var);
                }
            });
        }
        free
    }
}

impl Node {
    /// Calls `f` with every node directly below this one.
    pub fn below(&self, f: &mut dyn FnMut(NodeId)) {
        match &self.op {
            Op::Do(_) | Op::Eval(_) | Op::Mark(_) => {}
            Op::Branch(arms) => arms.iter().for_each(|arm| f(arm.body)),
            Op::Loop(looped) => match &**looped {
                Loop::For { body, .. } | Loop::Repeat { body, .. } | Loop::Poll { body, .. } => f(*body),
            },
            Op::Group(group) => {
                group.children.iter().copied().for_each(&mut *f);
                group.role.below(f);
            }
        }
    }

    /// Calls `f` with every variable that this node itself reads, the answer of its own effect left out.
    pub fn reads(&self, f: &mut dyn FnMut(VarId)) {
        let own: &[_] = if let Op::Do(effect) = &self.op { &effect.response } else { &[] };
        self.exprs(&mut |expr| {
            expr.vars(&mut |var| {
                if own.iter().all(|(_, answer)| *answer != var) {
                    f(var);
                }
            });
        });
    }

    /// Calls `f` with every variable that this node itself binds for others.
    pub fn binds(&self, f: &mut dyn FnMut(VarId)) {
        match &self.op {
            Op::Do(effect) => effect.binds.iter().for_each(|bind| f(bind.var)),
            Op::Eval(Eval::Let(bind)) => f(bind.var),
            Op::Loop(looped) => match &**looped {
                Loop::For { item, .. } => f(*item),
                Loop::Poll { verdict: Some(verdict), .. } => f(*verdict),
                Loop::Repeat { .. } | Loop::Poll { .. } => {}
            },
            Op::Group(group) => {
                if let Role::Gate { verdict: Some(verdict) } = group.role {
                    f(verdict);
                }
            }
            Op::Eval(_) | Op::Branch(_) | Op::Mark(_) => {}
        }
    }
}

impl Role {
    pub(crate) fn below(&self, f: &mut dyn FnMut(NodeId)) {
        match self {
            Self::Run(scope) => {
                scope.watches.iter().for_each(|watch| f(watch.body));
                scope.handlers.iter().for_each(|handler| f(handler.body));
            }
            Self::Phase(scope) => scope.watches.iter().for_each(|watch| f(watch.body)),
            Self::Step(step) => step.below(f),
            Self::Attempt { otherwise } => otherwise.iter().copied().for_each(f),
            Self::Call | Self::Gate { .. } | Self::Block => {}
        }
    }
}

impl Step {
    fn below(&self, f: &mut dyn FnMut(NodeId)) {
        self.done_when.iter().copied().for_each(&mut *f);
        if let Answer::Rollback(undo) = &self.undo {
            f(undo.body);
        }
        self.restore.iter().for_each(|undo| f(undo.body));
    }
}

/// Goes over the expressions of a node, once to read and once to change them.
macro_rules! expressions {
    ($exprs:ident, $iter:ident $(, $mutable:tt)?) => {
        impl Node {
            /// Calls `f` with every expression that stands in this node itself, in order.
            pub fn $exprs(&$($mutable)? self, f: &mut dyn FnMut(&$($mutable)? Expr)) {
                self.title.$iter().for_each(&mut *f);
                match &$($mutable)? self.op {
                    Op::Do(effect) => effect.$exprs(f),
                    Op::Eval(Eval::Let(bind)) => f(&$($mutable)? bind.value),
                    Op::Eval(Eval::Expect(expect) | Eval::Given(expect)) => expect.$exprs(f),
                    Op::Group(group) => group.$exprs(f),
                    Op::Branch(arms) => {
                        for arm in arms {
                            arm.when.$iter().for_each(&mut *f);
                        }
                    }
                    Op::Loop(looped) => match &$($mutable)? **looped {
                        Loop::For { list, .. } => f(list),
                        Loop::Repeat { until, .. } => f(until),
                        Loop::Poll { every, within, soak, .. } => {
                            every.$iter().chain(within).chain(soak).for_each(f);
                        }
                    },
                    Op::Mark(Mark::End(text) | Mark::Fail(text)) => f(text),
                    Op::Mark(Mark::Commit) => {}
                }
            }
        }

        impl Expect {
            fn $exprs(&$($mutable)? self, f: &mut dyn FnMut(&$($mutable)? Expr)) {
                f(&$($mutable)? self.condition);
                self.message.$iter().for_each(f);
            }
        }

        impl Effect {
            fn $exprs(&$($mutable)? self, f: &mut dyn FnMut(&$($mutable)? Expr)) {
                self.act.$exprs(f);
                for expect in &$($mutable)? self.expects {
                    expect.$exprs(f);
                }
                for Bind { value, .. } in &$($mutable)? self.binds {
                    f(value);
                }
                self.retry.$iter().for_each(|retry| retry.$exprs(f));
                self.timeout.$iter().for_each(|expr| f(expr));
                self.on.$iter().for_each(|expr| f(expr));
            }
        }

        impl Retry {
            fn $exprs(&$($mutable)? self, f: &mut dyn FnMut(&$($mutable)? Expr)) {
                self.every.$iter().for_each(|expr| f(expr));
            }
        }

        impl Act {
            /// Calls `f` with every expression that stands in this act, in order.
            pub(crate) fn $exprs(&$($mutable)? self, f: &mut dyn FnMut(&$($mutable)? Expr)) {
                match self {
                    Self::Run { words, env, dir, stdin, .. } => {
                        words.$iter().for_each(|word| f(&$($mutable)? word.value));
                        env.$iter().for_each(|var| f(&$($mutable)? var.value));
                        dir.$iter().chain(stdin).for_each(|expr| f(expr));
                    }
                    Self::Script { args, env, dir, stdin, .. } => {
                        args.$iter().for_each(|arg| f(&$($mutable)? arg.value));
                        env.$iter().for_each(|var| f(&$($mutable)? var.value));
                        dir.$iter().chain(stdin).for_each(|expr| f(expr));
                    }
                    Self::Http { url, headers, query, login, body, .. } => {
                        f(url);
                        headers.$iter().for_each(|header| f(&$($mutable)? header.value));
                        query.$iter().for_each(|query| f(&$($mutable)? query.value));
                        login.$iter().for_each(|login| login.$exprs(f));
                        body.$iter().for_each(|body| body.$exprs(f));
                    }
                    Self::Artifact(value) | Self::Evidence(value) | Self::Log(value) | Self::Lock(value) => f(value),
                    Self::Notify { text, .. } => f(text),
                    Self::Person(question) => question.$exprs(f),
                    Self::Wait(WaitFor::Duration(value) | WaitFor::Time(value)) => f(value),
                    Self::Wait(WaitFor::Window(_)) => {}
                }
            }
        }

        impl Login {
            fn $exprs(&$($mutable)? self, f: &mut dyn FnMut(&$($mutable)? Expr)) {
                match self {
                    Self::Bearer(token) => f(token),
                    Self::Basic(user, password) => {
                        f(user);
                        f(password);
                    }
                }
            }
        }

        impl HttpBody {
            fn $exprs(&$($mutable)? self, f: &mut dyn FnMut(&$($mutable)? Expr)) {
                let (Self::Json(value) | Self::Form(value) | Self::Text(value)) = self;
                f(value);
            }
        }

        impl Question {
            fn $exprs(&$($mutable)? self, f: &mut dyn FnMut(&$($mutable)? Expr)) {
                f(&$($mutable)? self.text);
                match &$($mutable)? self.kind {
                    QuestionKind::Confirm { typing, .. } => typing.$iter().for_each(f),
                    QuestionKind::Ask { choices, default, .. } => choices.$iter().chain(default).for_each(f),
                    QuestionKind::Judge { showing, expected } => {
                        f(showing);
                        expected.$iter().for_each(f);
                    }
                    QuestionKind::Approval { within, showing, .. } => within.$iter().chain(showing).for_each(f),
                    QuestionKind::Choose { .. } | QuestionKind::Manual => {}
                }
            }
        }

        impl Group {
            fn $exprs(&$($mutable)? self, f: &mut dyn FnMut(&$($mutable)? Expr)) {
                match &$($mutable)? self.role {
                    Role::Run(scope) => scope.watches.$iter().for_each(|watch| watch.$exprs(f)),
                    Role::Phase(scope) => scope.watches.$iter().for_each(|watch| watch.$exprs(f)),
                    Role::Step(step) => step.$exprs(f),
                    Role::Attempt { .. } | Role::Call | Role::Gate { .. } | Role::Block => {}
                }
            }
        }

        impl Watch {
            fn $exprs(&$($mutable)? self, f: &mut dyn FnMut(&$($mutable)? Expr)) {
                f(&$($mutable)? self.title);
                f(&$($mutable)? self.every);
            }
        }

        impl Step {
            fn $exprs(&$($mutable)? self, f: &mut dyn FnMut(&$($mutable)? Expr)) {
                self.condition.$iter().chain(&$($mutable)? self.timeout).for_each(&mut *f);
                self.on.$iter().for_each(&mut *f);
                self.retry.$iter().for_each(|retry| retry.$exprs(f));
                for due in self.due.$iter() {
                    let Due { after, since } = &$($mutable)? **due;
                    f(after);
                    if let DueSince::Time(time) = since {
                        f(time);
                    }
                }
                if let Answer::Rollback(Undo { retry: Some(retry), .. }) = &$($mutable)? self.undo {
                    retry.$exprs(f);
                }
                if let Some(Undo { retry: Some(retry), .. }) = &$($mutable)? self.restore {
                    retry.$exprs(f);
                }
            }
        }
    };
}

expressions!(exprs, iter);
expressions!(exprs_mut, iter_mut, mut);
