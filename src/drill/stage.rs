//! A plan made ready for one course: what nobody knows is replaced by what the course takes it for, or by a sample.
//!
//! Nodes keep their numbers, so that the engine runs it as any other plan. Expectations of what nobody knows hold, and
//! times are short; that something goes wrong, the host says.

use std::time::Duration;

use super::bare::bare;
use super::course::Course;
use super::sample::sample;
use super::turns;
use super::unknown::{Matter, Unknown};
use crate::plan::{
    Act, Bind, Effect, Eval, Expect, Group, HttpBody, Loop, Node, NodeId, Op, Plan, QuestionKind, Role, Step,
    WaitFor,
};
use crate::value::functions::{Shape, TABLE};
use crate::value::{BinaryOp, Expr, Function, Piece, Type, Value, VarId, eval};

/// Time between two looks of a check.
const LOOK: Duration = Duration::from_secs(1);
/// Time between two looks of a guard.
pub(super) const WATCH: Duration = Duration::from_mins(1);
/// A wait takes at most so long where something is watched.
const WAIT: Duration = Duration::from_mins(10);
/// What has a limit has at most this one.
const LIMIT: Duration = Duration::from_mins(30);

/// A plan as that course has it.
pub(super) fn staged(unknown: &Unknown<'_>, course: &Course) -> Plan {
    let stage = Stage { unknown, course };
    let mut plan = unknown.plan.clone();
    for variable in &mut plan.vars {
        // Nothing in a drill is secret, so that nothing is missing when a run is taken up again.
        variable.secret = false;
        if variable.ty == Type::Secret {
            variable.ty = Type::Text;
        }
    }
    for (at, node) in (0..).map(NodeId).zip(&mut plan.nodes) {
        stage.node(at, node);
    }
    for at in stage.noes() {
        refuse(&mut plan, at);
    }
    for (matter, value) in course.taken(unknown) {
        match (matter, value) {
            (Matter::Turns(looped), Value::Int(2)) => {
                let told = course.twice(unknown);
                let by = told.into_iter().find(|(_, body)| plan.below(looped).contains(body));
                by.into_iter().for_each(|(by, _)| turns::second(&mut plan, looped, by));
            }
            (Matter::Turns(looped), Value::Int(0)) => turns::never(&mut plan, looped),
            _ => {}
        }
    }
    plan
}

/// Makes an expectation not hold.
pub(super) fn refuse(plan: &mut Plan, at: NodeId) {
    if let Some(Op::Eval(Eval::Expect(expect) | Eval::Given(expect))) =
        plan.nodes.get_mut(at.0 as usize).map(|node| &mut node.op)
    {
        expect.condition = truth(false);
    }
}

fn truth(yes: bool) -> Expr {
    Expr::Const(Value::Bool(yes))
}

struct Stage<'s> {
    unknown: &'s Unknown<'s>,
    course: &'s Course,
}

impl Stage<'_> {
    /// Expectations by which what is to say no does, where no effect can.
    fn noes(&self) -> Vec<NodeId> {
        let looks = self.course.noes(self.unknown);
        looks.into_iter().filter(|at| matches!(self.unknown.plan.op(*at), Some(Op::Eval(_)))).collect()
    }

    fn node(&self, at: NodeId, node: &mut Node) {
        match &mut node.op {
            Op::Do(effect) => self.effect(effect),
            Op::Eval(Eval::Let(bind)) => self.bind(bind, true),
            Op::Eval(Eval::Expect(expect) | Eval::Given(expect)) => self.expect(expect),
            Op::Branch(arms) => {
                arms.iter_mut().filter_map(|arm| arm.when.as_mut()).for_each(|when| self.condition(when));
            }
            Op::Loop(looped) => self.looped(at, looped),
            Op::Group(group) => self.group(group),
            Op::Mark(_) => {}
        }
        node.exprs_mut(&mut |expr| self.value(expr, None));
    }

    fn expect(&self, expect: &mut Expect) {
        if self.unknown.is_open(&expect.condition) {
            stand_in(&mut expect.condition, Value::Bool(true));
        }
    }

    fn effect(&self, effect: &mut Effect) {
        effect.expects.iter_mut().for_each(|expect| self.expect(expect));
        effect.binds.iter_mut().for_each(|bind| self.bind(bind, false));
        effect.timeout.iter_mut().for_each(|limit| self.shorten(limit, LIMIT));
        effect
            .retry
            .iter_mut()
            .filter_map(|retry| retry.every.as_mut())
            .for_each(|every| self.shorten(every, LOOK));
        match &mut effect.act {
            Act::Run { words, .. } => {
                let list = Type::List(Box::new(Type::Text));
                words
                    .iter_mut()
                    .filter(|word| word.splice)
                    .for_each(|word| self.value(&mut word.value, Some(&list)));
            }
            Act::Http { body: Some(body), .. } => {
                if let HttpBody::Form(form) = &mut **body {
                    self.value(form, Some(&Type::Map(Box::new(Type::Text))));
                }
            }
            Act::Person(question) => {
                if let QuestionKind::Approval { within: Some(within), .. } = &mut question.kind {
                    self.shorten(within, LIMIT);
                }
            }
            Act::Wait(wait) => self.wait(wait),
            _ => {}
        }
    }

    /// Where something is watched a wait is short: each look in it takes its time.
    fn wait(&self, wait: &mut WaitFor) {
        let watched = |node: &Node| match &node.op {
            Op::Group(group) => match &group.role {
                Role::Run(scope) => !scope.watches.is_empty(),
                Role::Phase(scope) => !scope.watches.is_empty(),
                _ => false,
            },
            _ => false,
        };
        let watched = self.unknown.plan.nodes.iter().any(watched);
        match wait {
            WaitFor::Duration(length) => self.shorten(length, WAIT),
            WaitFor::Time(moment) if watched => {
                let mut length = std::mem::replace(moment, truth(true));
                stand_in(&mut length, Value::Duration(WAIT));
                *wait = WaitFor::Duration(length);
            }
            WaitFor::Window(_) if watched => *wait = WaitFor::Duration(Expr::Const(Value::Duration(WAIT))),
            WaitFor::Time(_) | WaitFor::Window(_) => {}
        }
    }

    /// What is bound to a variable: what the course says, what can be computed of samples, or a sample.
    fn bind(&self, bind: &mut Bind, computed: bool) {
        if let Some(value) = self.chosen(bind.var) {
            stand_in(&mut bind.value, value.clone());
        } else if computed {
            self.value(&mut bind.value, Some(&bind.ty));
        } else {
            bind.value = Expr::Const(self.sample(bind.var, &bind.ty));
        }
        if bind.ty == Type::Secret {
            bind.ty = Type::Text;
        }
    }

    fn sample(&self, var: VarId, ty: &Type) -> Value {
        sample(ty, self.unknown.plan.var(var).map_or("value", |variable| &variable.name))
    }

    fn chosen(&self, var: VarId) -> Option<&Value> {
        if let Some(value) = self.unknown.pinned.get(&var) {
            return Some(value);
        }
        self.course.value(self.unknown, self.unknown.choice(&Matter::Variable(var))?)
    }

    fn group(&self, group: &mut Group) {
        let watches = match &mut group.role {
            Role::Run(scope) => &mut scope.watches,
            Role::Phase(scope) => {
                scope.window = None;
                &mut scope.watches
            }
            Role::Step(step) => return self.step(step),
            _ => return,
        };
        watches.iter_mut().for_each(|watch| watch.every = Expr::Const(Value::Duration(WATCH)));
    }

    fn step(&self, step: &mut Step) {
        step.condition.iter_mut().for_each(|condition| self.condition(condition));
        step.timeout.iter_mut().for_each(|limit| self.shorten(limit, LIMIT));
        step.due = None;
    }

    fn looped(&self, at: NodeId, looped: &mut Loop) {
        match looped {
            Loop::For { list, .. } => {
                let chosen = self.unknown.choice(&Matter::List(at, list.clone()));
                match chosen.and_then(|choice| self.course.value(self.unknown, choice)) {
                    Some(items) => stand_in(list, items.clone()),
                    None => self.value(list, Some(&Type::List(Box::new(Type::Text)))),
                }
            }
            Loop::Repeat { until, .. } => {
                if self.unknown.is_open(until) {
                    stand_in(until, Value::Bool(true));
                }
            }
            Loop::Poll { every, within, soak, .. } => {
                every.iter_mut().for_each(|every| stand_in(every, Value::Duration(LOOK)));
                let looks = if soak.is_some() { 5 } else { 3 };
                within.iter_mut().for_each(|within| self.shorten(within, looks * LOOK));
                soak.iter_mut().for_each(|soak| self.shorten(soak, 2 * LOOK));
            }
        }
    }

    /// A length of time, as short as that.
    fn shorten(&self, length: &mut Expr, most: Duration) {
        let asked = length.clone();
        self.value(length, Some(&Type::Duration));
        let known = match eval(length, &self.unknown.values) {
            Ok(Value::Duration(length)) => length.min(most),
            _ => most,
        };
        *length = asked;
        stand_in(length, Value::Duration(known));
    }

    /// A condition that decides the way.
    fn condition(&self, condition: &mut Expr) {
        if !self.unknown.is_open(condition) {
            return;
        }
        if let Some(choice) = self.unknown.condition(condition) {
            if let Some(value) = self.course.value(self.unknown, choice) {
                stand_in(condition, value.clone());
            }
            return;
        }
        match condition {
            Expr::At(_, of) | Expr::Not(of) => self.condition(of),
            Expr::Binary(BinaryOp::And | BinaryOp::Or, left, right) => {
                self.condition(left);
                self.condition(right);
            }
            // Variables that the course fills settle it.
            _ => {}
        }
    }

    /// Whether the course settles every variable of it.
    fn is_settled(&self, expr: &Expr) -> bool {
        let mut settled = true;
        expr.vars(&mut |var| {
            let open = self.unknown.is_open(&Expr::Var(var));
            settled &= !open || self.chosen(self.unknown.origin(var)).is_some();
        });
        settled
    }

    /// A value of what is known and samples: what could not be computed of a sample is itself a sample of its type.
    fn value(&self, expr: &mut Expr, want: Option<&Type>) {
        if let Expr::Convert(Type::Secret, of) = expr {
            *expr = (**of).clone();
        }
        if !self.unknown.is_open(expr) {
            return expr.parts_mut(&mut |part| self.value(part, None));
        }
        if self.unknown.type_of(expr) == Type::Bool && self.is_settled(expr) {
            return;
        }
        match expr {
            Expr::At(_, of) => self.value(of, want),
            Expr::Text(pieces) => {
                for piece in pieces {
                    if let Piece::Value(value) = piece {
                        self.value(value, None);
                    }
                }
            }
            Expr::List(_) | Expr::Map(_) => expr.parts_mut(&mut |part| self.value(part, None)),
            Expr::Var(var) => {
                let var = *var;
                let ty = self.unknown.plan.var(var).map_or(&Type::Unknown, |variable| &variable.ty);
                if let Some(want) = want.filter(|_| matches!(ty, Type::Json | Type::Unknown)) {
                    stand_in(expr, self.sample(var, want));
                }
            }
            Expr::Convert(ty, of) => {
                let ty = ty.clone();
                let fits = matches!(bare(of), Expr::Var(var) if self.unknown.plan.var(*var).is_some_and(|of| of.ty == ty));
                if !fits {
                    stand_in(expr, sample(&ty, &self.named(expr)));
                }
            }
            Expr::If(when, then, other) => {
                if self.unknown.is_open(when) && !self.is_settled(when) {
                    let mut way = (**then).clone();
                    self.value(&mut way, want);
                    return stand_in_by(expr, way);
                }
                self.value(then, want);
                self.value(other, want);
            }
            Expr::Call(function, args) if is_total(*function) => {
                let shapes =
                    TABLE.iter().find(|spec| spec.function == *function).map_or(&[][..], |spec| spec.params);
                for (at, arg) in args.iter_mut().enumerate() {
                    self.value(arg, shapes.get(at).and_then(|shape| wanted(*shape)).as_ref());
                }
            }
            _ => {
                let ty = want.cloned().unwrap_or_else(|| self.unknown.type_of(expr));
                stand_in(expr, sample(&ty, &self.named(expr)));
            }
        }
    }

    /// What a sample of an expression is called: after the part that it takes, else the first variable in it.
    fn named(&self, expr: &Expr) -> String {
        if let Expr::Field(_, name) = bare(expr) {
            return name.clone();
        }
        let mut first = None;
        expr.vars(&mut |var| first = first.or(Some(var)));
        let name = first.and_then(|var| self.unknown.plan.var(var)).map(|variable| variable.name.clone());
        name.unwrap_or_else(|| "value".to_owned())
    }
}

/// Puts a sample in the place of an expression, which still reads its variables: an undo that takes one which a step has not
/// given must not begin.
fn stand_in(expr: &mut Expr, sample: Value) {
    stand_in_by(expr, Expr::Const(sample));
}

/// The same with what is not fixed.
fn stand_in_by(expr: &mut Expr, with: Expr) {
    let of = std::mem::replace(expr, truth(true));
    *expr = Expr::If(Box::new(truth(true)), Box::new(with), Box::new(of));
}

/// Functions that give a value of whatever sample they get.
fn is_total(function: Function) -> bool {
    use Function::{Basename, Dirname, Join, Lines, Lower, Split, Trim, Upper, UrlPart};
    matches!(function, Basename | Dirname | Join | Lines | Lower | Split | Trim | Upper | UrlPart)
}

fn wanted(shape: Shape) -> Option<Type> {
    match shape {
        Shape::Text | Shape::Regex => Some(Type::Text),
        Shape::List => Some(Type::List(Box::new(Type::Text))),
        Shape::Map => Some(Type::Map(Box::new(Type::Text))),
        Shape::Any => None,
    }
}
