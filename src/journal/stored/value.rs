//! The stored form of a value: plain JSON where JSON has it, `{"$kind": …}` where it has not.

use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::form::Stored;
use crate::value;

/// A value as it is kept. A secret is kept by its name only.
#[derive(Serialize, Deserialize)]
#[serde(try_from = "Json", into = "Json")]
#[derive(Clone)]
pub(super) struct Value(value::Value);

impl Stored for Value {
    type Of = value::Value;
    fn of(live: &value::Value) -> Self {
        Self(live.clone())
    }
    fn back(self) -> value::Value {
        self.0
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        to_json(&value.0)
    }
}

impl TryFrom<Json> for Value {
    type Error = serde_json::Error;
    fn try_from(json: Json) -> Result<Self, serde_json::Error> {
        from_json(json).map(Self)
    }
}

fn to_json(value: &value::Value) -> Json {
    use value::Value as V;
    match value {
        V::Null => Json::Null,
        V::Bool(yes) => json!(yes),
        V::Int(number) => json!(number),
        V::Number(number) => json!(number),
        V::Decimal(number) => json!({ "$number": number.as_str() }),
        V::Text(text) => json!(**text),
        V::Duration(length) => json!({ "$duration": [length.as_secs(), length.subsec_nanos()] }),
        V::Size(bytes) => json!({ "$size": bytes }),
        V::Time(time) => json!({ "$time": time }),
        V::Version(version) => json!({ "$version": version }),
        V::List(items) => items.iter().map(to_json).collect(),
        V::Map(fields) => fields_to_json(fields),
        V::Artifact(file) => json!({ "$artifact": file }),
        V::Secret(secret) => json!({ "$secret": *secret.origin }),
    }
}

/// A map that would be read as another kind says that it is a map.
fn fields_to_json(fields: &IndexMap<String, value::Value>) -> Json {
    let json: Map<String, Json> = fields.iter().map(|(name, value)| (name.clone(), to_json(value))).collect();
    if kind(&json).is_some() { json!({ "$map": json }) } else { Json::Object(json) }
}

/// The `$kind` of an object that has this one key.
fn kind(object: &Map<String, Json>) -> Option<&str> {
    let key = object.keys().next().filter(|_| object.len() == 1)?;
    key.strip_prefix('$')
}

fn from_json(json: Json) -> Result<value::Value, serde_json::Error> {
    use value::Value as V;
    Ok(match json {
        Json::Array(items) => {
            let items: Result<Vec<_>, _> = items.into_iter().map(from_json).collect();
            V::List(Arc::new(items?))
        }
        Json::Object(object) => match kind(&object).map(str::to_owned) {
            Some(kind) => measured(&kind, object.into_values().next().unwrap_or_default())?,
            None => map(object)?,
        },
        Json::Number(number) => bits(&number)?,
        flat => value::from_json(flat),
    })
}

/// A number that stands by itself is one of 64 bits.
fn bits(number: &serde_json::Number) -> Result<value::Value, serde_json::Error> {
    let whole = number.as_i64().map(value::Value::Int);
    let any = whole.or_else(|| number.as_f64().map(value::Value::Number));
    any.ok_or_else(|| serde::de::Error::custom(format!("the number `{number}`")))
}

fn map(object: Map<String, Json>) -> Result<value::Value, serde_json::Error> {
    let fields = object.into_iter().map(|(name, json)| Ok((name, from_json(json)?)));
    fields.collect::<Result<_, _>>().map(|fields| value::Value::Map(Arc::new(fields)))
}

fn measured(kind: &str, json: Json) -> Result<value::Value, serde_json::Error> {
    use serde_json::from_value as read;
    use value::Value as V;
    Ok(match kind {
        "duration" => read(json).map(|(secs, nanos)| V::Duration(Duration::new(secs, nanos)))?,
        "size" => V::Size(read(json)?),
        "time" => V::Time(read(json)?),
        "version" => V::Version(read(json)?),
        "map" => map(read(json)?)?,
        "number" => value::from_json(Json::Number(read::<String>(json)?.parse()?)),
        "artifact" => V::Artifact(read(json)?),
        "secret" => V::Secret(value::Secret { origin: read(json)?, text: None }),
        other => return Err(serde::de::Error::custom(format!("a value of the kind `{other}`"))),
    })
}
