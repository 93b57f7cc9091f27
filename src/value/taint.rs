//! Taint: what is built from a secret is a secret.

use std::sync::Arc;

use super::{EvalError, Secret, Value};

impl Value {
    /// Calls `take` with every secret in it, in the clear: what is behind them is for the mask alone. A value nests no
    /// deeper than what it was made from.
    pub fn each_secret(&self, take: &mut dyn FnMut(&str)) {
        match self {
            Self::Secret(secret) => secret.expose().into_iter().for_each(take),
            Self::List(items) => items.iter().for_each(|item| item.each_secret(take)),
            Self::Map(fields) => fields.values().for_each(|value| value.each_secret(take)),
            _ => {}
        }
    }
}

/// A value with its secrets in the clear, and where they came from.
pub(super) struct Opened {
    pub(super) value: Value,
    pub(super) taint: Taint,
}

/// The origins of the secrets that a value was built from, each once, in order.
#[derive(Clone, Default)]
pub(super) struct Taint(Vec<Arc<str>>);

impl Taint {
    pub(super) fn is_clean(&self) -> bool {
        self.0.is_empty()
    }

    /// The origins as one name.
    pub(super) fn origin(&self) -> String {
        self.0.join(", ")
    }

    pub(super) fn join(mut self, other: &Self) -> Self {
        other.0.iter().for_each(|origin| self.add(origin));
        self
    }

    fn add(&mut self, origin: &Arc<str>) {
        if !self.0.contains(origin) {
            self.0.push(Arc::clone(origin));
        }
    }

    /// Makes secrets of what was computed; a truth value tells too little to be one.
    pub(super) fn seal(&self, value: Value) -> Value {
        match value {
            value if self.is_clean() => value,
            Value::Null | Value::Bool(_) | Value::Secret(_) => value,
            Value::List(items) => {
                Value::List(Arc::new(items.iter().map(|item| self.seal(item.clone())).collect()))
            }
            Value::Map(fields) => {
                let fields = fields.iter().map(|(name, value)| (name.clone(), self.seal(value.clone())));
                Value::Map(Arc::new(fields.collect()))
            }
            other => Value::Secret(Secret::new(&self.origin(), &other.to_text())),
        }
    }

    /// A message that may quote what it is about, without the secret.
    pub(super) fn hide(&self, message: String) -> String {
        if self.is_clean() {
            message
        } else {
            format!("this does not work with what the secret {} holds", self.origin())
        }
    }
}

/// Whether a secret is anywhere in a value.
#[must_use]
pub fn holds_secret(value: &Value) -> bool {
    match value {
        Value::Secret(_) => true,
        Value::List(items) => items.iter().any(holds_secret),
        Value::Map(items) => items.values().any(holds_secret),
        _ => false,
    }
}

/// Puts every secret of a value in the clear.
///
/// # Errors
/// When one is hollow.
pub(super) fn open(value: &Value) -> Result<Opened, EvalError> {
    let mut taint = Taint::default();
    let value = clear(value, &mut taint)?;
    Ok(Opened { value, taint })
}

fn clear(value: &Value, taint: &mut Taint) -> Result<Value, EvalError> {
    Ok(match value {
        Value::Secret(secret) => {
            taint.add(&secret.origin);
            let text = secret.expose();
            let absent = || EvalError::new(format!("the secret {} is not at hand", secret.origin));
            Value::Text(text.ok_or_else(absent)?.into())
        }
        Value::List(items) => {
            Value::List(Arc::new(items.iter().map(|item| clear(item, taint)).collect::<Result<_, _>>()?))
        }
        Value::Map(fields) => {
            let fields = fields.iter().map(|(name, value)| Ok((name.clone(), clear(value, taint)?)));
            Value::Map(Arc::new(fields.collect::<Result<_, EvalError>>()?))
        }
        other => other.clone(),
    })
}
