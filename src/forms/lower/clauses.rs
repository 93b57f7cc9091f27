//! The block of an effect: its clauses, and how its answer is judged and bound.

use super::{Lowering, fixed};
use crate::diag::codes;
use crate::plan::{Act, Bind, Class, Effect, Expect, HttpBody, Login, NamedText, Op, ResponsePart, Retry};
use crate::program::Stmt;
use crate::text::Span;
use crate::value::{Expr, Function, Type, VarId};

use super::super::Lower;

/// What the clauses in the block of an effect say.
#[derive(Debug, Default)]
pub(crate) struct Clauses {
    pub(crate) env: Vec<NamedText>,
    pub(crate) dir: Option<Expr>,
    pub(crate) stdin: Option<Expr>,
    pub(crate) timeout: Option<Expr>,
    pub(crate) retry: Option<Retry>,
    pub(crate) expects: Vec<Expect>,
    pub(crate) binds: Vec<Bind>,
    pub(crate) headers: Vec<NamedText>,
    pub(crate) query: Vec<NamedText>,
    pub(crate) login: Option<Login>,
    pub(crate) body: Option<HttpBody>,
    /// The clauses that may stand once, with their places.
    seen: Vec<(&'static str, Span)>,
}

/// The parts of an answer that one kind of effect gives, and what is expected of it unless said.
#[derive(Debug)]
pub(crate) struct Side {
    /// One for each name that the schema provides, in that order.
    pub(crate) parts: &'static [ResponsePart],
    /// The part that is judged by default.
    pub(crate) judged: ResponsePart,
    /// How, unless an `expect` says otherwise.
    pub(crate) judge: Judge,
    /// The part that `let x = …` binds.
    pub(crate) given: ResponsePart,
}

/// A default expectation: the condition over the judged part, and its words.
pub(crate) type Judge = fn(&Expr) -> (Expr, &'static str);

impl<'p> Lowering<'p> {
    /// Reads the clauses of an effect's block.
    pub(crate) fn clauses(&mut self, stmt: &'p Stmt) -> Clauses {
        let mut clauses = Clauses::default();
        for inner in &stmt.body {
            match super::super::lower_of(inner.schema) {
                Lower::Clause(read) | Lower::Both(_, read) => read(inner, self, &mut clauses),
                Lower::Statement(_) | Lower::Head => {}
            }
        }
        clauses
    }

    /// The environment for an effect: what the step sets, then what the effect sets; the last of a name counts.
    pub(crate) fn environment(&self, own: Vec<NamedText>) -> Vec<NamedText> {
        let mut vars: Vec<NamedText> = vec![];
        for var in self.context.env.iter().cloned().chain(own) {
            vars.retain(|earlier| earlier.name != var.name);
            vars.push(var);
        }
        vars
    }

    /// The target of an act: programs and files are there, all else is done here.
    pub(super) fn place(&self, act: &Act) -> Option<Expr> {
        let there = matches!(act, Act::Run { .. } | Act::Script { .. } | Act::Artifact(_));
        self.context.on.clone().filter(|_| there)
    }

    /// Whether an effect changes the world, as it is written and where it stands.
    pub(crate) fn class(&self, stmt: &Stmt) -> Class {
        if stmt.look { Class::Looks } else { self.context.class }
    }

    /// Puts an effect into the sequence at hand.
    pub(crate) fn effect(&mut self, stmt: &'p Stmt, act: Act, clauses: Clauses, side: &Side) {
        let provided = side.parts.iter().zip(&stmt.provided);
        let read = provided.filter_map(|(part, var)| Some((*part, self.known(*var)?))).collect();
        let mut answer = Answer { parts: read, expects: clauses.expects, binds: clauses.binds };
        answer.judge(self, side);
        answer.give(self, stmt, side.given);
        let class = self.class(stmt);
        let effect = Effect {
            class,
            response: answer.used(),
            expects: answer.expects,
            binds: answer.binds,
            retry: clauses.retry,
            timeout: clauses.timeout.or_else(|| self.context.timeout.clone()).map(Box::new),
            on: self.place(&act).map(Box::new),
            act,
        };
        let id = self.leaf(stmt.span, Op::Do(Box::new(effect)));
        self.entitle(id, None, stmt.prose.as_ref());
    }
}

/// The answer of an effect while it is put together.
struct Answer {
    parts: Vec<(ResponsePart, VarId)>,
    expects: Vec<Expect>,
    binds: Vec<Bind>,
}

impl Answer {
    /// The variable of a part; made where the block provides none.
    fn part(&mut self, low: &mut Lowering<'_>, part: ResponsePart) -> VarId {
        if let Some((_, var)) = self.parts.iter().find(|(known, _)| *known == part) {
            return *var;
        }
        let (name, ty) = match part {
            ResponsePart::Exit => ("exit", Type::Int),
            ResponsePart::Status => ("status", Type::Int),
            ResponsePart::Body => ("body", Type::Json),
            ResponsePart::File => ("file", Type::Artifact),
            ResponsePart::Headers => ("headers", Type::Json),
            ResponsePart::Stdout => ("stdout", Type::Text),
            ResponsePart::Stderr => ("stderr", Type::Text),
            ResponsePart::Answer => ("answer", Type::Unknown),
        };
        let var = low.fresh(name, ty);
        self.parts.push((part, var));
        var
    }

    /// Expects what is expected unless an expectation reads that part.
    fn judge(&mut self, low: &mut Lowering<'_>, side: &Side) {
        let known = self.parts.iter().find(|(known, _)| *known == side.judged).map(|(_, var)| *var);
        let reads = |expect: &Expect| known.is_some_and(|var| reads(&expect.condition, var));
        if !self.expects.iter().any(reads) {
            let var = self.part(low, side.judged);
            let (condition, source) = (side.judge)(&Expr::Var(var));
            self.expects.insert(0, Expect { condition, message: None, source: source.into() });
        }
    }

    /// Binds what `let x: type =` before the statement asks for.
    fn give(&mut self, low: &mut Lowering<'_>, stmt: &Stmt, part: ResponsePart) {
        let Some(bind) = &stmt.bind else { return };
        let from = Expr::Var(self.part(low, part));
        let value = match (part, bind.typed) {
            (ResponsePart::Stdout, false) => Expr::Call(Function::Trim, vec![from]),
            (ResponsePart::File, _) => from,
            _ => Expr::Convert(bind.ty.clone(), Box::new(from)),
        };
        let var = low.var(bind.var);
        self.binds.insert(0, Bind { var, value, ty: bind.ty.clone() });
    }

    /// The parts that something reads.
    fn used(&self) -> Vec<(ResponsePart, VarId)> {
        let read = |var: VarId| {
            self.binds.iter().any(|bind| reads(&bind.value, var))
                || self.expects.iter().any(|expect| {
                    reads(&expect.condition, var)
                        || expect.message.as_ref().is_some_and(|text| reads(text, var))
                })
        };
        self.parts.iter().copied().filter(|(_, var)| read(*var)).collect()
    }
}

/// A fixed name with its value.
pub(crate) fn named_text(stmt: &Stmt, low: &mut Lowering<'_>) -> Option<NamedText> {
    let name = fixed(&stmt.operands, 0);
    low.operand(stmt, 0).map(|value| NamedText { name, value })
}

fn reads(expr: &Expr, wanted: VarId) -> bool {
    let mut found = false;
    expr.vars(&mut |var| found |= var == wanted);
    found
}

impl Clauses {
    /// Notes a clause that may stand once; reports a second one.
    pub(crate) fn once(&mut self, low: &mut Lowering<'_>, group: &'static str, stmt: &Stmt) {
        if let Some((_, first)) = self.seen.iter().find(|(known, _)| *known == group) {
            let message = format!("`{}` is one {group} too many", stmt.schema.word);
            let report = crate::diag::Diagnostic::error(codes::TWICE, low.head(stmt.span), message)
                .also(*first, "the first one")
                .help("keep one of them");
            return low.report(report);
        }
        self.seen.push((group, low.head(stmt.span)));
    }
}
