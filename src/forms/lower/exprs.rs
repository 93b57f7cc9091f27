//! Expressions and variables of the program as those of the plan.
//!
//! Every call of a definition has variables of its own: names are mapped anew, in the order in
//! which they appear, so that a variable's number says where it stands and not what it is called.

use super::Lowering;
use crate::plan::{Bind, Eval, Expect, Op, Variable};
use crate::text::Span;
use crate::value::{Expr, Piece, Type, VarId};

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
        match expr {
            Expr::Const(value) => Expr::Const(value.clone()),
            Expr::Var(var) => self.read(*var),
            Expr::Field(of, name) => Expr::Field(self.boxed(of), name.clone()),
            Expr::Index(of, at) => Expr::Index(self.boxed(of), self.boxed(at)),
            Expr::Text(pieces) => Expr::Text(pieces.iter().map(|piece| self.piece(piece)).collect()),
            Expr::List(items) => Expr::List(self.all(items)),
            Expr::Map(entries) => Expr::Map(self.entries(entries)),
            Expr::Not(of) => Expr::Not(self.boxed(of)),
            Expr::Neg(of) => Expr::Neg(self.boxed(of)),
            Expr::Binary(op, a, b) => Expr::Binary(*op, self.boxed(a), self.boxed(b)),
            Expr::If(a, b, c) => Expr::If(self.boxed(a), self.boxed(b), self.boxed(c)),
            Expr::Call(function, args) => Expr::Call(*function, self.all(args)),
            Expr::Jq { input, program, vars } => {
                Expr::Jq { input: self.boxed(input), program: program.clone(), vars: self.entries(vars) }
            }
            Expr::Convert(ty, of) => Expr::Convert(ty.clone(), self.boxed(of)),
            Expr::At(span, of) => Expr::At(*span, self.boxed(of)),
        }
    }

    fn read(&mut self, var: VarId) -> Expr {
        match self.names.get(&var) {
            Some(known) => known.clone(),
            None => Expr::Var(self.declare(var)),
        }
    }

    fn boxed(&mut self, expr: &Expr) -> Box<Expr> {
        Box::new(self.expr(expr))
    }

    fn all(&mut self, exprs: &[Expr]) -> Vec<Expr> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn entries(&mut self, entries: &[(String, Expr)]) -> Vec<(String, Expr)> {
        entries.iter().map(|(name, value)| (name.clone(), self.expr(value))).collect()
    }

    fn piece(&mut self, piece: &Piece) -> Piece {
        match piece {
            Piece::Text(text) => Piece::Text(text.clone()),
            Piece::Value(value) => Piece::Value(self.expr(value)),
        }
    }
}
