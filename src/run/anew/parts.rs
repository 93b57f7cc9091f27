//! What parts of a plan are, as far as carrying a run over asks.

use crate::plan::{Act, Class, Loop, Mark, NodeId, Op, Plan, Role};

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

/// The children of a group.
pub(super) fn children(plan: &Plan, node: NodeId) -> &[NodeId] {
    plan.group(node).map(|group| group.children.as_slice()).unwrap_or_default()
}

/// Where among the children of a group a node stands.
pub(super) fn position(plan: &Plan, group: NodeId, node: NodeId) -> Option<usize> {
    children(plan, group).iter().position(|child| plan.stands_for(*child, node))
}

/// Whether a part may not be passed by: nobody gets past a gate, a lock or the point of no return by writing it in behind.
pub(super) fn is_barrier(plan: &Plan, node: NodeId) -> bool {
    match plan.op(node) {
        Some(Op::Do(effect)) => matches!(effect.act, Act::Lock(_)) || plan.is_approval(node),
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
