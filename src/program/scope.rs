//! Which names mean what at a point of the file, and why a name that was bound is not there.
//!
//! One flat map with a trail of what was overwritten: entering and leaving a block costs only the
//! names it touched, however many are in scope. Knows nothing of statements and reports nothing.

use std::collections::{HashMap, HashSet};

use super::Named;
use crate::text::Span;
use crate::value::{Type, VarId};

/// What a name stands for.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// A variable, or a module constant by position.
    pub(super) meaning: Meaning,
    /// Its type as seen here (after a `for` a map).
    pub(super) ty: Type,
    /// Whether it is tainted.
    pub(super) secret: bool,
    /// Where it was bound.
    pub(super) span: Span,
    /// `None` while it is surely bound.
    pub(super) lost: Option<Loss>,
    /// Another binding of the same name, hidden by a name that the block brings (`status`).
    pub(super) hides: Option<Span>,
}

/// What an entry refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Var(VarId),
    Constant(usize),
}

impl Meaning {
    /// As names in the text lead to it.
    pub(super) fn named(self) -> Named {
        match self {
            Self::Var(var) => Named::Var(var),
            Self::Constant(at) => Named::Constant(at),
        }
    }
}

/// Why a name that was bound somewhere before is not surely bound here.
#[derive(Clone, Debug)]
pub(super) struct Loss {
    pub(super) why: Why,
    /// The place that makes it so: the branch without it, the condition, the block it belongs to.
    pub(super) span: Span,
}

/// The reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// A branch does not bind it.
    Branch,
    /// There is no `else` to bind it.
    NoElse,
    /// Its statement may be skipped by a condition.
    Skipped,
    /// Its step may be in place already.
    InPlace,
    /// It belongs to another branch of the same decision.
    OtherBranch,
    /// It belongs to another branch of the same `parallel`.
    Sibling,
    /// It exists only inside its block (`rollback`, a guard).
    Inner(&'static str),
    /// It is the item of a `for`.
    Item,
    /// The block that bound it was undone (`otherwise`).
    Undone,
    /// It was bound by a decision that can be a "no" here.
    Verdict,
    /// It is of another type on another branch.
    Differs,
}

/// Where a scope stood; see [`Scope::mark`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark(usize);

/// What one branch of several binds.
pub(super) type Bound<'a> = Vec<(&'a str, Entry)>;

/// Alternatives that share variables: a name bound by each of them is one variable afterwards.
#[derive(Debug, Default)]
struct Join<'a> {
    /// Nothing is shared across it: what is bound inside is not seen outside.
    wall: bool,
    earlier: HashMap<&'a str, VarId>,
    taken: HashSet<&'a str>,
}

/// The names at a point of a file.
#[derive(Debug, Default)]
pub(super) struct Scope<'a> {
    names: HashMap<&'a str, Entry>,
    trail: Vec<(&'a str, Option<Entry>)>,
    joins: Vec<Join<'a>>,
}

impl<'a> Scope<'a> {
    /// What `name` stands for, bound or lost.
    pub(super) fn get(&self, name: &str) -> Option<&Entry> {
        self.names.get(name)
    }

    /// The names that are surely bound, the latest first; stops after `limit` so that a wrong name stays cheap.
    pub(super) fn bound_names(&self, limit: usize) -> impl Iterator<Item = &'a str> {
        let names = self.trail.iter().rev().take(limit).map(|(name, _)| *name);
        names.filter(|name| self.names.get(name).is_some_and(|entry| entry.lost.is_none()))
    }

    /// Binds or rebinds a name.
    pub(super) fn set(&mut self, name: &'a str, entry: Entry) {
        let old = self.names.insert(name, entry);
        self.trail.push((name, old));
    }

    /// The state now, to compare or go back to.
    pub(super) fn mark(&self) -> Mark {
        Mark(self.trail.len())
    }

    /// What was bound since `mark` and is still surely there, in the order bound.
    pub(super) fn bound_since(&self, mark: Mark) -> Bound<'a> {
        let mut seen = HashSet::new();
        let recent = self.trail.get(mark.0..).unwrap_or_default();
        let first = recent.iter().filter(|(name, _)| seen.insert(*name));
        let fresh = first.filter_map(|(name, before)| {
            let now = self.names.get(name).filter(|now| now.lost.is_none())?;
            let same = before.as_ref().is_some_and(|old| old.lost.is_none() && old.meaning == now.meaning);
            (!same).then(|| (*name, now.clone()))
        });
        fresh.collect()
    }

    /// Puts `entry` (or nothing) in the place of what a name means, and gives that back.
    pub(super) fn replace(&mut self, name: &'a str, entry: Option<Entry>) -> Option<Entry> {
        let old = match entry {
            Some(entry) => self.names.insert(name, entry),
            None => self.names.remove(name),
        };
        self.trail.push((name, old.clone()));
        old
    }

    /// Takes back everything since `mark`. What was bound stays known as lost, for messages,
    /// where nothing else had the name.
    pub(super) fn leave(&mut self, mark: Mark, loss: &Loss) {
        let bound = self.bound_since(mark);
        while self.trail.len() > mark.0 {
            match self.trail.pop() {
                Some((name, Some(old))) => _ = self.names.insert(name, old),
                Some((name, None)) => _ = self.names.remove(name),
                None => break,
            }
        }
        for (name, entry) in bound {
            self.lose(name, entry, loss);
        }
    }

    /// Makes names that were bound since `mark` not surely bound any more, but for those that are `kept`.
    pub(super) fn doubt(&mut self, mark: Mark, kept: &Bound<'a>, loss: &Loss) {
        let kept: HashMap<&str, Meaning> = kept.iter().map(|(name, entry)| (*name, entry.meaning)).collect();
        for (name, entry) in self.bound_since(mark) {
            if kept.get(name) != Some(&entry.meaning) {
                self.set(name, Entry { lost: Some(loss.clone()), ..entry });
            }
        }
    }

    fn lose(&mut self, name: &'a str, entry: Entry, loss: &Loss) {
        let free = self.names.get(name).is_none_or(|current| current.lost.is_some());
        if free {
            self.set(name, Entry { lost: Some(loss.clone()), ..entry });
        }
    }

    /// Sees every name bound since `mark` as a map by item.
    pub(super) fn by_item(&mut self, mark: Mark) {
        for (name, entry) in self.bound_since(mark) {
            let ty = Type::Map(Box::new(entry.ty));
            self.set(name, Entry { ty, ..entry });
        }
    }

    /// Begins alternatives; each starts with [`Scope::next_alternative`].
    pub(super) fn begin_alternatives(&mut self) {
        self.joins.push(Join::default());
    }

    /// Begins the next alternative.
    pub(super) fn next_alternative(&mut self) {
        if let Some(join) = self.joins.last_mut() {
            join.taken.clear();
        }
    }

    /// Ends an alternative: remembers what it bound, for the next ones to share.
    pub(super) fn end_alternative(&mut self, bound: &Bound<'a>) {
        let Some(join) = self.joins.last_mut() else { return };
        for (name, entry) in bound {
            if let Meaning::Var(var) = entry.meaning {
                join.earlier.entry(name).or_insert(var);
            }
        }
    }

    /// Ends the alternatives (or the walled block).
    pub(super) fn end_alternatives(&mut self) {
        self.joins.pop();
    }

    /// Begins a block that shares no variable with the alternatives around it.
    pub(super) fn begin_wall(&mut self) {
        self.joins.push(Join { wall: true, ..Join::default() });
    }

    /// The variable that an earlier alternative bound under this name, if it `fits`; once per alternative.
    pub(super) fn shared(&mut self, name: &'a str, fits: impl Fn(VarId) -> bool) -> Option<VarId> {
        for join in self.joins.iter_mut().rev().take_while(|join| !join.wall) {
            let Some(var) = join.earlier.get(name).copied() else { continue };
            if fits(var) && join.taken.insert(name) {
                return Some(var);
            }
        }
        None
    }
}
