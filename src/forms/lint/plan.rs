//! Lints about undo: they need the order of things, so they look at the plan.

use crate::diag::{Diagnostic, codes};
use crate::forms::lower::{first_line, fixed_text, holds_any};
use crate::plan::{
    Act, Answer, Class, Effect, Eval, Mark, Mode, NodeId, Op, Plan, Role, Step, StepClass, Undo, step_class,
};
use crate::text::{Sources, Span};

/// All lints of a plan. Of a text of which a part could not be read only those are told that do not depend on it.
pub(in crate::forms) fn lint_plan(plan: &Plan, sources: &Sources, unread: &[Span]) -> Vec<Diagnostic> {
    let order = Order::of(plan);
    let loose = loose(plan, unread);
    let mut lints = Lints { plan, sources, unread, loose, order, told: vec![] };
    lints.steps();
    lints.crossings();
    lints.told
}

/// What could not be read and stands in no step: it may be a step or a `commit`, so that the order is not known.
fn loose(plan: &Plan, unread: &[Span]) -> Vec<Span> {
    if unread.is_empty() {
        return vec![];
    }
    let steps = plan
        .nodes
        .iter()
        .filter(|node| matches!(&node.op, Op::Group(group) if matches!(group.role, Role::Step(_))));
    let steps: Vec<Span> = steps.map(|step| step.span).collect();
    let stands_in = |part: &Span| {
        steps
            .iter()
            .any(|step| step.source == part.source && step.start < part.start && part.start < step.end)
    };
    unread.iter().filter(|part| !stands_in(part)).copied().collect()
}

/// What stands where: subtrees, parents, and what can still fail.
struct Order {
    ends: Vec<u32>,
    parents: Vec<NodeId>,
    /// Whether the node is a part of an undo, a watch, a handler or a `done when`.
    aside: Vec<bool>,
    /// Whether, from this node on, something can fail before a point of no return.
    fails_from: Vec<bool>,
}

impl Order {
    fn of(plan: &Plan) -> Self {
        let (ends, parents) = (plan.ends(), plan.parents());
        let aside = asides(plan, &ends);
        let mut fails_from = vec![false; plan.nodes.len() + 1];
        let mut fails = false;
        for at in (0..plan.nodes.len()).rev() {
            if let Some(node) = plan.nodes.get(at).filter(|_| aside.get(at) == Some(&false)) {
                fails = (fails || can_fail(&node.op)) && !matches!(node.op, Op::Mark(Mark::Commit));
            }
            if let Some(slot) = fails_from.get_mut(at) {
                *slot = fails;
            }
        }
        Self { ends, parents, aside, fails_from }
    }

    fn end(&self, id: NodeId) -> usize {
        self.ends.get(id.0 as usize).map_or(0, |end| *end as usize)
    }

    fn fails_after(&self, id: NodeId) -> bool {
        self.fails_from.get(self.end(id)).copied().unwrap_or(false)
    }

    fn parent(&self, id: NodeId) -> NodeId {
        self.parents.get(id.0 as usize).copied().unwrap_or(Plan::ROOT)
    }
}

fn asides(plan: &Plan, ends: &[u32]) -> Vec<bool> {
    let mut aside = vec![false; plan.nodes.len()];
    for node in &plan.nodes {
        let Op::Group(group) = &node.op else { continue };
        let mut not_children = vec![];
        node.below(&mut |child| not_children.push(child));
        let otherwise = if let Role::Attempt { otherwise } = group.role { otherwise } else { None };
        not_children.drain(..group.children.len().min(not_children.len()));
        for root in not_children.into_iter().filter(|child| otherwise != Some(*child)) {
            let end = ends.get(root.0 as usize).map_or(0, |end| *end as usize);
            aside.get_mut(root.0 as usize..end).unwrap_or_default().fill(true);
        }
    }
    aside
}

fn can_fail(op: &Op) -> bool {
    match op {
        Op::Do(effect) => !matches!(
            effect.act,
            Act::Log(_) | Act::Notify { .. } | Act::Evidence(_) | Act::Wait(_) | Act::Lock(_)
        ),
        Op::Eval(Eval::Expect(_) | Eval::Given(_)) | Op::Mark(Mark::Fail(_)) => true,
        Op::Eval(Eval::Let(_)) | Op::Mark(_) | Op::Group(_) | Op::Branch(_) | Op::Loop(_) => false,
    }
}

struct Lints<'a> {
    plan: &'a Plan,
    sources: &'a Sources,
    /// The parts of the text that could not be read.
    unread: &'a [Span],
    /// Those of them that may be a step or a `commit`.
    loose: Vec<Span>,
    order: Order,
    told: Vec<Diagnostic>,
}

impl Lints<'_> {
    fn steps(&mut self) {
        let plan = self.plan;
        for (at, node) in (0..).zip(&plan.nodes) {
            let Op::Group(group) = &node.op else { continue };
            match &group.role {
                Role::Step(step) => self.step(NodeId(at), step),
                Role::Phase(_) => self.phase(NodeId(at)),
                _ => {}
            }
        }
    }

    fn step(&mut self, id: NodeId, step: &Step) {
        let silent = matches!(step.undo, Answer::Unanswered) && step.restore.is_none();
        if silent && step_class(self.plan, id) != StepClass::Reads {
            let help = if self.gives_rollback_to_program(id) {
                "`rollback` is given to the program here, as one of its words: begin a line, or write `;` before it"
            } else {
                "add `rollback { … }`, `irreversible`, or `rollback none \"why\"`"
            };
            self.tell_unless_unread(self.author_of(id, NodeId(id.0 + 1)), id, |span| {
                Diagnostic::warning(codes::NO_UNDO_ANSWER, span, "the step does not say how it is undone")
                    .help(help)
            });
        }
        if !self.plan.may_owe(id) {
            return self.idle_undo(id, step);
        }
        if step.restore.is_some() && self.is_last_in_scope(id) && !self.is_unsure_after(id) {
            self.tell(id, |span| {
                Diagnostic::warning(
                    codes::RESTORE_AT_END,
                    span,
                    "nothing follows in the phase of this `restore`",
                )
                .label("put back as soon as it is done")
                .help("put what needs it into the same phase, after it")
            });
        }
        if let Answer::Rollback(undo) = &step.undo {
            self.large(id, undo);
        }
    }

    /// Whether the answer of a step stands behind the words of a program, where it is one of them:
    /// `{ run touch a rollback none "x" }`.
    fn gives_rollback_to_program(&self, id: NodeId) -> bool {
        let nodes = self.plan.nodes.get(id.0 as usize..self.order.end(id)).unwrap_or_default();
        nodes.iter().any(|node| {
            let Op::Do(effect) = &node.op else { return false };
            let Act::Run { words, .. } = &effect.act else { return false };
            let words: Vec<_> = words.iter().filter_map(|word| fixed_text(&word.value)).collect();
            words.windows(2).any(|pair| pair == ["rollback", "none"])
        })
    }

    /// An undo that is never owed, since the step only looks.
    fn idle_undo(&mut self, id: NodeId, step: &Step) {
        let rollback = if let Answer::Rollback(undo) = &step.undo { Some(undo.body) } else { None };
        let irreversible = matches!(step.undo, Answer::Irreversible).then_some(id);
        let restore = step.restore.as_ref().map(|undo| undo.body);
        for (word, at) in [("rollback", rollback), ("restore", restore), ("irreversible", irreversible)] {
            let Some(at) = at else { continue };
            self.tell_unless_unread(at, id, |span| {
                let never = if word == "irreversible" { "says nothing" } else { "never runs" };
                let message = format!("this `{word}` {never}: the step only looks");
                Diagnostic::warning(codes::IDLE_UNDO, span, message).help(
                    "remove it; or, if the step does change something, take away the `look` before that",
                )
            });
        }
    }

    /// Several changes that one rollback of several statements has to undo, however far they came.
    fn large(&mut self, id: NodeId, undo: &Undo) {
        let several = self.plan.group(undo.body).is_some_and(|group| group.children.len() > 1);
        if several && self.changes_in(id) > 1 {
            self.tell(self.author_of(id, undo.body), |span| {
                let message = "the step changes several things, and its rollback has several statements";
                Diagnostic::warning(codes::LARGE_STEP, span, message)
                    .label("a failure half-way runs all of the rollback")
                    .help("split it into steps that each undo their own")
            });
        }
    }

    /// Where what a step says of itself stands: in a module, if it is a module's step, and not where that is called.
    fn author_of(&self, step: NodeId, inside: NodeId) -> NodeId {
        let source = |id: NodeId| self.plan.node(id).map(|node| node.span.source);
        if source(step) == source(inside) { step } else { inside }
    }

    fn changes_in(&self, id: NodeId) -> usize {
        let range = id.0 as usize..self.order.end(id);
        let nodes = self.plan.nodes.get(range.clone()).unwrap_or_default();
        let forward = nodes.iter().zip(self.order.aside.get(range).unwrap_or_default());
        let changes =
            |op: &Op| matches!(op, Op::Do(effect) if effect.class == Class::Changes && !is_by_hand(effect));
        forward.filter(|(node, aside)| !**aside && changes(&node.op)).count()
    }

    /// Whether nothing comes after the step until its restore runs.
    fn is_last_in_scope(&self, id: NodeId) -> bool {
        let mut at = id;
        loop {
            let parent = self.order.parent(at);
            match self.plan.op(parent) {
                Some(Op::Group(group)) => {
                    if group.mode != Mode::Sequence || group.children.last() != Some(&at) {
                        return false;
                    }
                    if is_scope(&group.role) {
                        return true;
                    }
                }
                Some(Op::Branch(_)) => {}
                _ => return false,
            }
            at = parent;
        }
    }

    /// A phase that puts something back while rollbacks that were made for it are still owed.
    fn phase(&mut self, phase: NodeId) {
        if !self.order.fails_after(phase) {
            return;
        }
        let mut paused = None;
        let end = u32::try_from(self.order.end(phase)).unwrap_or(u32::MAX);
        for at in phase.0 + 1..end {
            let Some(step) = self.owing_step(NodeId(at)) else { continue };
            if let (Some(paused), Answer::Rollback(_)) = (paused, &step.undo) {
                let commits = |at| matches!(self.plan.op(NodeId(at)), Some(Op::Mark(Mark::Commit)));
                // What is committed before the phase ends is not rolled back after it.
                if !self.is_unsure_after(paused) && !(at..end).any(commits) {
                    self.tell_put_back(paused, NodeId(at), phase);
                }
                return;
            }
            if step.restore.is_some() && self.scope_of(NodeId(at)) == phase {
                paused = paused.or(Some(NodeId(at)));
            }
        }
    }

    fn tell_put_back(&mut self, paused: NodeId, rolled: NodeId, phase: NodeId) {
        let (rolled, phase) = (self.head(rolled), self.head(phase));
        self.tell(paused, |span| {
            let message = "a rollback may run after this was put back";
            Diagnostic::warning(codes::RESTORE_BEFORE_ROLLBACK, span, message)
                .label("put back when the phase ends")
                .also(rolled, "still rolled back by a later failure")
                .also(phase, "ends before that")
                .help("end the phase with a `commit`, or put what may fail into it")
        });
    }

    /// Irreversible steps with rollbacks before them that a later failure would still run.
    fn crossings(&mut self) {
        let plan = self.plan;
        let mut owed: Option<NodeId> = None;
        for (at, node) in (0..).zip(&plan.nodes) {
            if self.order.aside.get(at as usize) != Some(&false) {
                continue;
            }
            if matches!(node.op, Op::Mark(Mark::Commit)) {
                owed = None;
            }
            let Some(step) = self.owing_step(NodeId(at)) else { continue };
            match (&step.undo, owed) {
                (Answer::Rollback(_), _) => owed = Some(NodeId(at)),
                (Answer::Irreversible, Some(before))
                    if self.order.fails_after(NodeId(at)) && !self.is_unsure_after(before) =>
                {
                    let before = self.head(before);
                    self.tell(NodeId(at), |span| {
                        let message = "steps before this irreversible one are rolled back across it";
                        Diagnostic::warning(codes::ROLLBACK_CROSSES, span, message)
                            .also(before, "would be rolled back")
                            .help("put a `commit` before it, or move it to where nothing can fail any more")
                    });
                }
                _ => {}
            }
        }
    }

    /// Whether something that could not be read may stand behind a node, and be a step or a `commit`.
    fn is_unsure_after(&self, id: NodeId) -> bool {
        let Some(node) = self.plan.node(id) else { return true };
        self.loose.iter().any(|part| part.source != node.span.source || part.start >= node.span.start)
    }

    /// A step whose undo may be owed.
    fn owing_step(&self, id: NodeId) -> Option<&Step> {
        self.plan.step(id).filter(|_| self.plan.may_owe(id))
    }

    fn scope_of(&self, id: NodeId) -> NodeId {
        let mut at = self.order.parent(id);
        while at != Plan::ROOT {
            if self.plan.group(at).is_some_and(|group| is_scope(&group.role)) {
                return at;
            }
            at = self.order.parent(at);
        }
        at
    }

    fn head(&self, id: NodeId) -> Span {
        self.plan.node(id).map_or_else(
            || Span::new(crate::text::SourceId::default(), 0, 0),
            |node| first_line(self.sources, node.span),
        )
    }

    /// Tells that something is missing, unless it may stand in what could not be read: in the step itself, or in the
    /// module where its author wrote it.
    fn tell_unless_unread(&mut self, id: NodeId, step: NodeId, report: impl FnOnce(Span) -> Diagnostic) {
        let span = |id: NodeId| self.plan.node(id).map(|node| node.span);
        let (Some(here), Some(step)) = (span(id), span(step)) else { return };
        let in_module = here.source != step.source;
        let whole = if in_module { Span { start: 0, end: u32::MAX, ..here } } else { step };
        if !holds_any(whole, self.unread) {
            self.tell(id, report);
        }
    }

    fn tell(&mut self, id: NodeId, report: impl FnOnce(Span) -> Diagnostic) {
        let span = self.head(id);
        self.told.push(report(span));
    }
}

/// The work of a person counts with the programs of its step, not beside them.
fn is_by_hand(effect: &Effect) -> bool {
    matches!(effect.act, Act::Person(_))
}

/// Where restores run when it ends.
fn is_scope(role: &Role) -> bool {
    matches!(role, Role::Run(_) | Role::Phase(_) | Role::Attempt { .. } | Role::Call)
}
