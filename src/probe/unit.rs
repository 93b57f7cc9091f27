//! A look made ready to be asked alone: a plan of which nothing is left but that.

use std::collections::HashMap;
use std::time::Duration;

use crate::plan::{
    Act, Answer, Class, Effect, Group, Input, Loop, Mode, NodeId, Op, Plan, Role, RunScope, Step,
};
use crate::value::{Expr, Value, VarId};

/// A look without a limit of its own has this one.
pub const LIMIT: Duration = Duration::from_mins(1);

/// Whether that is a program, request or file that only looks, and can be asked outside of a run.
pub(super) fn is_look(effect: &Effect) -> bool {
    let asks = match &effect.act {
        Act::Run { terminal, .. } | Act::Script { terminal, .. } => !terminal,
        Act::Http { .. } | Act::Artifact(_) => true,
        _ => false,
    };
    asks && effect.class == Class::Looks
}

/// Whether it only says something about the run, to be left out.
fn is_talk(effect: &Effect) -> bool {
    matches!(effect.act, Act::Log(_) | Act::Notify { .. } | Act::Evidence(_))
}

/// Why what stands in a part of a plan cannot be asked; `None` where it can.
pub(super) fn hindrance(plan: &Plan, range: std::ops::Range<usize>) -> Option<&'static str> {
    plan.nodes.get(range).unwrap_or_default().iter().find_map(|node| match &node.op {
        Op::Do(effect) if is_look(effect) || is_talk(effect) => None,
        Op::Do(effect) => Some(match &effect.act {
            Act::Person(_) => "a person answers it",
            Act::Run { .. } | Act::Script { .. } if effect.class == Class::Looks => "it wants the terminal",
            _ => "it does more than look",
        }),
        _ => None,
    })
}

/// The plan of one look: a check, an effect, the block of a guard, or a step of which only `done when` is asked.
pub(super) fn alone(plan: &Plan, unit: NodeId, known: &HashMap<VarId, Value>) -> Plan {
    let mut plan = plan.clone();
    let input =
        |var: &VarId| Input { var: *var, default: None, from: None, condition: None, description: None };
    plan.inputs = known.keys().map(input).collect();
    plan.nodes.iter_mut().for_each(|node| quiet(&mut node.op));
    if let Some(Op::Group(group)) = plan.nodes.get_mut(unit.0 as usize).map(|node| &mut node.op)
        && let Role::Step(step) = &mut group.role
    {
        **step = only_done_when(step);
        group.children.clear();
    }
    let root = Group { role: Role::Run(RunScope::default()), mode: Mode::Sequence, children: vec![unit] };
    if let Some(node) = plan.nodes.first_mut() {
        node.op = Op::Group(Box::new(root));
    }
    plan
}

/// One look, with a limit, once.
fn quiet(op: &mut Op) {
    match op {
        Op::Do(effect) if is_talk(effect) => {
            *op = Op::Group(Box::new(Group { role: Role::Block, mode: Mode::Sequence, children: vec![] }));
        }
        Op::Do(effect) => {
            effect.retry = None;
            effect.timeout.get_or_insert_with(|| Box::new(Expr::Const(Value::Duration(LIMIT))));
        }
        Op::Loop(looped) => {
            if let Loop::Poll { within, soak, .. } = &mut **looped {
                (*within, *soak) = (None, None);
            }
        }
        _ => {}
    }
}

fn only_done_when(step: &Step) -> Step {
    Step {
        condition: None,
        done_when: step.done_when,
        undo: Answer::Unanswered,
        restore: None,
        needs: vec![],
        captures: vec![],
        retry: None,
        timeout: None,
        atomic: false,
        idempotent: false,
        due: None,
        hints: vec![],
        on: None,
        manual: false,
    }
}
