//! A module by itself, as a program that does each of its definitions once, with values that nobody knows yet: so what only a
//! plan shows of a definition is told where no runbook calls it. It is a draft, and never becomes a plan.

use super::resolver::{DefSlot, Resolver};
use super::stmt::{Call, DefId, Form, Input, Program, Stmt};
use super::{Draft, Schema, Unit};
use crate::syntax::tree::Line;
use crate::text::Span;
use crate::value::{Expr, VarId};
use semver::Version;

/// What calls each definition of a module.
struct Calls {
    vars: Vec<super::Variable>,
    inputs: Vec<Input>,
    body: Vec<Stmt>,
}

impl Resolver<'_> {
    /// The program of a module that was read. Its mentions stay with the names of the module.
    pub(super) fn module_alone<'t>(mut self, module: Unit<'t>) -> Option<Draft> {
        let step = self.kinds.find("module.step", None)?;
        let statement = |line: &'t Line| if let Line::Stmt(stmt) = line { Some(stmt) } else { None };
        let definitions: Vec<_> = module.tree.lines.iter().filter_map(statement).collect();
        let mut calls = Calls { vars: self.vars, inputs: vec![], body: vec![] };
        for (at, slot) in (0..).zip(&self.defs).filter(|(_, slot)| slot.span.source == module.tree.source) {
            let written = definitions.iter().find(|stmt| stmt.span.touches(slot.span.start));
            if let (Some(written), true) = (written, slot.built.is_some()) {
                calls.call((DefId(at), slot), step, written.span);
            }
        }
        let program = Program {
            title: String::new(),
            version: Version::new(0, 0, 0),
            prose: None,
            vars: calls.vars.into(),
            inputs: calls.inputs,
            body: calls.body,
            mentions: vec![],
            defs: self.defs.into_iter().map(DefSlot::into_def).collect(),
        };
        // A runbook does more behind what it calls: nothing is the last of its phase.
        let end = module.source.text().len();
        self.unread.push(Span::new(module.tree.source, end, end));
        self.unread.sort_unstable();
        Some(Draft { program, unread: self.unread })
    }
}

impl Calls {
    /// One call in the place of the definition, with an input for each parameter.
    fn call(&mut self, (def, slot): (DefId, &DefSlot), schema: &'static Schema, span: Span) {
        let args = slot.params.iter().map(|param| self.input(param.var, slot)).collect();
        let call = Call { def, args, result: None, span };
        self.body.push(Stmt {
            schema,
            span,
            look: false,
            calls: vec![],
            bind: None,
            form: Form::Call(call),
            operands: vec![],
            options: vec![],
            above: 0,
            prose: None,
            body: vec![],
            has_block: false,
            tail: None,
            provided: vec![],
        });
    }

    /// A value as the parameter is.
    fn input(&mut self, param: VarId, slot: &DefSlot) -> Option<Expr> {
        let variable = self.vars.get(param.0 as usize)?.clone();
        let var = VarId(u32::try_from(self.vars.len()).ok()?);
        self.vars.push(variable);
        let (default, from, condition, description) = (None, None, None, None);
        self.inputs.push(Input { var, default, from, condition, description, span: slot.span });
        Some(Expr::Var(var))
    }
}
