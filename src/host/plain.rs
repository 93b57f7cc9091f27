//! Values as plain JSON, and text as values of a type: what people and files exchange with us.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::Value as Json;

use super::mask::{MASKED, SHORTEST_SECRET};
use crate::value::{Secret, Type, Value};

/// A value as a reader of JSON expects it; secrets are masked. Nesting is bounded where values are made.
pub(super) fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Int(number) => (*number).into(),
        Value::Number(number) => (*number).into(),
        Value::Text(text) => Json::from(&**text),
        Value::Duration(duration) => format!("{duration:?}").into(),
        Value::Size(bytes) => (*bytes).into(),
        Value::Time(time) => time.to_string().into(),
        Value::Version(version) => version.to_string().into(),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(fields) => fields.iter().map(|(name, value)| (name.clone(), json(value))).collect(),
        Value::Artifact(artifact) => {
            serde_json::json!({ "path": &*artifact.path, "sha256": &*artifact.sha256, "bytes": artifact.bytes })
        }
        Value::Secret(_) => MASKED.into(),
    }
}

/// What a person typed (or a file says) as a value of a type; the error says what would fit.
pub(super) fn typed(ty: &Type, name: &str, text: &str) -> Result<Value, String> {
    let trimmed = text.trim();
    let wrong = |fitting: &str| format!("`{trimmed}` is no {fitting}");
    match ty {
        Type::Int => trimmed.parse().map(Value::Int).map_err(|_| wrong("whole number")),
        Type::Number => number(trimmed).ok_or_else(|| wrong("number")),
        Type::Bool => truth(trimmed).ok_or_else(|| wrong("truth value; write yes or no")),
        Type::Duration => {
            duration(trimmed).ok_or_else(|| wrong("length of time; write `30s`, `10m` or `72h`"))
        }
        Type::Size => size(trimmed).ok_or_else(|| wrong("size; write `512MiB` or `2GiB`")),
        Type::Time => time(trimmed).ok_or_else(|| wrong("time; write `2026-03-01T14:00:00Z`")),
        Type::Version => trimmed.parse().map(Value::Version).map_err(|_| wrong("version; write `1.2.0`")),
        Type::Url => absolute(trimmed).ok_or_else(|| wrong("absolute URL; write `https://…`")),
        Type::Json => serde_json::from_str(trimmed).map(|json| of_json(&json)).map_err(|_| wrong("JSON")),
        Type::OneOf(choices) => choice(choices, trimmed),
        Type::List(inner) => parts(inner, name, trimmed),
        Type::Secret => secret(name, text.trim_end_matches(['\n', '\r'])),
        Type::Lines => Ok(Value::List(Arc::new(text.lines().map(|line| Value::Text(line.into())).collect()))),
        Type::Text | Type::Path | Type::Unknown => Ok(Value::Text(trimmed.into())),
        Type::Map(_) | Type::Artifact | Type::Nothing => {
            Err(format!("`{name}` has a type that nobody can type in"))
        }
    }
}

/// Yes or no, in the usual spellings.
pub(super) fn truth(text: &str) -> Option<Value> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "true" => Some(Value::Bool(true)),
        "no" | "n" | "false" => Some(Value::Bool(false)),
        _ => None,
    }
}

/// JSON as a value. `serde_json` bounds its nesting.
pub(super) fn of_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => {
            let float = || Value::Number(number.as_f64().unwrap_or_default());
            number.as_i64().map_or_else(float, Value::Int)
        }
        Json::String(text) => Value::Text(text.as_str().into()),
        Json::Array(items) => Value::List(Arc::new(items.iter().map(of_json).collect())),
        Json::Object(fields) => {
            Value::Map(Arc::new(fields.iter().map(|(name, value)| (name.clone(), of_json(value))).collect()))
        }
    }
}

fn number(text: &str) -> Option<Value> {
    let float = || text.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Number);
    text.parse().ok().map(Value::Int).or_else(float)
}

fn duration(text: &str) -> Option<Value> {
    let span: SignedDuration = text.parse().ok()?;
    span.try_into().ok().map(Value::Duration)
}

fn size(text: &str) -> Option<Value> {
    const UNITS: [(&str, u64); 9] = [
        ("KiB", 1 << 10),
        ("MiB", 1 << 20),
        ("GiB", 1 << 30),
        ("TiB", 1 << 40),
        ("kB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("TB", 1_000_000_000_000),
        ("B", 1),
    ];
    let unit = |(unit, factor): &(&str, u64)| Some((text.strip_suffix(unit)?.trim(), *factor));
    let (number, factor) = UNITS.iter().find_map(unit)?;
    number.parse::<u64>().ok()?.checked_mul(factor).map(Value::Size)
}

fn time(text: &str) -> Option<Value> {
    text.parse::<Timestamp>().ok().map(Value::Time)
}

fn absolute(text: &str) -> Option<Value> {
    url::Url::parse(text).ok().map(|_| Value::Text(text.into()))
}

fn choice(choices: &[String], text: &str) -> Result<Value, String> {
    let found = choices.iter().find(|choice| *choice == text);
    found
        .map(|choice| Value::Text(choice.as_str().into()))
        .ok_or_else(|| format!("`{text}` is none of {}", choices.join(", ")))
}

/// One level of list, its items between commas.
fn parts(inner: &Type, name: &str, text: &str) -> Result<Value, String> {
    if matches!(inner, Type::List(_)) {
        return Err(format!("`{name}` is a list of lists; nobody can type that in"));
    }
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let items: Result<Vec<_>, _> = parts.map(|part| typed(inner, name, part)).collect();
    items.map(|items| Value::List(Arc::new(items)))
}

fn secret(name: &str, text: &str) -> Result<Value, String> {
    if text.len() < SHORTEST_SECRET {
        return Err(format!(
            "a secret has at least {SHORTEST_SECRET} characters: a shorter one cannot be masked"
        ));
    }
    let text = Some(Arc::new(SecretString::from(text)));
    Ok(Value::Secret(Secret { origin: name.into(), text }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn texts_become_values_of_their_type() {
        let cases = [
            (Type::Int, "-3", Value::Int(-3)),
            (Type::Number, "0.5", Value::Number(0.5)),
            (Type::Bool, "yes", Value::Bool(true)),
            (Type::Duration, "10m", Value::Duration(Duration::from_mins(10))),
            (Type::Duration, "72h", Value::Duration(Duration::from_hours(72))),
            (Type::Size, "2GiB", Value::Size(2 << 30)),
            (Type::Version, "1.2.0", Value::Version("1.2.0".parse().unwrap())),
            (Type::Url, "https://a.b/c", Value::Text("https://a.b/c".into())),
            (Type::OneOf(vec!["a b".into()]), "a b", Value::Text("a b".into())),
            (
                Type::List(Box::new(Type::Int)),
                "1, 2",
                Value::List(Arc::new(vec![Value::Int(1), Value::Int(2)])),
            ),
            (Type::Text, " x ", Value::Text("x".into())),
        ];
        for (ty, text, expected) in cases {
            assert_eq!(typed(&ty, "n", text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_says_what_would() {
        let cases = [
            (Type::Int, "1.5"),
            (Type::Number, "nan"),
            (Type::Bool, "maybe"),
            (Type::Duration, "10"),
            (Type::Size, "2"),
            (Type::Size, "99999999999999TiB"),
            (Type::Version, "1"),
            (Type::Url, "a/b"),
            (Type::OneOf(vec!["a".into()]), "b"),
            (Type::Secret, "abc"),
            (Type::Json, "{"),
        ];
        for (ty, text) in cases {
            assert!(typed(&ty, "n", text).is_err(), "{text}");
        }
    }

    #[test]
    fn secrets_are_not_in_the_json() {
        let Ok(secret) = typed(&Type::Secret, "token", "hunter22") else { panic!() };
        assert_eq!(json(&secret), serde_json::json!("***"));
    }
}
