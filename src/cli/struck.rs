//! Which effects of a place a failure strikes: the last changing one, or the one of a number.

use super::inputs::Values;
use super::places::Place;
use crate::plan::{Act, Answer, Class, Effect, Loop, NodeId, Op, Plan, Role};
use crate::view::plan::Known;

/// The longest part of an effect that is told.
const TOLD: usize = 60;

/// The effects any of which is struck, whichever is done first.
///
/// # Errors
/// In words, when there is none.
pub(super) fn struck(
    (plan, values): (&Plan, &Values),
    place: &Place,
    undo: bool,
    number: Option<usize>,
) -> Result<Vec<NodeId>, String> {
    let title = place.title();
    let bodies = if undo { undos(plan, place.node) } else { vec![place.node] };
    if bodies.is_empty() {
        return Err(format!("\"{title}\" has neither rollback nor restore"));
    }
    let mut all = vec![];
    bodies.iter().for_each(|body| effects(plan, *body, &mut all));
    if all.is_empty() {
        return Err(format!("nothing in \"{title}\" can be made to fail: it asks nothing of the world"));
    }
    let Some(number) = number else { return Ok(last(plan, &bodies)) };
    let numbered = number.checked_sub(1).and_then(|at| all.get(at));
    numbered.map(|effect| vec![*effect]).ok_or_else(|| {
        let known = Known::new(plan, values.clone());
        let lines = (1..).zip(&all).map(|(at, effect)| format!("#{at} {}", told(&known, plan, *effect)));
        let lines = lines.collect::<Vec<_>>().join("\n  ");
        format!("\"{title}\" has no effect #{number}; it has:\n  {lines}")
    })
}

/// The bodies of what undoes a step, the rollback first.
fn undos(plan: &Plan, step: NodeId) -> Vec<NodeId> {
    let Some(step) = plan.step(step) else { return vec![] };
    let rollback = if let Answer::Rollback(undo) = &step.undo { Some(undo.body) } else { None };
    rollback.into_iter().chain(step.restore.as_ref().map(|undo| undo.body)).collect()
}

/// The effects that a host is asked for going forward from a node, in order.
fn effects(plan: &Plan, id: NodeId, into: &mut Vec<NodeId>) {
    match plan.op(id) {
        Some(Op::Do(effect)) if is_of_the_world(effect) => into.push(id),
        _ => forward(plan, id).into_iter().for_each(|child| effects(plan, child, into)),
    }
}

/// A time, a line of a log and a lock are nothing that a host does.
fn is_of_the_world(effect: &Effect) -> bool {
    !matches!(effect.act, Act::Wait(_) | Act::Log(_) | Act::Lock(_))
}

/// What is done of a node when nothing fails.
fn forward(plan: &Plan, id: NodeId) -> Vec<NodeId> {
    match plan.op(id) {
        Some(Op::Group(group)) => group.children.clone(),
        Some(Op::Branch(arms)) => arms.iter().map(|arm| arm.body).collect(),
        Some(Op::Loop(looped)) => match **looped {
            Loop::For { body, .. } | Loop::Repeat { body, .. } | Loop::Poll { body, .. } => vec![body],
        },
        _ => vec![],
    }
}

/// The last changing effect of these bodies, or the last of any kind where none changes anything.
fn last(plan: &Plan, bodies: &[NodeId]) -> Vec<NodeId> {
    let by = |wanted: &dyn Fn(&Effect) -> bool| {
        let found = bodies.iter().map(|body| Last { plan, wanted }.of(*body).0);
        found.into_iter().find(|nodes| !nodes.is_empty())
    };
    let changing = by(&|effect| effect.class == Class::Changes && is_of_the_world(effect));
    changing.or_else(|| by(&is_of_the_world)).unwrap_or_default()
}

struct Last<'a> {
    plan: &'a Plan,
    wanted: &'a dyn Fn(&Effect) -> bool,
}

impl Last<'_> {
    /// The effects one of which is done last, and whether one of them is done for certain.
    fn of(&self, id: NodeId) -> (Vec<NodeId>, bool) {
        match self.plan.op(id) {
            Some(Op::Do(effect)) if (self.wanted)(effect) => (vec![id], true),
            Some(Op::Group(group)) => {
                let (nodes, certain) = self.of_sequence(&group.children);
                (nodes, certain && !is_optional(&group.role))
            }
            Some(Op::Branch(arms)) => {
                let each: Vec<_> = arms.iter().map(|arm| self.of(arm.body)).collect();
                let whole =
                    arms.iter().any(|arm| arm.when.is_none()) && each.iter().all(|(_, certain)| *certain);
                (each.into_iter().flat_map(|(nodes, _)| nodes).collect(), whole)
            }
            Some(Op::Loop(looped)) => match **looped {
                Loop::For { body, .. } => (self.of(body).0, false),
                Loop::Repeat { body, .. } | Loop::Poll { body, .. } => self.of(body),
            },
            _ => (vec![], false),
        }
    }

    /// Where nothing is done for certain, the last of what may be.
    fn of_sequence(&self, children: &[NodeId]) -> (Vec<NodeId>, bool) {
        let mut maybe = vec![];
        for child in children.iter().rev() {
            let (nodes, certain) = self.of(*child);
            if certain {
                return (nodes, true);
            }
            if maybe.is_empty() {
                maybe = nodes;
            }
        }
        (maybe, false)
    }
}

/// A step within that may be passed over.
fn is_optional(role: &Role) -> bool {
    matches!(role, Role::Step(step) if step.condition.is_some() || step.done_when.is_some())
}

/// An effect in a few words.
fn told(known: &Known<'_>, plan: &Plan, id: NodeId) -> String {
    let Some(Op::Do(effect)) = plan.op(id) else { return String::new() };
    let text = match &effect.act {
        Act::Run { words, .. } => {
            let words: Vec<_> = words.iter().map(|word| known.word(&word.value, word.splice)).collect();
            format!("run {}", words.join(" "))
        }
        Act::Script { interpreter, script, .. } => format!("{}: {}", interpreter.join(" "), script.trim()),
        Act::Http { method, url, .. } => format!("{method} {}", known.show(url)),
        Act::Artifact(path) => format!("artifact {}", known.show(path)),
        Act::Evidence(value) => format!("evidence {}", known.show(value)),
        Act::Notify { channel, .. } => format!("notify {channel}"),
        Act::Person(question) => known.show(&question.text),
        Act::Log(_) | Act::Wait(_) | Act::Lock(_) => String::new(),
    };
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(TOLD) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line.to_owned(),
    }
}
