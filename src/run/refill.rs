//! Secrets that the journal does not hold, after a resume: computed again, or named for who has them.

use std::collections::HashMap;

use crate::event::{Kept, RunState};
use crate::plan::{Act, Eval, Loop, NodeId, Op, Plan};
use crate::value::{Expr, Part, Value, VarId, eval, filled, hollow, show};

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
        for kept in state.kept_values() {
            let missing = kept.vars.iter().filter(|(_, value)| hollow(value).is_some());
            found.extend(missing.filter_map(|(var, _)| {
                let value = eval(lets.get(&var)?, &kept).ok()?;
                hollow(&value).is_none().then_some((kept.place, var, value))
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
    for kept in state.kept_values() {
        for (var, value) in kept.vars.iter() {
            let fill = &mut |way: &[Part], origin: &str| {
                (named(plan, kept, (var, way), origin) == name).then(|| text.to_owned())
            };
            found.extend(filled(value, fill).map(|value| (kept.place, var, value)));
        }
    }
    state.put_back(&found);
}

/// What is missing that no `let` can compute; where such a one is missing its sources are too.
fn gaps(plan: &Plan, state: &RunState, lets: &HashMap<VarId, &Expr>) -> Vec<Gap> {
    let givers = givers(plan);
    let mut gaps: Vec<Gap> = vec![];
    for kept in state.kept_values() {
        for (var, value) in kept.vars.iter().filter(|(var, _)| !lets.contains_key(var)) {
            let giver = givers.get(&var).copied().unwrap_or(Giver::Change);
            filled(value, &mut |way, origin| {
                let gap = Gap { name: named(plan, kept, (var, way), origin), var, giver };
                if gaps.iter().all(|known| known.name != gap.name) {
                    gaps.push(gap);
                }
                None
            });
        }
    }
    gaps
}

/// The places of a variable that lacks a secret.
pub(super) fn places(state: &RunState, var: VarId) -> impl Iterator<Item = (Kept<'_>, &Value)> {
    let all = state.kept_values().into_iter();
    all.filter_map(move |kept| Some((kept, kept.vars.get(var).filter(|value| hollow(value).is_some())?)))
}

/// The turn of a loop is told by its item; after the loop what its turns bound is a map by item.
fn named(plan: &Plan, kept: Kept<'_>, place: (VarId, &[Part]), origin: &str) -> String {
    let (var, way) = place;
    let of_item = plan.nodes.iter().find_map(|node| match &node.op {
        Op::Loop(of) => match &**of {
            Loop::For { item, .. } => kept.vars.get(*item).filter(|_| *item != var).map(show),
            _ => None,
        },
        _ => None,
    });
    let bound_in_turns = || {
        plan.nodes.iter().any(|node| {
            matches!(&node.op, Op::Loop(of) if matches!(&**of, Loop::For { binds, .. } if binds.contains(&var)))
        })
    };
    let item = of_item.or_else(|| match way {
        [Part::Name(item), ..] if bound_in_turns() => Some(item.clone()),
        _ => None,
    });
    item.map_or_else(|| origin.to_owned(), |item| format!("{origin}@{item}"))
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
