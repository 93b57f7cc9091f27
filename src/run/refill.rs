//! Values that the journal does not hold, computed again after a resume.

use std::collections::HashMap;

use super::decide::Seen;
use crate::event::{FrameId, RunState};
use crate::plan::{Eval, Op, Plan};
use crate::value::{Expr, Value, VarId, eval};

/// Computes tainted values again that a `let` made of secrets; to be called once the inputs that are
/// secret have been supplied again. Gives the names of what is still missing: an effect produced it.
pub fn refill(plan: &Plan, state: &mut RunState) -> Vec<String> {
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
    let name = |(_, var): &(FrameId, VarId)| plan.var(*var).map(|var| var.name.clone());
    hollow.iter().filter_map(name).collect()
}

fn hollow(state: &RunState) -> Vec<(FrameId, VarId)> {
    let scopes = state.frames().filter_map(|frame| frame.vars.as_ref().map(|vars| (frame.id, vars)));
    let empty = |value: &Value| matches!(value, Value::Secret(secret) if secret.text.is_none());
    scopes
        .flat_map(|(frame, vars)| {
            vars.iter().filter(|(_, value)| empty(value)).map(move |(var, _)| (frame, var))
        })
        .collect()
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
        Some(Value::Secret(secret)) if secret.text.is_none() => false,
        Some(value) => {
            state.fill(frame, var, value);
            true
        }
        None => false,
    }
}
