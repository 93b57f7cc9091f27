//! Two plans of one runbook laid beside each other: which part of the older one is which of the newer.
//!
//! Goes down from the root. What has a title is known by it; the rest by what it does, and by its place between what is
//! known. Nothing changes its place: what stands elsewhere now is a removed part and a new one.

use std::collections::{HashMap, HashSet};

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::alike::{Face, Names, faces};
use super::{Answer, Loop, NodeId, Op, Plan, Role};
use crate::value::VarId;

/// An older plan beside a newer one.
pub struct Anew {
    to: HashMap<NodeId, NodeId>,
    known: HashSet<NodeId>,
    vars: HashMap<VarId, VarId>,
    old: Vec<Face>,
    new: Vec<Face>,
}

/// How a part of the older plan differs from what stands for it in the newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Differs {
    /// Not at all.
    Not,
    /// It is called otherwise.
    Title,
    /// Of a step: what undoes it, and perhaps the title.
    Undo,
    /// What it does.
    Work,
}

impl Anew {
    /// Lays two plans beside each other.
    #[must_use]
    pub fn of(old: &Plan, new: &Plan) -> Self {
        let mut names = Names::default();
        let (of_old, of_new) = (faces(old, &mut names), faces(new, &mut names));
        let mut anew = Self {
            to: HashMap::new(),
            known: HashSet::new(),
            vars: HashMap::new(),
            old: of_old,
            new: of_new,
        };
        anew.inputs(old, new);
        let ends = (old.ends(), new.ends());
        let mut pairs = vec![(Plan::ROOT, Plan::ROOT)];
        while let Some((before, now)) = pairs.pop() {
            anew.to.insert(before, now);
            anew.known.insert(now);
            // Deeper pairs come later, and know better.
            anew.vars_of((old, before, &ends.0), (new, now, &ends.1));
            pairs.extend(anew.below((old, before), (new, now)));
        }
        anew
    }

    /// What stands for a part of the older plan.
    #[must_use]
    pub fn node(&self, old: NodeId) -> Option<NodeId> {
        self.to.get(&old).copied()
    }

    /// Whether a part of the newer plan stands for one of the older.
    #[must_use]
    pub fn is_known(&self, new: NodeId) -> bool {
        self.known.contains(&new)
    }

    /// The variable that holds the same value.
    #[must_use]
    pub fn var(&self, old: VarId) -> Option<VarId> {
        self.vars.get(&old).copied()
    }

    /// How a part differs, with all that is in it; `None` where nothing stands for it.
    #[must_use]
    pub fn differs(&self, old: NodeId) -> Option<Differs> {
        let (before, now) = (self.old.get(old.0 as usize)?, self.new.get(self.node(old)?.0 as usize)?);
        Some(match () {
            () if before.whole == now.whole => Differs::Not,
            () if before.untitled == now.untitled => Differs::Title,
            () if before.work == now.work => Differs::Undo,
            () => Differs::Work,
        })
    }

    /// Whether it does the same by itself, whatever hangs from it.
    #[must_use]
    pub fn is_same_head(&self, old: NodeId) -> bool {
        let now = self.node(old).and_then(|now| self.new.get(now.0 as usize));
        self.old.get(old.0 as usize).zip(now).is_some_and(|(before, now)| before.own == now.own)
    }

    fn inputs(&mut self, old: &Plan, new: &Plan) {
        for input in &old.inputs {
            let Some(var) = old.var(input.var) else { continue };
            let same = new.inputs.iter().find(|input| new.var(input.var).is_some_and(|now| now == var));
            self.vars.extend(same.map(|same| (input.var, same.var)));
        }
    }

    /// Variables that two parts bind under one name, of one type.
    fn vars_of(&mut self, (old, before, old_ends): At<'_>, (new, now, new_ends): At<'_>) {
        let bound = |plan: &Plan, id: NodeId, ends: &[u32]| {
            let end = ends.get(id.0 as usize).copied().unwrap_or(id.0);
            let mut vars = vec![];
            for at in id.0..end {
                if let Some(node) = plan.node(NodeId(at)) {
                    node.binds(&mut |var| vars.push(var));
                }
            }
            vars
        };
        let theirs = bound(new, now, new_ends);
        let mut named = HashMap::new();
        for var in theirs.into_iter().rev() {
            named.extend(new.var(var).map(|known| ((known.name.as_str(), known.ty.to_string()), var)));
        }
        for var in bound(old, before, old_ends) {
            let Some(known) = old.var(var) else { continue };
            let same = named.get(&(known.name.as_str(), known.ty.to_string()));
            let same = same.filter(|same| new.var(**same).is_some_and(|same| same.secret == known.secret));
            self.vars.extend(same.map(|same| (var, *same)));
        }
    }

    /// What hangs from two parts, in pairs.
    fn below(&self, (old, before): (&Plan, NodeId), (new, now): (&Plan, NodeId)) -> Vec<(NodeId, NodeId)> {
        match (old.op(before), new.op(now)) {
            (Some(Op::Branch(before)), Some(Op::Branch(now))) => self
                .aligned(&bodies(before.iter().map(|arm| arm.body)), &bodies(now.iter().map(|arm| arm.body))),
            (Some(Op::Loop(before)), Some(Op::Loop(now))) => vec![(body(before), body(now))],
            (Some(Op::Group(before)), Some(Op::Group(now))) => {
                let mut pairs = self.aligned(&before.children, &now.children);
                pairs.extend(self.sides(&before.role, &now.role));
                pairs
            }
            _ => vec![],
        }
    }

    fn sides(&self, before: &Role, now: &Role) -> Vec<(NodeId, NodeId)> {
        match (before, now) {
            (Role::Run(before), Role::Run(now)) => {
                let watches = self.watched(&before.watches, &now.watches);
                let handlers = before.handlers.iter().filter_map(|handler| {
                    let nth = before.handlers.iter().filter(|one| one.when == handler.when);
                    let nth = nth.take_while(|one| one.body != handler.body).count();
                    let same = now.handlers.iter().filter(|one| one.when == handler.when).nth(nth)?;
                    Some((handler.body, same.body))
                });
                handlers.chain(watches).collect()
            }
            (Role::Phase(before), Role::Phase(now)) => self.watched(&before.watches, &now.watches),
            (Role::Attempt { otherwise: before }, Role::Attempt { otherwise: now }) => {
                before.zip(*now).into_iter().collect()
            }
            (Role::Step(before), Role::Step(now)) => {
                let rollback = match (&before.undo, &now.undo) {
                    (Answer::Rollback(before), Answer::Rollback(now)) => Some((before.body, now.body)),
                    _ => None,
                };
                let restore = before.restore.as_ref().zip(now.restore.as_ref());
                let restore = restore.map(|(before, now)| (before.body, now.body));
                before.done_when.zip(now.done_when).into_iter().chain(rollback).chain(restore).collect()
            }
            _ => vec![],
        }
    }

    /// Watches keep their looks only where they stand at the same place.
    fn watched(&self, before: &[super::Watch], now: &[super::Watch]) -> Vec<(NodeId, NodeId)> {
        let pairs = before.iter().zip(now).map(|(before, now)| (before.body, now.body));
        pairs.filter(|(before, now)| self.whole(*before, true) == self.whole(*now, false)).collect()
    }

    fn face(&self, id: NodeId, old: bool) -> Option<&Face> {
        if old { self.old.get(id.0 as usize) } else { self.new.get(id.0 as usize) }
    }

    fn whole(&self, id: NodeId, old: bool) -> Option<[u8; 32]> {
        self.face(id, old).map(|face| face.whole)
    }

    /// Children in order, each with what stands for it.
    fn aligned(&self, before: &[NodeId], now: &[NodeId]) -> Vec<(NodeId, NodeId)> {
        let word = |id: &NodeId, old: bool| self.face(*id, old).map(word).unwrap_or_default();
        let old: Vec<String> = before.iter().map(|id| word(id, true)).collect();
        let new: Vec<String> = now.iter().map(|id| word(id, false)).collect();
        let mut pairs = vec![];
        let (mut gap_old, mut gap_new) = (0..0, 0..0);
        for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
            let (of_old, of_new) = (op.old_range(), op.new_range());
            if !matches!(op, DiffOp::Equal { .. }) {
                (gap_old.end, gap_new.end) = (of_old.end, of_new.end);
                continue;
            }
            self.gap(part(before, &gap_old), part(now, &gap_new), &mut pairs);
            (gap_old, gap_new) = (of_old.end..of_old.end, of_new.end..of_new.end);
            pairs.extend(part(before, &of_old).iter().copied().zip(part(now, &of_new).iter().copied()));
        }
        self.gap(part(before, &gap_old), part(now, &gap_new), &mut pairs);
        pairs
    }

    /// Between what is known: what is only called otherwise, and what has no title and is of the same sort.
    fn gap(&self, before: &[NodeId], now: &[NodeId], pairs: &mut Vec<(NodeId, NodeId)>) {
        let mut from = 0;
        for old in before {
            let Some(face) = self.face(*old, true) else { continue };
            let fits = |new: &NodeId| {
                self.face(*new, false).is_some_and(|other| {
                    let plain = !is_titled(face) && !is_titled(other);
                    other.sort == face.sort && (other.untitled == face.untitled || plain)
                })
            };
            let rest = now.get(from..).unwrap_or_default();
            if let Some(at) = rest.iter().position(fits) {
                pairs.extend(rest.get(at).map(|new| (*old, *new)));
                from += at + 1;
            }
        }
    }
}

type At<'a> = (&'a Plan, NodeId, &'a [u32]);

/// By what a child is known among its siblings.
fn word(face: &Face) -> String {
    match &face.title {
        Some(title) if is_titled(face) => format!("{} {title}", face.sort),
        _ => format!("{} {}", face.sort, crate::value::hex(&face.whole)),
    }
}

/// Whether people know it by its title: an effect inside a step has one by what it does.
fn is_titled(face: &Face) -> bool {
    face.title.is_some()
}

fn part<'n>(nodes: &'n [NodeId], range: &std::ops::Range<usize>) -> &'n [NodeId] {
    nodes.get(range.clone()).unwrap_or_default()
}

fn bodies(bodies: impl Iterator<Item = NodeId>) -> Vec<NodeId> {
    bodies.collect()
}

fn body(of: &Loop) -> NodeId {
    match of {
        Loop::For { body, .. } | Loop::Repeat { body, .. } | Loop::Poll { body, .. } => *body,
    }
}
