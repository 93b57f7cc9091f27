//! Whether parts of two plans are alike: each node by what it does, told in names in place of numbers.
//!
//! Variables and nodes have other numbers in another plan. A variable counts by its name and type, a node below by
//! where it hangs. What the digest leaves out is left out here, too.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use super::digest::canonical;
use super::{
    Act, Answer, DueSince, Eval, Group, Loop, Mark, Node, NodeId, Op, Plan, QuestionKind, Role, Step,
};
use crate::value::{Expr, VarId};

/// A hash over what a part of a plan does.
pub(super) type Print = [u8; 32];

/// The names of variables in two plans: the same number for the same name and type.
#[derive(Default)]
pub(super) struct Names(HashMap<String, u32>);

impl Names {
    fn number(&mut self, plan: &Plan, var: VarId) -> VarId {
        let name = plan.var(var).map(|var| format!("{}: {} {}", var.name, var.ty, var.secret));
        let next = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        VarId(*self.0.entry(name.unwrap_or_default()).or_insert(next))
    }

    fn rename(&mut self, plan: &Plan, expr: &mut Expr) {
        if let Expr::Var(var) = expr {
            *var = self.number(plan, *var);
        }
        expr.parts_mut(&mut |part| self.rename(plan, part));
    }

    fn rename_all(&mut self, plan: &Plan, vars: &mut [VarId]) {
        vars.iter_mut().for_each(|var| *var = self.number(plan, *var));
        vars.sort_unstable();
    }
}

/// What a node is and does.
#[derive(Clone)]
pub(super) struct Face {
    /// What sort of thing it is; things of two sorts never stand for each other.
    pub(super) sort: String,
    /// Its title, where it has one.
    pub(super) title: Option<String>,
    /// All that is in it, its title too.
    pub(super) whole: Print,
    /// The same without its own title.
    pub(super) untitled: Print,
    /// Of a step: without its title and what undoes it.
    pub(super) work: Print,
    /// What it does by itself, whatever hangs from it.
    pub(super) own: Print,
}

/// The face of each node of a plan, by position.
pub(super) fn faces(plan: &Plan, names: &mut Names) -> Vec<Face> {
    let mut faces: Vec<Option<Face>> = vec![None; plan.nodes.len()];
    // Children stand after their parents.
    for (at, node) in plan.nodes.iter().enumerate().rev() {
        let below = |id: NodeId| faces.get(id.0 as usize).and_then(Option::as_ref);
        let id = NodeId(u32::try_from(at).unwrap_or(u32::MAX));
        let face = face(plan, names, (id, node), &below);
        if let Some(slot) = faces.get_mut(at) {
            *slot = Some(face);
        }
    }
    faces.into_iter().flatten().collect()
}

fn face<'f>(
    plan: &Plan,
    names: &mut Names,
    (id, node): (NodeId, &Node),
    below: &dyn Fn(NodeId) -> Option<&'f Face>,
) -> Face {
    let undo = plan.undo_bodies(id);
    let mut parts = vec![];
    node.below(&mut |id| parts.push(id));
    let mut head = canonical(node);
    let title = head.title.take().map(|mut title| {
        names.rename(plan, &mut title);
        json(&title)
    });
    name_node(plan, names, &mut head);
    let own = print([json(&head).as_bytes()]);
    let of = |ids: &[NodeId]| -> Vec<Print> {
        ids.iter().filter_map(|id| below(*id)).map(|face| face.whole).collect()
    };
    let untitled = print(std::iter::once(own).chain(of(&parts)));
    if let Op::Group(group) = &mut head.op
        && let Role::Step(step) = &mut group.role
    {
        step.forget_undo();
    }
    parts.retain(|part| !undo.contains(part));
    let work = print(std::iter::once(print([json(&head).as_bytes()])).chain(of(&parts)));
    let whole = print([title.as_deref().unwrap_or_default().as_bytes(), &untitled]);
    Face { sort: sort(node), title, whole, untitled, work, own }
}

fn print<B: AsRef<[u8]>>(parts: impl IntoIterator<Item = B>) -> Print {
    let mut hash = Sha256::new();
    for part in parts {
        let part = part.as_ref();
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

fn json(value: &impl serde::Serialize) -> String {
    // Plans serialise; what did not would be alike to nothing else.
    serde_json::to_string(value).unwrap_or_default()
}

/// Numbers of another plan taken out of a node: variables by their names, nodes not at all.
fn name_node(plan: &Plan, names: &mut Names, node: &mut Node) {
    node.exprs_mut(&mut |expr| names.rename(plan, expr));
    match &mut node.op {
        Op::Do(effect) => {
            effect.response.iter_mut().for_each(|(_, var)| *var = names.number(plan, *var));
            effect.binds.iter_mut().for_each(|bind| bind.var = names.number(plan, bind.var));
        }
        Op::Eval(Eval::Let(bind)) => bind.var = names.number(plan, bind.var),
        Op::Loop(of) => name_loop(plan, names, of),
        Op::Branch(arms) => arms.iter_mut().for_each(|arm| arm.body = Plan::ROOT),
        Op::Group(group) => name_group(plan, names, group),
        Op::Eval(_) | Op::Mark(_) => {}
    }
}

fn name_loop(plan: &Plan, names: &mut Names, of: &mut Loop) {
    match of {
        Loop::For { item, body, binds, .. } => {
            (*item, *body) = (names.number(plan, *item), Plan::ROOT);
            names.rename_all(plan, binds);
        }
        Loop::Repeat { body, .. } => *body = Plan::ROOT,
        Loop::Poll { body, verdict, .. } => {
            (*body, *verdict) = (Plan::ROOT, verdict.map(|var| names.number(plan, var)));
        }
    }
}

fn name_group(plan: &Plan, names: &mut Names, group: &mut Group) {
    group.children.clear();
    match &mut group.role {
        Role::Run(scope) => {
            scope.handlers.iter_mut().for_each(|handler| handler.body = Plan::ROOT);
            scope.watches.iter_mut().for_each(|watch| watch.body = Plan::ROOT);
        }
        Role::Phase(scope) => scope.watches.iter_mut().for_each(|watch| watch.body = Plan::ROOT),
        Role::Step(step) => step.name(plan, names),
        Role::Attempt { otherwise } => *otherwise = otherwise.map(|_| Plan::ROOT),
        Role::Gate { verdict } => *verdict = verdict.map(|var| names.number(plan, var)),
        Role::Call | Role::Block => {}
    }
}

impl Step {
    fn name(&mut self, plan: &Plan, names: &mut Names) {
        self.done_when = self.done_when.map(|_| Plan::ROOT);
        if let Answer::Rollback(undo) = &mut self.undo {
            undo.body = Plan::ROOT;
        }
        self.restore.iter_mut().for_each(|undo| undo.body = Plan::ROOT);
        names.rename_all(plan, &mut self.needs);
        names.rename_all(plan, &mut self.captures);
        if let Some(due) = &mut self.due
            && let DueSince::Step(step) = &mut due.since
        {
            *step = Plan::ROOT;
        }
    }

    fn forget_undo(&mut self) {
        (self.undo, self.restore) = (Answer::Unanswered, None);
        self.needs.clear();
        self.captures.clear();
    }
}

/// What sort of thing a node is.
fn sort(node: &Node) -> String {
    let word = match &node.op {
        Op::Do(effect) => return format!("{:?} {}", effect.class, act(&effect.act)),
        Op::Eval(Eval::Let(_)) => "let",
        Op::Eval(Eval::Expect(_)) => "expect",
        Op::Eval(Eval::Given(_)) => "given",
        Op::Branch(_) => "if",
        Op::Loop(of) => match &**of {
            Loop::For { parallel, .. } => return format!("for {}", parallel.is_some()),
            Loop::Repeat { .. } => "repeat",
            Loop::Poll { .. } => "check",
        },
        Op::Mark(of) => match of {
            Mark::Commit => "commit",
            Mark::End(_) => "end",
            Mark::Fail(_) => "fail",
        },
        Op::Group(group) => {
            return format!("{} {:?}", role(&group.role), std::mem::discriminant(&group.mode));
        }
    };
    word.to_owned()
}

fn act(act: &Act) -> &'static str {
    match act {
        Act::Run { .. } | Act::Script { .. } | Act::Http { .. } => "program",
        Act::Artifact(_) => "artifact",
        Act::Evidence(_) => "evidence",
        Act::Notify { .. } => "notify",
        Act::Log(_) => "log",
        Act::Wait(_) => "wait",
        Act::Lock(_) => "exclusive",
        Act::Person(question) => match question.kind {
            QuestionKind::Confirm { .. } => "confirm",
            QuestionKind::Ask { .. } => "ask",
            QuestionKind::Judge { .. } => "judge",
            QuestionKind::Choose { .. } => "choose",
            QuestionKind::Manual => "manual",
            QuestionKind::Approval { .. } => "approval",
        },
    }
}

fn role(role: &Role) -> &'static str {
    match role {
        Role::Run(_) => "run",
        Role::Phase(_) => "phase",
        Role::Step(_) => "step",
        Role::Attempt { .. } => "attempt",
        Role::Call => "call",
        Role::Gate { .. } => "gate",
        Role::Block => "block",
    }
}
