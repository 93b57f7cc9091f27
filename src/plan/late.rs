//! Starting late: what of a plan is left out when a run begins at one of its steps, and whether it can do without.
//!
//! Left out are the steps before it, the waits and notices before it, and whatever before it only made sense with a
//! value that one of those gives. What looks, decides or locks still happens: nobody gets past a gate in this way.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::{Act, Loop, Mode, NodeId, Op, Plan, Role};
use crate::value::VarId;

/// What a late start leaves out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LateStart {
    /// Nodes that are passed over, each with all that is in it.
    pub left_out: BTreeSet<NodeId>,
    /// Values that nobody gives then.
    pub values: BTreeSet<VarId>,
}

/// Why a run cannot begin at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoLateStart {
    /// It is no step of the way forward, but one in a loop, beside others, in an `otherwise` or an undo.
    NotInLine,
    /// Something that must not be left out needs a value that is.
    Needs {
        /// What needs it.
        reader: NodeId,
        /// The value.
        value: VarId,
        /// What would give it.
        giver: NodeId,
    },
}

impl Plan {
    /// What is left out when a run begins at a step.
    ///
    /// # Errors
    /// When it cannot begin there.
    pub fn late_start(&self, from: NodeId) -> Result<LateStart, NoLateStart> {
        if self.step(from).is_none() || !self.is_in_line(from) {
            return Err(NoLateStart::NotInLine);
        }
        let mut late = Late {
            plan: self,
            ends: self.ends(),
            from,
            parts: vec![],
            givers: HashMap::new(),
            out: BTreeSet::new(),
        };
        late.walk(Self::ROOT);
        late.settle();
        late.check()?;
        Ok(LateStart { left_out: late.out, values: late.givers.into_keys().collect() })
    }

    /// Whether a node is come to once, with all before it done.
    fn is_in_line(&self, node: NodeId) -> bool {
        let parents = self.parents();
        let mut at = node;
        while at != Self::ROOT {
            let Some(parent) = parents.get(at.0 as usize).copied() else { return false };
            let fits = match self.op(parent) {
                Some(Op::Group(group)) => {
                    group.mode == Mode::Sequence
                        && group.children.contains(&at)
                        && !matches!(group.role, Role::Step(_))
                }
                Some(Op::Branch(_)) => true,
                _ => false,
            };
            if !fits {
                return false;
            }
            at = parent;
        }
        true
    }
}

/// A part of the way before the step.
struct Part {
    node: NodeId,
    /// Whether it may be left out for want of a value.
    may_go: bool,
}

struct Late<'a> {
    plan: &'a Plan,
    ends: Vec<u32>,
    from: NodeId,
    /// In order, outer before inner.
    parts: Vec<Part>,
    /// Values that are not given, and by what.
    givers: HashMap<VarId, NodeId>,
    out: BTreeSet<NodeId>,
}

impl Late<'_> {
    fn range(&self, node: NodeId) -> Range<u32> {
        node.0..self.ends.get(node.0 as usize).copied().unwrap_or(node.0 + 1)
    }

    /// Collects what stands before the step; false once that is reached.
    fn walk(&mut self, node: NodeId) -> bool {
        if node == self.from {
            return false;
        }
        let around = self.range(node).contains(&self.from.0);
        match self.plan.op(node) {
            Some(Op::Group(group)) => match &group.role {
                Role::Step(_) => self.leave_out(node),
                Role::Gate { .. } => self.part(node, false),
                _ => return group.children.iter().all(|child| self.walk(*child)),
            },
            Some(Op::Branch(arms)) => {
                self.parts.extend((!around).then_some(Part { node, may_go: true }));
                let arms = arms.iter().filter(|arm| !around || self.range(arm.body).contains(&self.from.0));
                return arms.map(|arm| arm.body).collect::<Vec<_>>().into_iter().all(|body| self.walk(body));
            }
            Some(Op::Loop(looped)) => {
                self.part(node, true);
                if let Loop::For { body, .. } | Loop::Repeat { body, .. } = **looped {
                    return self.walk(body);
                }
            }
            Some(Op::Do(effect)) => match effect.act {
                Act::Wait(_) | Act::Notify { .. } => self.leave_out(node),
                Act::Lock(_) | Act::Person(_) => self.part(node, false),
                _ => self.part(node, true),
            },
            Some(Op::Eval(_)) => self.part(node, true),
            Some(Op::Mark(_)) | None => {}
        }
        true
    }

    fn part(&mut self, node: NodeId, may_go: bool) {
        self.parts.push(Part { node, may_go });
    }

    fn leave_out(&mut self, node: NodeId) {
        self.out.insert(node);
        for at in self.range(node) {
            let Some(inner) = self.plan.node(NodeId(at)) else { continue };
            inner.binds(&mut |var| _ = self.givers.entry(var).or_insert(node));
        }
    }

    /// Leaves out what cannot be had without what is left out, until nothing more is.
    fn settle(&mut self) {
        loop {
            let lacks =
                |part: &&Part| part.may_go && !self.is_out(part.node) && self.lacking(part.node).is_some();
            let Some(next) = self.parts.iter().find(lacks).map(|part| part.node) else { return };
            self.leave_out(next);
        }
    }

    fn is_out(&self, node: NodeId) -> bool {
        self.out.iter().any(|out| self.range(*out).contains(&node.0))
    }

    /// A value that something in a node reads and nobody gives; of a loop or branch only what it reads itself.
    fn lacking(&self, node: NodeId) -> Option<VarId> {
        let whole = match self.plan.op(node) {
            Some(Op::Loop(looped)) => matches!(**looped, Loop::Poll { .. }),
            Some(Op::Branch(_)) => false,
            _ => true,
        };
        let range = if whole { self.range(node) } else { node.0..node.0 + 1 };
        range.into_iter().find_map(|at| self.reads_lacking(NodeId(at)))
    }

    fn reads_lacking(&self, node: NodeId) -> Option<VarId> {
        let mut found = None;
        self.plan
            .node(node)?
            .reads(&mut |var| found = found.or(Some(var).filter(|var| self.givers.contains_key(var))));
        found
    }

    /// Whether all that still happens has what it needs.
    fn check(&self) -> Result<(), NoLateStart> {
        let mut at = 0;
        while (at as usize) < self.plan.nodes.len() {
            let node = NodeId(at);
            if self.out.contains(&node) {
                at = self.range(node).end;
                continue;
            }
            if let Some(value) = self.reads_lacking(node) {
                let giver = self.givers.get(&value).copied().unwrap_or(node);
                return Err(NoLateStart::Needs { reader: node, value, giver });
            }
            at += 1;
        }
        Ok(())
    }
}
