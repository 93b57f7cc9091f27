//! Values as plain JSON, and text as values of a type: what people and files exchange with us.

use std::sync::Arc;

use secrecy::SecretString;
use serde_json::Value as Json;

use super::mask::{MASKED, SHORTEST_SECRET};
use crate::value::{Secret, Type, Value, convert, from_json, to_json};

/// A value as a reader of JSON expects it; secrets are masked. Nesting is bounded where values are made.
pub(super) fn json(value: &Value) -> Json {
    match value {
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(fields) => fields.iter().map(|(name, value)| (name.clone(), json(value))).collect(),
        Value::Artifact(artifact) => {
            serde_json::json!({ "path": &*artifact.path, "sha256": &*artifact.sha256, "bytes": artifact.bytes })
        }
        Value::Secret(_) => MASKED.into(),
        flat => to_json(flat),
    }
}

/// What a person typed (or a file says) as a value of a type; the error says what would fit. A text
/// and a secret are taken as they are, blanks included.
pub(super) fn typed(ty: &Type, name: &str, text: &str) -> Result<Value, String> {
    let trimmed = text.trim();
    match ty {
        Type::Text => Ok(Value::Text(text.into())),
        Type::Secret => secret(name, text),
        Type::Bool => truth(trimmed).ok_or_else(|| misfit(ty, trimmed)),
        Type::List(inner) => list(ty, inner, name, trimmed),
        Type::OneOf(choices) if !choices.iter().any(|choice| choice == trimmed) => {
            Err(format!("`{trimmed}` is none of {}", choices.join(", ")))
        }
        // A person who writes no unit does not mean bytes.
        Type::Size if trimmed.bytes().all(|byte| byte.is_ascii_digit()) => Err(misfit(ty, trimmed)),
        Type::Path | Type::Lines => convert(ty, text.into()),
        Type::Artifact | Type::Nothing => Err(format!("`{name}` has a type that nobody can type in")),
        _ => convert(ty, trimmed.into()).map_err(|_| misfit(ty, trimmed)),
    }
}

/// How a value of a type is written, for the line where it is typed; empty where there is nothing to say.
pub(super) fn form(ty: &Type) -> &'static str {
    match ty {
        Type::Int => "a whole number",
        Type::Number => "a number",
        Type::Bool => "yes or no",
        Type::Duration => "as 30s, 10m or 72h",
        Type::Size => "as 512MiB or 2GiB",
        Type::Time => "as 2026-03-01T14:00:00Z",
        Type::Version => "as 1.2.0",
        Type::Url => "as https://example.org/path",
        Type::Json | Type::Map(_) => "JSON",
        Type::List(_) | Type::Lines => "several, with commas between",
        Type::Secret => "not shown",
        _ => "",
    }
}

fn misfit(ty: &Type, text: &str) -> String {
    let (what, example) = match ty {
        Type::Int => ("whole number", ""),
        Type::Number => ("number", ""),
        Type::Bool => ("truth value", "; write yes or no"),
        Type::Duration => ("length of time", "; write `30s`, `10m` or `72h`"),
        Type::Size => ("size", "; write `512MiB` or `2GiB`"),
        Type::Time => ("time", "; write `2026-03-01T14:00:00Z`"),
        Type::Version => ("version", "; write `1.2.0`"),
        Type::Url => ("absolute URL", "; write `https://…`"),
        Type::Json => ("JSON", ""),
        Type::Map(_) => ("map", "; write JSON: `{\"name\": …}`"),
        _ => ("answer that fits", ""),
    };
    format!("`{text}` is no {what}{example}")
}

/// Yes or no, in the usual spellings.
pub(super) fn truth(text: &str) -> Option<Value> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "true" => Some(Value::Bool(true)),
        "no" | "n" | "false" => Some(Value::Bool(false)),
        _ => None,
    }
}

/// Items between commas, or a list in JSON where an item holds a comma.
fn list(ty: &Type, inner: &Type, name: &str, text: &str) -> Result<Value, String> {
    let json: Option<Vec<Json>> = serde_json::from_str(text).ok();
    let items: Result<Vec<Value>, String> = match json {
        Some(items) => items.into_iter().map(|item| from_list(inner, name, item)).collect(),
        None if matches!(inner, Type::List(_)) => {
            Err(format!("`{text}` is no {ty}; write JSON: `[[…], […]]`"))
        }
        None => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            parts.map(|part| typed(inner, name, part)).collect()
        }
    };
    items.map(|items| Value::List(Arc::new(items)))
}

fn from_list(ty: &Type, name: &str, item: Json) -> Result<Value, String> {
    match item {
        Json::String(text) => typed(ty, name, &text),
        item if *ty == Type::Secret => typed(ty, name, &item.to_string()),
        item => convert(ty, from_json(item)),
    }
}

fn secret(name: &str, text: &str) -> Result<Value, String> {
    if text.len() < SHORTEST_SECRET {
        return Err(format!("a secret has at least {SHORTEST_SECRET} bytes: a shorter one cannot be masked"));
    }
    let text = Some(Arc::new(SecretString::from(text)));
    Ok(Value::Secret(Secret { origin: name.into(), text }))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn texts(items: &[&str]) -> Value {
        Value::List(Arc::new(items.iter().map(|item| Value::Text((*item).into())).collect()))
    }

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
            (Type::Text, " x ", Value::Text(" x ".into())),
            (Type::List(Box::new(Type::Text)), r#"["a,b", " c"]"#, texts(&["a,b", " c"])),
            (Type::List(Box::new(Type::Text)), "[a, b", texts(&["[a", "b"])),
            (Type::Lines, "a\n b", texts(&["a", " b"])),
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
            (Type::Path, ""),
            (Type::Map(Box::new(Type::Int)), "a"),
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
