//! The turns of a `repeat`: on some courses its condition is met in the second turn only, on others never.
//!
//! A plan cannot know in which turn it is, the host does: one effect of the body, asked once a turn, is answered with
//! the number of the turn, and the condition asks for that.

use super::unknown::Unknown;
use crate::plan::{Act, Bind, Class, Effect, Loop, NodeId, Op, Plan, ResponsePart, Role, Variable};
use crate::value::{BinaryOp, Expr, Type, Value, VarId};

/// A loop that never ends well is drilled with so many turns at most.
const NEVER: u32 = 2;

/// What an effect that tells the turns answers in one.
pub(super) fn answer(turn: usize) -> String {
    format!("turn {turn}")
}

impl Unknown<'_> {
    /// The effect by which the turns of a body are told: one that is asked in every turn, once. Rather one that looks, as
    /// such a one is asked again after a crash.
    pub(super) fn turns_by(&self, body: NodeId) -> Option<NodeId> {
        let mut sure = vec![];
        always(self.plan, body, &mut sure);
        let looks =
            |at: &&NodeId| matches!(self.plan.op(**at), Some(Op::Do(effect)) if effect.class == Class::Looks);
        sure.iter().find(looks).or_else(|| sure.first()).copied()
    }
}

/// Programs and requests that a turn does whatever comes.
fn always(plan: &Plan, at: NodeId, sure: &mut Vec<NodeId>) {
    match plan.op(at) {
        Some(Op::Do(effect)) if part(effect).is_some() => sure.push(at),
        Some(Op::Group(group)) => {
            let conditional = match &group.role {
                Role::Step(step) => step.condition.is_some() || step.done_when.is_some(),
                Role::Attempt { .. } => true,
                _ => false,
            };
            if !conditional {
                group.children.iter().for_each(|child| always(plan, *child, sure));
            }
        }
        Some(Op::Loop(looped)) => {
            if let Loop::Poll { soak: None, body, .. } = &**looped {
                always(plan, *body, sure);
            }
        }
        _ => {}
    }
}

/// The part of its answer that tells the turn.
fn part(effect: &Effect) -> Option<ResponsePart> {
    match effect.act {
        Act::Run { .. } | Act::Script { .. } => Some(ResponsePart::Stdout),
        Act::Http { .. } => Some(ResponsePart::Body),
        _ => None,
    }
}

/// Makes a loop meet its condition in the second turn, as that effect tells.
pub(super) fn second(plan: &mut Plan, looped: NodeId, by: NodeId) {
    let (answered, turn) = (variable(plan), variable(plan));
    let Some(Op::Do(effect)) = plan.nodes.get_mut(by.0 as usize).map(|node| &mut node.op) else { return };
    let Some(part) = part(effect) else { return };
    let known = effect.response.iter().find(|(of, _)| *of == part).map(|(_, var)| *var);
    if known.is_none() {
        effect.response.push((part, answered));
    }
    effect.binds.push(Bind { var: turn, ty: Type::Text, value: Expr::Var(known.unwrap_or(answered)) });
    let is = |left, right| Expr::Binary(BinaryOp::Eq, Box::new(left), Box::new(right));
    until(plan, looped, is(Expr::Var(turn), Expr::Const(answer(2).as_str().into())));
}

/// Makes a loop never meet its condition.
pub(super) fn never(plan: &mut Plan, looped: NodeId) {
    until(plan, looped, Expr::Const(Value::Bool(false)));
    if let Some(Loop::Repeat { at_most, .. }) = repeat(plan, looped) {
        *at_most = NEVER.min(*at_most);
    }
}

fn until(plan: &mut Plan, looped: NodeId, condition: Expr) {
    if let Some(Loop::Repeat { until, .. }) = repeat(plan, looped) {
        *until = condition;
    }
}

fn repeat(plan: &mut Plan, looped: NodeId) -> Option<&mut Loop> {
    match plan.nodes.get_mut(looped.0 as usize).map(|node| &mut node.op) {
        Some(Op::Loop(looped)) => Some(looped),
        _ => None,
    }
}

fn variable(plan: &mut Plan) -> VarId {
    let var = VarId(u32::try_from(plan.vars.len()).unwrap_or(u32::MAX));
    plan.vars.push(Variable { name: "turn".into(), ty: Type::Text, secret: false });
    var
}
