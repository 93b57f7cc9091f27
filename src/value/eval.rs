//! The evaluation of expressions: pure, total, without panics.

use std::collections::HashMap;
use std::sync::Arc;

use super::operators::{apply, truth};
use super::taint::{Opened, Taint, open};
use super::{BinaryOp, DEEPEST, EvalError, Expr, Piece, Type, Value, VarId, call, convert, jq, number};
use crate::text::Span;

/// How deep expressions nest at most: twice what sources may, as conversions stand between.
const DEPTH: u32 = 512;

/// Where the values of variables come from.
pub trait Scope {
    /// The value of a variable, if it has one.
    fn get(&self, var: VarId) -> Option<&Value>;
}

/// What is known before a run, or without one.
impl<S: std::hash::BuildHasher> Scope for HashMap<VarId, Value, S> {
    fn get(&self, var: VarId) -> Option<&Value> {
        Self::get(self, &var)
    }
}

/// Values that stand before others.
pub struct Layered<'a> {
    /// Looked at first.
    pub inner: &'a dyn Scope,
    /// What the inner one does not have.
    pub outer: &'a dyn Scope,
}

impl Scope for Layered<'_> {
    fn get(&self, var: VarId) -> Option<&Value> {
        self.inner.get(var).or_else(|| self.outer.get(var))
    }
}

/// The value of an expression.
///
/// # Errors
/// When a value, field or item is missing, a type does not fit, or a result is out of range.
pub fn eval(expr: &Expr, scope: &dyn Scope) -> Result<Value, EvalError> {
    Eval { scope, depth: DEPTH }.value(expr)
}

#[derive(Clone, Copy)]
struct Eval<'a> {
    scope: &'a dyn Scope,
    /// How much deeper it may go.
    depth: u32,
}

type Step = Result<Value, EvalError>;

impl Eval<'_> {
    /// Places are peeled off without recursion; the innermost one is reported.
    fn value(self, expr: &Expr) -> Step {
        let (expr, span) = peeled(expr);
        let result = match self.depth.checked_sub(1) {
            Some(depth) => Eval { depth, ..self }.bare(expr),
            None => Err(EvalError::new("the expression is nested too deeply")),
        };
        result.map_err(|why| why.at(span))
    }

    fn bare(self, expr: &Expr) -> Step {
        match expr {
            Expr::Const(value) => Ok(value.clone()),
            Expr::Var(var) => self.scope.get(*var).cloned().ok_or_else(|| EvalError::missing(*var)),
            Expr::Binary(..) => self.spine(expr),
            Expr::If(when, then, other) => {
                let branch = if self.condition(when)? { then } else { other };
                self.value(branch)
            }
            _ => self.other(expr),
        }
    }

    fn other(self, expr: &Expr) -> Step {
        match expr {
            Expr::Field(of, name) => field(&self.value(of)?, name),
            Expr::Index(of, at) => self.index(of, at),
            Expr::Text(pieces) => self.text(pieces),
            Expr::List(items) => bounded(Value::List(Arc::new(self.values(items)?))),
            Expr::Map(fields) => {
                let fields = fields.iter().map(|(name, value)| Ok((name.clone(), self.value(value)?)));
                let fields = fields.collect::<Result<_, EvalError>>()?;
                bounded(Value::Map(Arc::new(fields)))
            }
            Expr::Not(of) => self.condition(of).map(|yes| Value::Bool(!yes)),
            Expr::Neg(of) => self.negated(of),
            Expr::Call(function, args) => {
                let args = Value::List(Arc::new(self.values(args)?));
                over(&args, |args| {
                    if let Value::List(args) = args { call::call(*function, args) } else { Ok(args.clone()) }
                })
            }
            Expr::Jq { input, program, vars } => self.jq(input, program, vars),
            Expr::Convert(ty, of) => Ok(convert(ty, self.value(of)?)?),
            _ => self.value(expr),
        }
    }

    fn values(self, exprs: &[Expr]) -> Result<Vec<Value>, EvalError> {
        exprs.iter().map(|expr| self.value(expr)).collect()
    }

    fn condition(self, expr: &Expr) -> Result<bool, EvalError> {
        condition(&self.value(expr)?)
    }

    /// `a op b op c …`, however long: the left spine is walked without recursion.
    fn spine(self, expr: &Expr) -> Step {
        let mut pending = vec![];
        let (mut rest, mut span) = peeled(expr);
        while let Expr::Binary(op, left, right) = rest {
            pending.push((*op, right, span));
            (rest, span) = peeled(left);
        }
        let mut left = self.value(rest).map_err(|why| why.at(span))?;
        while let Some((op, right, span)) = pending.pop() {
            left = self.operate(op, &left, right).map_err(|why| why.at(span))?;
        }
        Ok(left)
    }

    fn operate(self, op: BinaryOp, left: &Value, right: &Expr) -> Step {
        match op {
            BinaryOp::And => Ok(Value::Bool(condition(left)? && self.condition(right)?)),
            BinaryOp::Or => Ok(Value::Bool(condition(left)? || self.condition(right)?)),
            _ => binary(op, left, &self.value(right)?),
        }
    }

    fn negated(self, of: &Expr) -> Step {
        over(&self.value(of)?, |value| match value {
            Value::Decimal(number) => Ok(number::negated(number)),
            other => apply(BinaryOp::Sub, &Value::Int(0), other),
        })
    }

    fn index(self, of: &Expr, at: &Expr) -> Step {
        let (whole, at) = (self.value(of)?, open(&self.value(at)?)?);
        item(&whole, &at.value).map_err(|why| EvalError::new(at.taint.hide(why)))
    }

    fn text(self, pieces: &[Piece]) -> Step {
        let (mut text, mut taint) = (String::new(), Taint::default());
        for piece in pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Value(expr) => {
                    let part = open(&self.value(expr)?)?;
                    text.push_str(&part.value.to_text());
                    taint = taint.join(&part.taint);
                }
            }
        }
        Ok(taint.seal(text.as_str().into()))
    }

    fn jq(self, input: &Expr, program: &str, vars: &[(String, Expr)]) -> Step {
        let input = open(&self.value(input)?)?;
        let (mut taint, mut named) = (input.taint, vec![]);
        for (name, expr) in vars {
            let value = open(&self.value(expr)?)?;
            taint = taint.join(&value.taint);
            named.push((name.as_str(), value.value));
        }
        let result = jq::run(program, &input.value, &named);
        result.map(|value| taint.seal(value)).map_err(|why| EvalError::new(taint.hide(why)))
    }
}

/// A list or map, if it does not nest too deeply to be kept.
fn bounded(value: Value) -> Step {
    let fits = value.fits_in(DEEPEST);
    fits.then_some(value)
        .ok_or_else(|| EvalError::new(format!("the value nests deeper than {DEEPEST} levels")))
}

/// What stands inside of places, and the innermost place.
fn peeled(mut expr: &Expr) -> (&Expr, Option<Span>) {
    let mut span = None;
    while let Expr::At(place, of) = expr {
        (expr, span) = (of, Some(*place));
    }
    (expr, span)
}

/// Computes over the clear value and makes the result as secret as the value was.
fn over(value: &Value, compute: impl FnOnce(&Value) -> Result<Value, String>) -> Step {
    let Opened { value, taint } = open(value)?;
    compute(&value).map(|value| taint.seal(value)).map_err(|why| EvalError::new(taint.hide(why)))
}

fn condition(value: &Value) -> Result<bool, EvalError> {
    let Opened { value, taint } = open(value)?;
    truth(&value).map_err(|why| EvalError::new(taint.hide(why)))
}

fn binary(op: BinaryOp, left: &Value, right: &Value) -> Step {
    let (mut left, mut right) = (open(left)?, open(right)?);
    if !left.taint.is_clean() {
        left.value = regain(left.value, &right.value);
    }
    if !right.taint.is_clean() {
        right.value = regain(right.value, &left.value);
    }
    let taint = left.taint.join(&right.taint);
    let result = apply(op, &left.value, &right.value);
    result.map(|value| taint.seal(value)).map_err(|why| EvalError::new(taint.hide(why)))
}

/// A secret only keeps its text: beside a number or a measure it is one again.
fn regain(value: Value, beside: &Value) -> Value {
    let ty = match (&value, beside) {
        (Value::Text(_), Value::Int(_) | Value::Number(_)) => Type::Number,
        (Value::Text(_), Value::Duration(_)) => Type::Duration,
        (Value::Text(_), Value::Size(_)) => Type::Size,
        (Value::Text(_), Value::Time(_)) => Type::Time,
        (Value::Text(_), Value::Version(_)) => Type::Version,
        _ => return value,
    };
    convert(&ty, value.clone()).unwrap_or(value)
}

fn field(value: &Value, name: &str) -> Step {
    let none = |what: &str| EvalError::new(format!("{what} has no field `{name}`"));
    match value {
        Value::Map(fields) => fields.get(name).cloned().ok_or_else(|| {
            let known: Vec<&str> = fields.keys().take(10).map(String::as_str).collect();
            let known = if known.is_empty() {
                "it is empty".to_owned()
            } else {
                format!("it has {}", known.join(", "))
            };
            EvalError::new(format!("there is no field `{name}`; {known}"))
        }),
        Value::Artifact(file) => match name {
            "path" => Ok((&*file.path).into()),
            "sha256" => Ok((&*file.sha256).into()),
            "bytes" | "size" => Ok(Value::Size(file.bytes)),
            _ => Err(none("an artifact")),
        },
        other => Err(none(other.noun())),
    }
}

fn item(whole: &Value, at: &Value) -> Result<Value, String> {
    match (whole, at) {
        (Value::List(items), Value::Int(at)) => {
            let found = usize::try_from(*at).ok().and_then(|at| items.get(at)).cloned();
            found
                .ok_or_else(|| format!("there is no item {at}; the list has {}, counted from 0", items.len()))
        }
        (Value::Map(_), Value::Text(name)) => field(whole, name).map_err(|why| why.message),
        (Value::List(_), other) => Err(format!("a list is read by position, and this is {}", other.noun())),
        (Value::Map(fields), other) => fields
            .get(&other.to_text())
            .cloned()
            .ok_or_else(|| format!("there is no field `{}`", other.to_text())),
        (other, _) => Err(format!("{} has no items", other.noun())),
    }
}
