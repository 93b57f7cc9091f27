//! The root, what is only known at the end, and the finished plan.

use std::collections::HashMap;

use super::{Lowering, Unsealed, group};
use crate::diag::{Diagnostic, Severity, codes, nearest};
use crate::plan::{DueSince, FORMAT, Input, InputSource, Loop, NodeId, Op, Plan, Role, RunScope};
use crate::program;
use crate::text::{SourceId, Span};
use crate::value::VarId;

impl<'p> Lowering<'p> {
    /// Lowers inputs and body under the root.
    pub(super) fn run(&mut self) -> Vec<Input> {
        let program = self.program;
        let inputs = program.inputs.iter().map(|input| self.input(input)).collect();
        let span =
            program.body.first().map_or_else(|| Span::new(SourceId::default(), 0, 0), |stmt| stmt.span);
        let root = self.detached(span);
        let children = self.gather(|low| low.stmts(&program.body));
        let watches = self.watches.pop().unwrap_or_default();
        let handlers = std::mem::take(&mut self.handlers);
        self.fill(root, group(Role::Run(RunScope { handlers, watches }), children));
        inputs
    }

    fn input(&mut self, input: &program::Input) -> Input {
        let var = self.var(input.var);
        let from = input.from.as_ref().map(|from| match from {
            program::InputSource::Env(name) => InputSource::Env(name.clone()),
            program::InputSource::File(path) => InputSource::File(self.expr(path)),
            program::InputSource::Command(words) => {
                InputSource::Command(words.iter().map(|word| self.expr(word)).collect())
            }
            program::InputSource::Prompt => InputSource::Prompt,
        });
        Input {
            var,
            default: input.default.as_ref().map(|default| self.expr(default)),
            from,
            condition: input.condition.as_ref().map(|condition| self.expr(condition)),
            description: input.description.clone(),
        }
    }

    /// Settles what waited for the end and gives the plan, whole or not.
    pub(super) fn finish(mut self, inputs: Vec<Input>) -> Unsealed<'p> {
        self.settle_dues();
        let mut plan = Plan {
            format: FORMAT,
            title: self.program.title.clone(),
            version: self.program.version.clone(),
            prose: self.program.prose.clone(),
            inputs,
            vars: std::mem::take(&mut self.vars),
            nodes: std::mem::take(&mut self.nodes),
            digest: String::new(),
        };
        settle_loops(&mut plan);
        // Only what is taken in from elsewhere may be called like something else.
        if !self.program.defs.is_empty() {
            super::titles::number(&mut plan.nodes);
        }
        let unread = self.unread_or_wrong();
        self.diagnostics.extend(super::mentions::check(&plan, &self.mentions, (self.sources, &unread)));
        Unsealed { plan, scenarios: self.scenarios, unread: self.unread, diagnostics: self.diagnostics }
    }

    /// What could not be read, and where it is told that something is wrong: what a scenario names may be that.
    fn unread_or_wrong(&self) -> Vec<Span> {
        let wrong = self.diagnostics.iter().filter(|one| one.severity == Severity::Error);
        self.unread.iter().copied().chain(wrong.map(|one| one.primary.span)).collect()
    }

    fn settle_dues(&mut self) {
        for (step, title, span) in std::mem::take(&mut self.dues) {
            let Some(since) = self.titles.get(&title).copied().filter(|since| *since != step) else {
                self.unknown_step(&title, span, step);
                continue;
            };
            let node = self.nodes.get_mut(step.0 as usize).map(|node| &mut node.op);
            if let Some(Op::Group(group)) = node
                && let Role::Step(step) = &mut group.role
                && let Some(due) = &mut step.due
            {
                due.since = DueSince::Step(since);
            }
        }
    }

    /// Says nothing where a part of the text could not be read: the step may stand there.
    fn unknown_step(&mut self, title: &str, span: Span, step: NodeId) {
        if !self.unread.is_empty() {
            return;
        }
        let report =
            Diagnostic::error(codes::UNKNOWN_STEP, span, format!("no step has the title \"{title}\""));
        let others = self.titles.iter().filter(|(_, at)| **at != step).map(|(title, _)| title.as_str());
        let near = nearest(title, others).filter(|near| *near != title);
        let report = match near {
            _ if self.titles.get(title) == Some(&step) => {
                Diagnostic::error(codes::UNKNOWN_STEP, span, "a step is not due after itself")
                    .help("name the step after which it is due, by its title")
            }
            Some(near) => report.help(format!("did you mean \"{near}\"?")).guess(
                format!("write \"{near}\""),
                span,
                format!("\"{near}\""),
            ),
            None => report.help("write the title of a step as it stands, without values in it"),
        };
        self.report(report);
    }
}

/// What the turns of each loop bind for what follows: what is read outside of the loop.
fn settle_loops(plan: &mut Plan) {
    let is_loop = |op: &Op| matches!(op, Op::Loop(looped) if matches!(**looped, Loop::For { .. }));
    if !plan.nodes.iter().any(|node| is_loop(&node.op)) {
        return;
    }
    let ends = plan.ends();
    let reads = first_and_last_reads(plan);
    let outside = |var: VarId, from: u32, to: u32| {
        reads.get(&var).is_some_and(|(first, last)| *first < from || *last >= to)
    };
    for at in 0..plan.nodes.len() {
        let from = u32::try_from(at).unwrap_or(u32::MAX);
        let to = ends.get(at).copied().unwrap_or(from);
        let mut bound = vec![];
        if plan.nodes.get(at).is_some_and(|node| is_loop(&node.op)) {
            for node in plan.nodes.get(at + 1..to as usize).unwrap_or_default() {
                node.binds(&mut |var| {
                    if outside(var, from, to) && !bound.contains(&var) {
                        bound.push(var);
                    }
                });
            }
        }
        set_binds(plan, NodeId(from), bound);
    }
}

fn set_binds(plan: &mut Plan, id: NodeId, bound: Vec<VarId>) {
    if let Some(Op::Loop(looped)) = plan.nodes.get_mut(id.0 as usize).map(|node| &mut node.op)
        && let Loop::For { binds, .. } = &mut **looped
    {
        *binds = bound;
    }
}

/// For each variable the first and the last node that reads it.
fn first_and_last_reads(plan: &Plan) -> HashMap<VarId, (u32, u32)> {
    let mut reads = HashMap::new();
    for (at, node) in (0..).zip(&plan.nodes) {
        node.reads(&mut |var| reads.entry(var).or_insert((at, at)).1 = at);
    }
    reads
}
