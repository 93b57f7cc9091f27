//! Values that the journal does not hold, computed again after a resume.

use std::collections::HashMap;

use super::decide::Seen;
use crate::event::{FrameId, RunState};
use crate::plan::{Act, Eval, Op, Plan};
use crate::value::{Expr, Value, VarId, eval};

/// Computes tainted values again that a `let` made of secrets; to be called once the inputs that are
/// secret have been supplied again. Gives what is still missing: an effect or a person gave it.
pub fn refill(plan: &Plan, state: &mut RunState) -> Vec<VarId> {
    let mut hollow = hollow(state);
    if hollow.is_empty() {
        return vec![];
    }
    let lets = lets(plan);
    loop {
        let before = hollow.len();
        hollow.retain(|(frame, var)| !fill(state, &lets, *frame, *var));
        if hollow.is_empty() || hollow.len() == before {
            break;
        }
    }
    let mut missing: Vec<VarId> = hollow.into_iter().map(|(_, var)| var).collect();
    missing.dedup();
    missing
}

/// Whether a person was asked for that variable's value.
#[must_use]
pub fn is_asked(plan: &Plan, var: VarId) -> bool {
    plan.nodes.iter().any(|node| match &node.op {
        Op::Do(effect) => {
            matches!(effect.act, Act::Person(_)) && effect.binds.iter().any(|bind| bind.var == var)
        }
        _ => false,
    })
}

fn hollow(state: &RunState) -> Vec<(FrameId, VarId)> {
    let scopes = state.frames().filter_map(|frame| frame.vars.as_ref().map(|vars| (frame.id, vars)));
    scopes
        .flat_map(|(frame, vars)| {
            vars.iter().filter(|(_, value)| is_hollow(value)).map(move |(var, _)| (frame, var))
        })
        .collect()
}

/// Whether a secret in a value is not at hand.
fn is_hollow(value: &Value) -> bool {
    match value {
        Value::Secret(secret) => secret.text.is_none(),
        Value::List(items) => items.iter().any(is_hollow),
        Value::Map(fields) => fields.values().any(is_hollow),
        _ => false,
    }
}

fn lets(plan: &Plan) -> HashMap<VarId, &Expr> {
    let bound = plan.nodes.iter().filter_map(|node| match &node.op {
        Op::Eval(Eval::Let(bind)) => Some((bind.var, &bind.value)),
        _ => None,
    });
    bound.collect()
}

fn fill(state: &mut RunState, lets: &HashMap<VarId, &Expr>, frame: FrameId, var: VarId) -> bool {
    let value = lets.get(&var).and_then(|expr| eval(expr, &Seen { state, frame }).ok());
    match value {
        Some(value) if !is_hollow(&value) => {
            state.fill(frame, var, value);
            true
        }
        _ => false,
    }
}
