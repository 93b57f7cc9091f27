//! Values and JSON.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Value, number};

/// A value of what JSON holds; a number stays as it is written.
#[must_use]
pub fn from_json(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(yes) => Value::Bool(yes),
        Json::Number(number) => number::of_json(number),
        Json::String(text) => Value::Text(text.into()),
        Json::Array(items) => Value::List(Arc::new(items.into_iter().map(from_json).collect())),
        Json::Object(fields) => {
            let fields = fields.into_iter().map(|(name, value)| (name, from_json(value)));
            Value::Map(Arc::new(fields.collect()))
        }
    }
}

/// The value as JSON: a size as its bytes, what JSON does not have as its text. A secret stands as `⟨secret NAME⟩`.
#[must_use]
pub fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(yes) => (*yes).into(),
        Value::Int(number) => (*number).into(),
        Value::Number(number) => (*number).into(),
        Value::Decimal(number) => Json::Number(number.to_json()),
        Value::Size(bytes) => (*bytes).into(),
        Value::List(items) => items.iter().map(to_json).collect(),
        Value::Map(fields) => fields.iter().map(|(name, value)| (name.clone(), to_json(value))).collect(),
        other => other.to_text().into(),
    }
}
