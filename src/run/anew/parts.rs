//! What parts of a plan are, as far as carrying a run over asks.

use crate::plan::{Act, Answer, Class, Eval, Loop, Mark, NodeId, Op, Plan, QuestionKind, Role};

/// Whether a person decides about a part as a whole: a step, a check, a gate. A step around others goes by those.
pub(super) fn is_unit(plan: &Plan, node: NodeId, mut below: impl Iterator<Item = NodeId>) -> bool {
    match plan.op(node) {
        Some(Op::Loop(of)) => matches!(**of, Loop::Poll { .. }),
        Some(Op::Group(group)) => match group.role {
            Role::Gate { .. } => true,
            Role::Step(_) => !below.any(|inner| inner != node && plan.step(inner).is_some()),
            _ => false,
        },
        _ => false,
    }
}

/// Whether it leaves no record where it holds.
pub(super) fn is_silent(plan: &Plan, node: NodeId) -> bool {
    matches!(plan.op(node), Some(Op::Eval(Eval::Expect(_) | Eval::Given(_))))
}

/// Whether a child is that node, or a branch with that node for an arm.
pub(super) fn stands_for(plan: &Plan, child: NodeId, node: NodeId) -> bool {
    let arm = || match plan.op(child) {
        Some(Op::Branch(arms)) => arms.iter().any(|arm| arm.body == node),
        _ => false,
    };
    child == node || arm()
}

/// The children of a group.
pub(super) fn children(plan: &Plan, node: NodeId) -> &[NodeId] {
    plan.group(node).map(|group| group.children.as_slice()).unwrap_or_default()
}

/// Where among the children of a group a node stands.
pub(super) fn position(plan: &Plan, group: NodeId, node: NodeId) -> Option<usize> {
    children(plan, group).iter().position(|child| stands_for(plan, *child, node))
}

/// Whether it is an approval.
pub(super) fn is_approval(plan: &Plan, node: NodeId) -> bool {
    matches!(plan.op(node), Some(Op::Do(effect)) if matches!(&effect.act,
        Act::Person(question) if matches!(question.kind, QuestionKind::Approval { .. })))
}

/// Whether a part may not be passed by: nobody gets past a gate, a lock or the point of no return by writing it in behind.
pub(super) fn is_barrier(plan: &Plan, node: NodeId) -> bool {
    match plan.op(node) {
        Some(Op::Do(effect)) => matches!(effect.act, Act::Lock(_)) || is_approval(plan, node),
        Some(Op::Group(group)) => matches!(group.role, Role::Gate { .. }),
        Some(Op::Mark(mark)) => matches!(mark, Mark::Commit),
        _ => false,
    }
}

/// Whether people care that it is gone or another: it changes the world, asks somebody or takes a lock.
pub(super) fn matters(plan: &Plan, node: NodeId) -> bool {
    match plan.op(node) {
        Some(Op::Do(effect)) => effect.class != Class::Looks || matches!(effect.act, Act::Lock(_)),
        Some(Op::Mark(_)) => true,
        _ => plan.step(node).is_some(),
    }
}

/// The body of the undo of a step in which a node of the same kind of undo stands.
pub(super) fn undo_bodies(plan: &Plan, step: NodeId) -> Vec<NodeId> {
    let Some(step) = plan.step(step) else { return vec![] };
    let rollback = if let Answer::Rollback(undo) = &step.undo { Some(undo.body) } else { None };
    rollback.into_iter().chain(step.restore.as_ref().map(|undo| undo.body)).collect()
}
