//! Temporary.
#![allow(missing_docs, clippy::pedantic)]
use super::{BinaryOp, Expr, Piece, Value, VarId};
pub trait Scope {
    fn get(&self, var: VarId) -> Option<&Value>;
}
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct EvalError {
    pub message: String,
}
fn err<T>(m: &str) -> Result<T, EvalError> {
    Err(EvalError { message: m.into() })
}
pub fn eval(e: &Expr, s: &dyn Scope) -> Result<Value, EvalError> {
    Ok(match e {
        Expr::Const(v) => v.clone(),
        Expr::Var(v) => match s.get(*v) {
            Some(v) => v.clone(),
            None => return err("unknown"),
        },
        Expr::Text(ps) => {
            let mut t = String::new();
            for p in ps {
                match p {
                    Piece::Text(x) => t.push_str(x),
                    Piece::Value(e) => t.push_str(&show(&eval(e, s)?)),
                }
            }
            Value::Text(t.into())
        }
        Expr::List(l) => {
            Value::List(std::sync::Arc::new(l.iter().map(|e| eval(e, s)).collect::<Result<_, _>>()?))
        }
        Expr::Not(e) => match eval(e, s)? {
            Value::Bool(b) => Value::Bool(!b),
            _ => return err("not a bool"),
        },
        Expr::Binary(op, a, b) => {
            let (a, b) = (eval(a, s)?, eval(b, s)?);
            match (op, a, b) {
                (BinaryOp::Eq, a, b) => Value::Bool(a == b),
                (BinaryOp::Lt, Value::Int(a), Value::Int(b)) => Value::Bool(a < b),
                (BinaryOp::Add, Value::Int(a), Value::Int(b)) => Value::Int(a + b),
                _ => return err("op"),
            }
        }
        Expr::At(_, e) | Expr::Convert(_, e) => eval(e, s)?,
        _ => return err("temporary"),
    })
}
pub fn show(v: &Value) -> String {
    match v {
        Value::Text(t) => t.to_string(),
        Value::Bool(b) => b.to_string(),
        Value::Int(i) => i.to_string(),
        Value::Secret(s) => s.origin.to_string(),
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}
pub fn from_json(v: serde_json::Value) -> Value {
    match v {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(b) => Value::Bool(b),
        serde_json::Value::Number(n) => {
            n.as_i64().map_or(Value::Number(n.as_f64().unwrap_or(0.0)), Value::Int)
        }
        serde_json::Value::String(s) => Value::Text(s.into()),
        serde_json::Value::Array(a) => {
            Value::List(std::sync::Arc::new(a.into_iter().map(from_json).collect()))
        }
        serde_json::Value::Object(o) => {
            Value::Map(std::sync::Arc::new(o.into_iter().map(|(k, v)| (k, from_json(v))).collect()))
        }
    }
}
