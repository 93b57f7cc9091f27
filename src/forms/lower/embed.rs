//! Module steps: as steps of their own, as the whole of a step, and inside an undo.

use super::parts::{Embedded, Silent, StepSource};
use super::{Context, Lowering, group, has, text};
use crate::plan::{Answer, Arm, Op, Role, Step};
use crate::program::{Call, Def, DefKind, Form, Stmt};
use crate::text::Span;
use crate::value::{Expr, VarId};

impl<'p> Lowering<'p> {
    /// If the body consists of a module step: asks its checks and sets its parameters, before the step.
    pub(super) fn embed(&mut self, body: &'p [Stmt]) -> Option<Box<Embedded<'p>>> {
        let (stmt, call) = body.iter().find_map(|stmt| match &stmt.form {
            Form::Call(call) => Some((stmt, call)),
            _ => None,
        })?;
        let def = self.def(call).filter(|def| def.kind == DefKind::Step)?;
        for call in &stmt.calls {
            self.ask(call);
        }
        let names = self.prepare(call, result_of(stmt, call))?;
        let (names, (options, next)) =
            self.named(names, |low| (low.step_options(&def.options), low.embed(&def.body)));
        Some(Box::new(Embedded { stmt, def, names, options, next }))
    }

    /// Whether the checks that a statement asks were asked before its step.
    pub(super) fn is_embedded(&self, stmt: &Stmt) -> bool {
        let embedded = self.steps.last().and_then(|parts| parts.embedded.as_ref());
        embedded.is_some_and(|embedded| std::ptr::eq(embedded.stmt, stmt))
    }

    /// A module step called as a statement.
    pub(crate) fn module_step(&mut self, stmt: &'p Stmt, call: &'p Call) {
        if self.is_embedded(stmt)
            && let Some(embedded) = self.steps.last_mut().and_then(|parts| parts.embedded.take())
        {
            return self.embedded_step(*embedded);
        }
        let Some(def) = self.def(call) else { return };
        let Some(names) = self.prepare(call, result_of(stmt, call)) else { return };
        self.named(names, |low| {
            if low.context.undoing {
                return low.without_undo(def, stmt.span);
            }
            let title = low.def_title(def);
            low.step(&StepSource {
                title,
                options: &def.options,
                prose: def.prose.as_ref(),
                body: &def.body,
                span: stmt.span,
                manual: false,
                irreversible: has(&stmt.options, "irreversible"),
            });
        });
    }

    fn def_title(&mut self, def: &'p Def) -> Expr {
        def.title.as_ref().map_or_else(|| text(&def.name), |title| self.expr(title))
    }

    /// A module step that is the whole of a step: what it says holds where the step is silent.
    fn embedded_step(&mut self, embedded: Embedded<'p>) {
        let Embedded { def, names, next, stmt, .. } = embedded;
        let mut silent = self.context.silent;
        if let Some(parts) = self.steps.last_mut() {
            silent = silent.and(parts.speaks);
            parts.speaks = Silent::of(&def.options, &def.body);
            parts.embedded = next;
            parts.depth += 1;
            if has(&def.options, "irreversible") && !silent.undo {
                parts.answer = Some((Answer::Irreversible, stmt.span));
            }
        }
        self.named(names, |low| {
            low.inherit_due(def);
            low.expect_return();
            let context = Context { silent, ..low.step_context(&def.options) };
            let id = low.open(stmt.span);
            let title = low.def_title(def);
            low.entitle(id, Some(title), def.prose.as_ref());
            let children = low.gather(|low| low.within(context, |low| low.stmts(&def.body)));
            low.fill(id, group(Role::Block, children));
        });
        if let Some(parts) = self.steps.last_mut() {
            parts.depth -= 1;
        }
    }

    fn expect_return(&mut self) {
        let returns = self.returns;
        if let Some(parts) = self.steps.last_mut() {
            parts.returns.extend(returns);
        }
    }

    fn inherit_due(&mut self, def: &'p Def) {
        let Some(id) = self.steps.last().map(|parts| parts.id) else { return };
        let due = self.due(&def.options, id);
        if let Some(parts) = self.steps.last_mut() {
            parts.due = parts.due.take().or(due);
        }
    }

    /// A module step inside a rollback or restore: what it does, without its own undo.
    fn without_undo(&mut self, def: &'p Def, span: Span) {
        let Step { condition, timeout, .. } = self.step_options(&def.options);
        let context = Context { timeout, ..self.step_context(&def.options) };
        let id = self.open(span);
        let title = self.def_title(def);
        self.entitle(id, Some(title), def.prose.as_ref());
        let op = match condition {
            None => group(Role::Block, self.gather(|low| low.within(context, |low| low.stmts(&def.body)))),
            when @ Some(_) => {
                let body = self.within(context, |low| low.block(span, &def.body));
                Op::Branch(vec![Arm { when, body }])
            }
        };
        self.fill(id, op);
    }
}

/// The variable that takes what a module step returns.
fn result_of(stmt: &Stmt, call: &Call) -> Option<VarId> {
    call.result.or_else(|| stmt.bind.as_ref().map(|bind| bind.var))
}
