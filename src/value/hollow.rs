//! Secrets that are not at hand: the journal keeps their names only.

use std::sync::Arc;

use super::{Expr, Scope, Secret, Value, eval};

/// The name of a secret in a value that is not at hand.
#[must_use]
pub fn hollow(value: &Value) -> Option<&Arc<str>> {
    match value {
        Value::Secret(secret) => secret.text.is_none().then_some(&secret.origin),
        Value::List(items) => items.iter().find_map(hollow),
        Value::Map(fields) => fields.values().find_map(hollow),
        _ => None,
    }
}

/// The name of a secret that an expression takes and that is not at hand. What it does not take of a value does not count.
#[must_use]
pub fn lacking(expr: &Expr, scope: &dyn Scope) -> Option<Arc<str>> {
    if let Ok(value) = eval(expr, scope) {
        return hollow(&value).cloned();
    }
    let mut found = None;
    expr.parts(&mut |part| found = found.take().or_else(|| lacking(part, scope)));
    found
}

/// The value with its hollow secrets filled: `fill` is called with where each stands (of a map its names, of a list
/// its positions) and its name. `None` where none was filled.
pub fn filled(value: &Value, fill: &mut dyn FnMut(&[Part], &str) -> Option<String>) -> Option<Value> {
    Filling { fill, path: vec![], filled: false }.whole(value)
}

/// A part of a list or map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Into a map.
    Name(String),
    /// Into a list.
    Position(usize),
}

/// What stands in a value at the end of a path down.
#[must_use]
pub fn part_at<'v>(value: &'v Value, path: &[Part]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, step| match (value, step) {
        (Value::Map(fields), Part::Name(name)) => fields.get(name),
        (Value::List(items), Part::Position(at)) => items.get(*at),
        _ => None,
    })
}

struct Filling<'f> {
    fill: &'f mut dyn FnMut(&[Part], &str) -> Option<String>,
    path: Vec<Part>,
    filled: bool,
}

impl Filling<'_> {
    fn whole(mut self, value: &Value) -> Option<Value> {
        let value = self.value(value);
        self.filled.then_some(value)
    }

    fn value(&mut self, value: &Value) -> Value {
        match value {
            Value::Secret(secret) if secret.text.is_none() => match (self.fill)(&self.path, &secret.origin) {
                Some(text) => {
                    self.filled = true;
                    Value::Secret(Secret::new(&secret.origin, &text))
                }
                None => value.clone(),
            },
            Value::List(items) => {
                let items = items.iter().enumerate().map(|(at, item)| self.inside(Part::Position(at), item));
                Value::List(Arc::new(items.collect()))
            }
            Value::Map(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, value)| (name.clone(), self.inside(Part::Name(name.clone()), value)));
                Value::Map(Arc::new(fields.collect()))
            }
            other => other.clone(),
        }
    }

    fn inside(&mut self, step: Part, value: &Value) -> Value {
        self.path.push(step);
        let value = self.value(value);
        self.path.pop();
        value
    }
}
