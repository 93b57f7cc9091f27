//! Secrets that the journal does not hold, after a resume: computed again, or named for who has them.

use std::collections::HashMap;

use crate::event::{Binding, Bindings, RunState};
use crate::plan::{Act, Eval, Loop, NodeId, Op, Plan};
use crate::value::{Expr, Part, VarId, eval, filled, hollow, show};

/// A secret that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// As a person names it: `token`, `reply.key`; in a loop with the item, `token@eu-1`.
    pub name: String,
    /// The variable that it stands in.
    pub var: VarId,
    /// What gave it.
    pub giver: Giver,
}

/// What gave a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Giver {
    /// A person, who can be asked once more.
    Person,
    /// An effect that only looked there, and can look again.
    Look(NodeId),
    /// An effect that changed the world, or something that is over.
    Change,
}

/// Computes again what a `let` made of secrets; to be called whenever some have been supplied.
/// Gives what is still missing and came from outside, in the order bound.
pub fn refill(plan: &Plan, state: &mut RunState) -> Vec<Gap> {
    let lets = lets(plan);
    loop {
        let mut found = vec![];
        for bound in state.bindings() {
            let missing = bound.vars.iter().filter(|(_, value)| hollow(value).is_some());
            found.extend(missing.filter_map(|(var, _)| {
                let value = eval(lets.get(&var)?, &bound.scope()).ok()?;
                hollow(&value).is_none().then_some(Binding { of: bound.of, var, value })
            }));
        }
        if found.is_empty() {
            return gaps(plan, state, &lets);
        }
        state.put_back(&found);
    }
}

/// Supplies a missing secret by its name.
pub fn supply(plan: &Plan, state: &mut RunState, name: &str, text: &str) {
    let mut found = vec![];
    for bound in state.bindings() {
        for (var, value) in bound.vars.iter() {
            let fill = &mut |path: &[Part], origin: &str| {
                (Spot { bound, var, path }.named(plan, origin) == name).then(|| text.to_owned())
            };
            found.extend(filled(value, fill).map(|value| Binding { of: bound.of, var, value }));
        }
    }
    state.put_back(&found);
}

/// What is missing that no `let` can compute; where such a one is missing its sources are too.
fn gaps(plan: &Plan, state: &RunState, lets: &HashMap<VarId, &Expr>) -> Vec<Gap> {
    let givers = givers(plan);
    let mut gaps: Vec<Gap> = vec![];
    for bound in state.bindings() {
        for (var, value) in bound.vars.iter().filter(|(var, _)| !lets.contains_key(var)) {
            let giver = givers.get(&var).copied().unwrap_or(Giver::Change);
            filled(value, &mut |path, origin| {
                let gap = Gap { name: Spot { bound, var, path }.named(plan, origin), var, giver };
                if gaps.iter().all(|known| known.name != gap.name) {
                    gaps.push(gap);
                }
                None
            });
        }
    }
    gaps
}

/// Where a variable lacks a secret.
pub(super) fn lacking(state: &RunState, var: VarId) -> impl Iterator<Item = Bindings<'_>> {
    let lacks = move |bound: &Bindings<'_>| bound.vars.get(var).and_then(hollow).is_some();
    state.bindings().into_iter().filter(lacks)
}

/// Where a secret stands that is missing.
struct Spot<'a> {
    bound: Bindings<'a>,
    var: VarId,
    /// Within the value of the variable.
    path: &'a [Part],
}

impl Spot<'_> {
    /// The turn of a loop is told by its item; after the loop what its turns bound is a map by item.
    fn named(&self, plan: &Plan, origin: &str) -> String {
        let item = self.item(plan).or_else(|| match self.path {
            [Part::Name(item), ..] if self.is_bound_in_turns(plan) => Some(item.clone()),
            _ => None,
        });
        item.map_or_else(|| origin.to_owned(), |item| format!("{origin}@{item}"))
    }

    fn item(&self, plan: &Plan) -> Option<String> {
        loops(plan).find_map(|of| match of {
            Loop::For { item, .. } => self.bound.vars.get(*item).filter(|_| *item != self.var).map(show),
            _ => None,
        })
    }

    fn is_bound_in_turns(&self, plan: &Plan) -> bool {
        loops(plan).any(|of| matches!(of, Loop::For { binds, .. } if binds.contains(&self.var)))
    }
}

fn loops(plan: &Plan) -> impl Iterator<Item = &Loop> {
    plan.nodes.iter().filter_map(|node| if let Op::Loop(of) = &node.op { Some(&**of) } else { None })
}

fn lets(plan: &Plan) -> HashMap<VarId, &Expr> {
    let bound = plan.nodes.iter().filter_map(|node| match &node.op {
        Op::Eval(Eval::Let(bind)) => Some((bind.var, &bind.value)),
        _ => None,
    });
    bound.collect()
}

fn givers(plan: &Plan) -> HashMap<VarId, Giver> {
    let mut givers = HashMap::new();
    for (at, node) in (0..).zip(&plan.nodes) {
        let Op::Do(effect) = &node.op else { continue };
        let giver = match (&effect.act, effect.class) {
            (Act::Person(_), _) => Giver::Person,
            (_, crate::plan::Class::Looks) => Giver::Look(NodeId(at)),
            _ => Giver::Change,
        };
        givers.extend(effect.binds.iter().map(|bind| (bind.var, giver)));
    }
    givers
}
