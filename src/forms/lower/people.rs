//! Questions to people, and effects without a block.

use super::{Lowering, role};
use crate::plan::{Act, Bind, Class, Effect, Expect, Op, Question, QuestionKind, ResponsePart};
use crate::program::Stmt;
use crate::text::Span;
use crate::value::{Expr, Type, VarId};

/// What becomes of an answer.
struct Heard {
    /// The variable that holds it.
    answer: VarId,
    expects: Vec<Expect>,
    binds: Vec<Bind>,
}

impl<'p> Lowering<'p> {
    /// A question that is answered by yes or no. Bound, a no is a value; else it must be a yes.
    pub(crate) fn decision(&mut self, stmt: &'p Stmt, kind: QuestionKind) {
        let answer = self.fresh("answer", Type::Bool);
        let bind = stmt.bind.as_ref().map(|bind| Bind {
            var: self.var(bind.var),
            value: Expr::Var(answer),
            ty: Type::Bool,
        });
        let yes = Expect { condition: Expr::Var(answer), message: None, source: "yes".into() };
        let expects = if bind.is_some() { vec![] } else { vec![yes] };
        self.asked(stmt, kind, Heard { answer, expects, binds: bind.into_iter().collect() });
    }

    /// A question whose answer is bound.
    pub(crate) fn question(&mut self, stmt: &'p Stmt, kind: QuestionKind, var: VarId, ty: Type) {
        let answer = self.fresh("answer", ty.clone());
        let bind = Bind { var, value: Expr::Var(answer), ty };
        self.asked(stmt, kind, Heard { answer, expects: vec![], binds: vec![bind] });
    }

    fn asked(&mut self, stmt: &'p Stmt, kind: QuestionKind, heard: Heard) {
        let Heard { answer, expects, binds } = heard;
        let text = self.title(stmt);
        let act = Act::Person(Box::new(Question { text: text.clone(), kind, by: role(&stmt.options) }));
        let response = vec![(ResponsePart::Answer, answer)];
        let effect = Effect { response, expects, binds, ..Effect::of(act, Class::Asks) };
        let id = self.leaf(stmt.span, Op::Do(Box::new(effect)));
        self.entitle(id, Some(text), stmt.prose.as_ref());
    }

    /// An effect without a block, that only looks or only records; a part of its answer may be bound.
    pub(crate) fn act(&mut self, stmt: &'p Stmt, act: Act, part: ResponsePart) {
        let bind = stmt.bind.as_ref().map(|bind| (self.var(bind.var), bind.ty.clone()));
        self.record(stmt.span, act, part, bind);
    }

    /// A file that must exist, as a value.
    pub(crate) fn produced(&mut self, span: Span, path: Expr) -> Expr {
        let file = self.fresh("file", Type::Artifact);
        self.record(span, Act::Artifact(path), ResponsePart::File, Some((file, Type::Artifact)));
        Expr::Var(file)
    }

    fn record(&mut self, span: Span, act: Act, part: ResponsePart, bind: Option<(VarId, Type)>) {
        let on = self.place(&act).map(Box::new);
        let mut effect = Effect { on, ..Effect::of(act, Class::Looks) };
        if let Some((var, ty)) = bind {
            let answer = self.fresh("answer", ty.clone());
            effect.response.push((part, answer));
            effect.binds.push(Bind { var, value: Expr::Var(answer), ty });
        }
        self.leaf(span, Op::Do(Box::new(effect)));
    }

    /// The name that a variable is written under.
    pub(crate) fn name_of(&self, var: VarId) -> String {
        self.vars.get(var.0 as usize).map(|var| var.name.clone()).unwrap_or_default()
    }
}
