//! Steps: their options, and what stands in their body and belongs to the step as a whole.

use std::collections::HashSet;

use super::parts::{Silent, StepParts, StepSource};
use super::{Context, Lowering, fixed_text, given, group, has, role, value};
use crate::diag::{Diagnostic, codes};
use crate::plan::{
    Act, Answer, Bind, Class, Due, DueSince, Effect, Eval, Expect, NodeId, Op, Plan, Question, QuestionKind,
    ResponsePart, Role, Step,
};
use crate::program::GivenOption;
use crate::text::Span;
use crate::value::{Expr, Type, VarId};

impl<'p> Lowering<'p> {
    /// A step in the sequence at hand.
    pub(crate) fn step(&mut self, source: &StepSource<'p>) {
        self.empty(source);
        let mut step = self.step_options(source.options);
        let embedded = self.embed(source.body);
        let mut inner = embedded.as_deref();
        while let Some(module) = inner {
            inherit(&mut step, &module.options);
            inner = module.next.as_deref();
        }
        let id = self.open(source.span);
        self.entitle(id, Some(source.title.clone()), source.prose);
        self.name_step(&source.title, id);
        step.due = self.due(source.options, id).map(Box::new);
        self.steps.push(StepParts {
            id,
            answer: None,
            half_answer: false,
            restore: None,
            done_when: None,
            depth: 0,
            returns: self.returns.into_iter().collect(),
            done_depth: 0,
            results: vec![],
            hints: vec![],
            undo_nodes: vec![],
            due: None,
            speaks: Silent::of(source.options, source.body),
            embedded,
        });
        let context = self.step_context(source.options);
        let silent = Silent { undo: source.irreversible, done: false };
        let context = Context { class: Class::Changes, silent, ..context };
        let start = self.position();
        let children = self.gather(|low| low.within(context, |low| low.step_body(source)));
        if let Some(parts) = self.steps.pop() {
            self.keep_undo(&mut step, &parts, start);
            self.give_in_place(&parts);
            self.settle(&mut step, parts, source);
        }
        self.fill(id, group(Role::Step(Box::new(step)), children));
    }

    /// A step in which nothing stands: whoever reads the record takes it for done.
    fn empty(&mut self, source: &StepSource<'p>) {
        let written = self.sources.get(source.span.source).map_or("", |file| file.slice(source.span));
        // One whose block could not be read is reported as that.
        let is_whole = written.trim_end().ends_with('}') && !self.is_unread(source.span);
        if source.manual || !source.body.is_empty() || !is_whole {
            return;
        }
        let message = "the step does nothing, and would be told as done";
        let report = Diagnostic::warning(codes::EMPTY_STEP, self.head(source.span), message);
        self.report(
            report.help("what a person does is a `manual`; what is only to be read is prose of the phase"),
        );
    }

    fn step_body(&mut self, source: &StepSource<'p>) {
        if source.manual {
            self.by_hand(source);
        }
        self.stmts(source.body);
    }

    /// The work of a person: asked, and answered when done.
    fn by_hand(&mut self, source: &StepSource<'p>) {
        let answer = self.fresh("answer", Type::Bool);
        let by = role(source.options);
        let done = Expect { condition: Expr::Var(answer), message: None, source: "done".into() };
        let act =
            Act::Person(Box::new(Question { text: source.title.clone(), kind: QuestionKind::Manual, by }));
        let effect = Effect {
            response: vec![(ResponsePart::Answer, answer)],
            expects: vec![done],
            ..Effect::of(act, Class::Changes)
        };
        let id = self.leaf(source.span, Op::Do(Box::new(effect)));
        // It goes by the title of its step.
        self.entitle(id, None, source.prose);
    }

    /// The options of a step; its undo and its due time are left open.
    pub(super) fn step_options(&mut self, options: &'p [GivenOption]) -> Step {
        let on = self.target(options);
        Step {
            condition: self.option(options, "if"),
            done_when: None,
            undo: Answer::Unanswered,
            restore: None,
            needs: vec![],
            captures: vec![],
            retry: self.retry(options),
            timeout: self.option(options, "timeout"),
            atomic: has(options, "atomic"),
            idempotent: has(options, "idempotent"),
            due: None,
            hints: vec![],
            on,
            manual: false,
        }
    }

    /// The target of `on`; none where it is this machine.
    fn target(&mut self, options: &'p [GivenOption]) -> Option<Expr> {
        self.option(options, "on").filter(|target| fixed_text(target).as_deref() != Some("local"))
    }

    /// `due 15m after x`.
    pub(super) fn due(&mut self, options: &[GivenOption], id: NodeId) -> Option<Due> {
        let due = given(options, "due")?;
        let (after, ..) = value(self, &due.values, 0)?;
        let (since, ty, span) = value(self, &due.values, 1)?;
        let since = match fixed_text(&since) {
            Some(title) => self.due_after(id, title, span),
            None if matches!(ty, Type::Time | Type::Unknown) => DueSince::Time(since),
            None => {
                let help = "write `due 15m after \"Title of a step\"`, or a value of type `time`";
                self.error(
                    codes::NOT_A_MOMENT,
                    span,
                    "`due … after` takes the title of a step or a time",
                    help,
                );
                return None;
            }
        };
        Some(Due { after, since })
    }

    /// What the statements of a step inherit from its options.
    pub(super) fn step_context(&mut self, options: &'p [GivenOption]) -> Context {
        let dir = self.option(options, "dir").or_else(|| self.context.dir.clone());
        let terminal = has(options, "terminal") || self.context.terminal;
        let on = self.target(options).or_else(|| self.context.on.clone());
        if let (true, Some(_), Some(option)) =
            (terminal, &on, given(options, "on").or(given(options, "terminal")))
        {
            let help = "take `terminal` out, or write `run ssh -t …` in a step that runs here";
            let message = "a program on a target cannot have the terminal";
            self.error(codes::TERMINAL_ON_TARGET, option.span, message, help);
        }
        Context { dir, terminal, on, ..self.context.clone() }
    }

    /// What the rollback and restore take from outside themselves, and of that what the step does not bind.
    fn keep_undo(&self, step: &mut Step, parts: &StepParts<'p>, start: usize) {
        let mut captures: Vec<VarId> = vec![];
        let mut seen = HashSet::new();
        for range in &parts.undo_nodes {
            let free = Plan::free(&self.nodes, range.clone());
            captures.extend(free.into_iter().filter(|var| seen.insert(*var)));
        }
        let undo = |at: usize| parts.undo_nodes.iter().any(|range| range.contains(&at));
        let mut own = HashSet::new();
        for (_, node) in self.nodes.iter().enumerate().skip(start).filter(|(at, _)| !undo(*at)) {
            node.binds(&mut |var| _ = own.insert(var));
        }
        step.needs = captures.iter().copied().filter(|var| !own.contains(var)).collect();
        step.captures = captures;
    }

    /// Keeps what the step at hand returns; what a check returns that it asks is none of that.
    pub(crate) fn note_result(&mut self, span: Span, bind: &Bind) {
        let Some(parts) = self.steps.last_mut() else { return };
        if parts.returns.contains(&bind.var) {
            parts.results.push((parts.depth, span, bind.clone()));
        }
    }

    /// A step that is in place gives what it would return: `done when` binds that, too.
    fn give_in_place(&mut self, parts: &StepParts<'p>) {
        let Some((look, _)) = parts.done_when else { return };
        let known = parts.results.iter().filter(|(depth, ..)| *depth <= parts.done_depth);
        for (_, span, bind) in known {
            let id = self.detached(*span);
            self.fill(id, Op::Eval(Eval::Let(Box::new(bind.clone()))));
            self.extend(look, id);
        }
    }

    /// Keeps what the body of a step may hold once, with its place; reports a second one.
    pub(crate) fn keep<T>(
        &mut self,
        part: impl for<'a> FnOnce(&'a mut StepParts<'p>) -> &'a mut Option<(T, Span)>,
        kept: (T, Span),
        twice: &str,
    ) {
        let Some(part) = self.steps.last_mut().map(part) else { return };
        let Some((_, first)) = part else { return *part = Some(kept) };
        let report = Diagnostic::error(codes::TWICE, kept.1, twice).also(*first, "the first one");
        self.report(report.help("put everything into one of them"));
    }

    /// Notes an answer about undo that is not one yet, which is reported: none is lacking, and no other is a second one.
    pub(crate) fn half_answer(&mut self) {
        if let Some(parts) = self.steps.last_mut() {
            parts.half_answer = true;
        }
    }

    fn settle(&mut self, step: &mut Step, parts: StepParts<'p>, source: &StepSource<'p>) {
        let irreversible = source.irreversible || has(source.options, "irreversible");
        match parts.answer {
            Some((_, span)) if irreversible => {
                let report = Diagnostic::error(codes::TWICE, span, "the step gives two answers about undo")
                    .label("this one")
                    .also(self.head(source.span), "and `irreversible` here")
                    .help("keep the one that is true");
                self.report(report);
                step.undo = Answer::Irreversible;
            }
            Some((answer, _)) => step.undo = answer,
            None if irreversible => step.undo = Answer::Irreversible,
            None if parts.half_answer => step.undo = Answer::Nothing(String::new()),
            None => {}
        }
        step.restore = parts.restore.map(|(undo, _)| undo);
        step.done_when = parts.done_when.map(|(look, _)| look);
        step.due = step.due.take().or(parts.due.map(Box::new));
        step.hints = parts.hints;
        step.manual = source.manual;
    }
}

/// A step takes over what its module step is declared with and it does not say itself.
fn inherit(step: &mut Step, inner: &Step) {
    step.condition = match (step.condition.take(), inner.condition.clone()) {
        (Some(outer), Some(inner)) => {
            Some(Expr::Binary(crate::value::BinaryOp::And, Box::new(outer), Box::new(inner)))
        }
        (outer, inner) => outer.or(inner),
    };
    step.retry = step.retry.take().or_else(|| inner.retry.clone());
    step.timeout = step.timeout.take().or_else(|| inner.timeout.clone());
    step.on = step.on.take().or_else(|| inner.on.clone());
    step.atomic |= inner.atomic;
    step.idempotent |= inner.idempotent;
}
