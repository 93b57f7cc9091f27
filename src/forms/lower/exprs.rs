//! Expressions and variables of the program as those of the plan.
//!
//! Every call of a definition has variables of its own: names are mapped anew, in the order in
//! which they appear, so that a variable's number says where it stands and not what it is called.

use super::Lowering;
use crate::plan::{Bind, Eval, Expect, Op, Variable};
use crate::text::Span;
use crate::value::{Expr, Type, VarId};

impl Lowering<'_> {
    /// A new variable that no name of the program has.
    pub(crate) fn fresh(&mut self, name: &str, ty: Type) -> VarId {
        self.add_var(Variable { name: name.into(), ty, secret: false })
    }

    fn add_var(&mut self, var: Variable) -> VarId {
        let id = VarId(u32::try_from(self.vars.len()).unwrap_or(u32::MAX));
        self.vars.push(var);
        id
    }

    /// The plan's variable for one that a statement at hand binds or provides.
    pub(crate) fn var(&mut self, var: VarId) -> VarId {
        match self.names.get(&var) {
            Some(Expr::Var(known)) => *known,
            _ => self.declare(var),
        }
    }

    /// The plan's variable for one of the program, if something has named it yet.
    pub(super) fn known(&self, var: VarId) -> Option<VarId> {
        if let Some(Expr::Var(known)) = self.names.get(&var) { Some(*known) } else { None }
    }

    /// A plan variable of its own for a variable of the program.
    pub(crate) fn declare(&mut self, var: VarId) -> VarId {
        let known = self.program.vars.get(var.0 as usize);
        let known = known.map(|known| Variable {
            name: known.name.clone(),
            ty: known.ty.clone(),
            secret: known.secret,
        });
        let id =
            self.add_var(known.unwrap_or(Variable { name: String::new(), ty: Type::Unknown, secret: false }));
        self.names.insert(var, Expr::Var(id));
        id
    }

    /// Lets a variable of the program stand for a value that is already one of the plan.
    pub(super) fn stand_for(&mut self, var: VarId, value: Expr) {
        self.names.insert(var, value);
    }

    /// Computes and binds a value in the sequence at hand.
    pub(crate) fn bind(&mut self, span: Span, bind: Bind) {
        self.leaf(span, Op::Eval(Eval::Let(bind)));
    }

    /// A condition with its words.
    pub(crate) fn expectation(&self, condition: Expr, message: Option<Expr>, span: Span) -> Expect {
        let source = self.source(span).split_whitespace().collect::<Vec<_>>().join(" ");
        Expect { condition, message, source }
    }

    /// An expression of the program in the plan's variables.
    pub(crate) fn expr(&mut self, expr: &Expr) -> Expr {
        let mut expr = expr.clone();
        self.rename(&mut expr);
        expr
    }

    fn rename(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Var(var) => *expr = self.read(*var),
            other => other.parts_mut(&mut |part| self.rename(part)),
        }
    }

    fn read(&mut self, var: VarId) -> Expr {
        match self.names.get(&var) {
            Some(known) => known.clone(),
            None => Expr::Var(self.declare(var)),
        }
    }
}
