//! Titles of what is taken in from elsewhere: a runbook called twice in one scope, or a module's step, could not be
//! told apart by its own. All but the first get a number.
//!
//! Titles written in one file differ already; the arms of an `if` may share theirs.

use std::collections::HashMap;

use super::{fixed_text, text};
use crate::plan::{Node, NodeId, Op, Plan, Role};

/// Numbers equal titles.
pub(super) fn number(nodes: &mut [Node]) {
    visit(nodes, Plan::ROOT, &mut Scope::default());
}

/// The titles of one scope.
#[derive(Default)]
struct Scope {
    /// With the highest number that each was given.
    titles: HashMap<String, usize>,
    /// The same in the order met.
    order: Vec<String>,
}

impl Scope {
    /// Takes a title in; gives the one to use instead where it is taken.
    fn take(&mut self, title: String, changeable: bool) -> Option<String> {
        let Some(last) = self.titles.get(&title).copied() else {
            self.titles.insert(title.clone(), 1);
            self.order.push(title);
            return None;
        };
        let named = |n: usize| format!("{title} ({n})");
        let mut numbers = last + 1..last + self.titles.len() + 2;
        let free = numbers.find(|n| !self.titles.contains_key(&named(*n))).filter(|_| changeable)?;
        let other = named(free);
        self.titles.insert(title, free);
        self.take(other.clone(), false);
        Some(other)
    }

    /// Takes back what came after a position.
    fn forget(&mut self, from: usize) -> Vec<String> {
        let titles = self.order.split_off(from);
        titles.iter().for_each(|title| _ = self.titles.remove(title));
        titles
    }
}

fn visit(nodes: &mut [Node], id: NodeId, scope: &mut Scope) {
    let Some(node) = nodes.get_mut(id.0 as usize) else { return };
    if let Some(title) = node.title.as_ref().and_then(fixed_text)
        && let Some(other) = scope.take(title, may_be_taken_in(&node.op))
    {
        node.title = Some(text(&other));
    }
    let mut own = Scope::default();
    let scope = if node.title.is_some() { &mut own } else { scope };
    match &node.op {
        Op::Do(_) | Op::Eval(_) | Op::Mark(_) => {}
        Op::Loop(_) => below(nodes, id),
        Op::Branch(arms) => {
            let arms: Vec<NodeId> = arms.iter().map(|arm| arm.body).collect();
            branch(nodes, &arms, scope);
        }
        Op::Group(group) => {
            let children = group.children.clone();
            children.into_iter().for_each(|child| visit(nodes, child, scope));
            beside(nodes, id);
        }
    }
}

/// Only one of the arms runs.
fn branch(nodes: &mut [Node], arms: &[NodeId], scope: &mut Scope) {
    let from = scope.order.len();
    let mut all = vec![];
    for arm in arms {
        visit(nodes, *arm, scope);
        all.append(&mut scope.forget(from));
    }
    all.into_iter().for_each(|title| _ = scope.take(title, false));
}

/// The body of a loop: its turns are known by their items.
fn below(nodes: &mut [Node], id: NodeId) {
    let mut bodies = vec![];
    if let Some(node) = nodes.get(id.0 as usize) {
        node.below(&mut |body| bodies.push(body));
    }
    bodies.into_iter().for_each(|body| visit(nodes, body, &mut Scope::default()));
}

/// Undos, watches, handlers: each by itself.
fn beside(nodes: &mut [Node], id: NodeId) {
    let mut bodies = vec![];
    if let Some(Op::Group(group)) = nodes.get(id.0 as usize).map(|node| &node.op) {
        group.role.below(&mut |body| bodies.push(body));
    }
    bodies.into_iter().for_each(|body| visit(nodes, body, &mut Scope::default()));
}

fn may_be_taken_in(op: &Op) -> bool {
    matches!(op, Op::Group(group) if matches!(group.role, Role::Call | Role::Step(_)))
}
