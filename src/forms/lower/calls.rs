//! Definitions taken in where they are called, with variables of their own.

use std::collections::HashMap;

use super::{Context, Lowering, group, text};
use crate::diag::codes;
use crate::plan::{Bind, Eval, Expect, Op, Role};
use crate::program::{Call, Def, Stmt};
use crate::text::Span;
use crate::value::{Expr, VarId};

/// What the names of a definition stand for in one call.
#[derive(Debug, Default)]
pub(super) struct Names {
    known: HashMap<VarId, Expr>,
    /// The variable that `return` sets, and the one of the caller that takes it.
    returns: Option<(VarId, Option<VarId>)>,
}

impl<'p> Lowering<'p> {
    /// The definition that is called.
    pub(crate) fn def(&self, call: &Call) -> Option<&'p Def> {
        self.program.defs.get(call.def.0 as usize)
    }

    /// Asks a module check: a group of looks in the sequence at hand.
    pub(crate) fn ask(&mut self, call: &'p Call) {
        let Some(def) = self.def(call) else { return };
        let id = self.open(call.span);
        self.entitle(id, Some(text(&def.name)), def.prose.as_ref());
        let children = self.gather(|low| {
            if let Some(names) = low.prepare(call, call.result) {
                low.named(names, |low| low.within(Context::looking(), |low| low.stmts(&def.body)));
            }
        });
        self.fill(id, group(Role::Block, children));
    }

    /// Sets the parameters of a call and says where its result goes; gives the names of the definition.
    /// Arguments that are more than a name or a fixed value are bound in the sequence at hand.
    pub(super) fn prepare(&mut self, call: &'p Call, result: Option<VarId>) -> Option<Names> {
        let def = self.def(call)?;
        let args: Vec<Option<Expr>> =
            call.args.iter().map(|arg| arg.as_ref().map(|arg| self.expr(arg))).collect();
        let result = result.map(|result| self.var(result));
        let (mut names, ()) = self.named(Names::default(), |low| low.set_params(def, args, call.span));
        names.returns = def.returns.map(|returns| (returns, result));
        Some(names)
    }

    /// Does `inside` with other names; gives them back with what they learnt.
    pub(super) fn named<T>(&mut self, names: Names, inside: impl FnOnce(&mut Self) -> T) -> (Names, T) {
        let outer = std::mem::replace(&mut self.names, names.known);
        let returns = names.returns.map(|(returns, result)| match result {
            Some(result) => {
                self.stand_for(returns, Expr::Var(result));
                result
            }
            None => self.var(returns),
        });
        let outer_returns = std::mem::replace(&mut self.returns, returns);
        let made = inside(self);
        self.returns = outer_returns;
        let known = std::mem::replace(&mut self.names, outer);
        (Names { known, returns: names.returns }, made)
    }

    fn set_params(&mut self, def: &'p Def, args: Vec<Option<Expr>>, span: Span) {
        for (param, arg) in def.params.iter().zip(args) {
            let value = arg.or_else(|| param.default.as_ref().map(|default| self.expr(default)));
            match value {
                Some(value @ (Expr::Const(_) | Expr::Var(_))) => self.stand_for(param.var, value),
                Some(value) => self.bind_param(param.var, value, span),
                None => _ = self.declare(param.var),
            }
        }
    }

    fn bind_param(&mut self, param: VarId, value: Expr, span: Span) {
        let ty = self.program.vars.get(param.0 as usize).map(|var| var.ty.clone());
        let var = self.declare(param);
        self.bind(span, Bind { var, value, ty: ty.unwrap_or(crate::value::Type::Unknown) });
    }

    /// Does a called runbook: a scope of its own in the sequence at hand.
    pub(crate) fn take_in(&mut self, call: &'p Call) {
        let Some(def) = self.def(call) else { return };
        let id = self.open(call.span);
        self.called += 1;
        let children = self.gather(|low| {
            if let Some(names) = low.prepare(call, call.result) {
                low.named(names, |low| {
                    let title = def.title.as_ref().map(|title| low.expr(title));
                    low.entitle(id, title, def.prose.as_ref());
                    low.conditions(def);
                    low.within(Context::looking(), |low| low.stmts(&def.body));
                });
            }
        });
        self.called -= 1;
        self.fill(id, group(Role::Call, children));
    }

    /// What must hold of the inputs of a called runbook.
    fn conditions(&mut self, def: &'p Def) {
        for condition in def.params.iter().filter_map(|param| param.condition.as_ref()) {
            let condition = self.expr(condition);
            let expect = Expect { condition, message: None, source: "where".into() };
            self.leaf(def.span, Op::Eval(Eval::Expect(Box::new(expect))));
        }
    }

    pub(super) fn refuse_depth(&mut self, stmts: &[Stmt]) {
        if std::mem::replace(&mut self.too_large, true) {
            return;
        }
        let span = stmts.first().map_or_else(|| Span::new(crate::text::SourceId(0), 0, 0), |stmt| stmt.span);
        let span = self.head(span);
        let message = format!("the plan is nested deeper than {} here", super::MAX_DEPTH);
        let help = "call fewer definitions inside each other, or fewer blocks";
        self.error(codes::PLAN_TOO_DEEP, span, message, help);
    }

    pub(super) fn refuse_size(&mut self, span: Span) {
        if std::mem::replace(&mut self.too_large, true) {
            return;
        }
        let span = self.head(span);
        let message = format!("the plan has more than {} operations", super::MAX_NODES);
        let help =
            "each call of a module's check or step counts with its whole body; use a `for` over a list";
        self.error(codes::PLAN_TOO_LARGE, span, message, help);
    }
}
