//! A value that is not there, by its name, and with what would have given it.

use super::path::title_of;
use crate::event::{FrameId, RunState};
use crate::plan::{NodeId, Plan, Role};
use crate::value::{EvalError, Expr, Value, VarId, eval};

/// The value of an expression as seen from a frame; where a variable has none, its name is told.
pub(super) fn value_in(
    plan: &Plan,
    state: &RunState,
    frame: FrameId,
    expr: &Expr,
) -> Result<Value, EvalError> {
    let named = |error: EvalError| match error.missing {
        Some(var) => EvalError { message: said(plan, state, frame, var), ..error },
        None => error,
    };
    eval(expr, &state.seen_from(frame)).map_err(named)
}

/// In words that a variable has no value, and what would have given it.
pub(super) fn said(plan: &Plan, state: &RunState, frame: FrameId, var: VarId) -> String {
    let name = plan.var(var).map_or("?", |var| var.name.as_str());
    let giver = giver(plan, var).and_then(|node| title_of(plan, state, frame, node));
    let from = giver.map(|title| format!("; it comes from \"{title}\"")).unwrap_or_default();
    format!("`{name}` has no value{from}")
}

/// The step that binds a variable, or what else has a title there.
fn giver(plan: &Plan, var: VarId) -> Option<NodeId> {
    let binds = |node: &NodeId| {
        let mut own = false;
        plan.node(*node).inspect(|node| node.binds(&mut |bound| own |= bound == var));
        own
    };
    let binder = (0..).take(plan.nodes.len()).map(NodeId).find(binds)?;
    let parents = plan.parents();
    let above = |id: &NodeId| parents.get(id.0 as usize).copied().filter(|parent| parent != id);
    let mut around = std::iter::successors(Some(binder), above);
    let step = |id: &NodeId| plan.group(*id).is_some_and(|group| matches!(group.role, Role::Step(_)));
    around.find(step).or(Some(binder))
}
