//! Values turned into types.

use std::sync::Arc;

use super::{Secret, Type, Value, from_json, literal, number, taint};

/// Turns a value into a type: a text is decoded by it, JSON is checked against it. Stays secret.
///
/// # Errors
/// When the value does not fit; the message never holds a secret.
pub fn convert(ty: &Type, value: Value) -> Result<Value, String> {
    if *ty == Type::Secret && matches!(value, Value::Secret(_)) {
        return Ok(value);
    }
    let opened = taint::open(&value).map_err(|why| why.message)?;
    if opened.taint.is_clean() {
        return plain(ty, value);
    }
    let misfit = |_| format!("what the secret {} holds is not {ty}", opened.taint.origin());
    let ty = if *ty == Type::Secret { &Type::Text } else { ty };
    plain(ty, opened.value).map(|value| opened.taint.seal(value)).map_err(misfit)
}

/// Turns a text of the command line into a type. A list is also read from `a,b`.
///
/// # Errors
/// When the text does not fit.
pub fn coerce(ty: &Type, text: &str) -> Result<Value, String> {
    match ty {
        Type::List(item) if !text.trim_start().starts_with('[') => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            parts.map(|part| coerce(item, part)).collect::<Result<_, _>>().map(list)
        }
        Type::Json => Ok(serde_json::from_str(text).map_or_else(|_| text.into(), from_json)),
        _ => convert(ty, text.into()),
    }
}

/// What a secret is called that its type alone made one.
pub const UNNAMED: &str = "value";

fn list(items: Vec<Value>) -> Value {
    Value::List(Arc::new(items))
}

fn plain(ty: &Type, value: Value) -> Result<Value, String> {
    match ty {
        Type::Unknown | Type::Nothing => Ok(value),
        Type::Json => match &value {
            Value::Text(text) => decode(text),
            _ => Ok(value),
        },
        Type::Text => as_text(value),
        Type::Secret => Ok(Value::Secret(Secret::new(UNNAMED, &value.to_text()))),
        Type::OneOf(words) => one_of(words, as_text(value)?),
        Type::Path => path(value),
        Type::Url => url(&value),
        Type::Lines => lines(value),
        Type::List(item) => items(item, &value),
        Type::Map(item) => entries(item, &value),
        Type::Artifact => match value {
            Value::Artifact(_) => Ok(value),
            other => Err(misfit(ty, &other)),
        },
        _ => scalar(ty, value),
    }
}

fn misfit(ty: &Type, value: &Value) -> String {
    let mut text: String = value.to_text().chars().take(60).collect();
    if text.chars().count() == 60 {
        text.push('…');
    }
    match value {
        Value::Null => format!("there is nothing here (null), and {ty} is needed"),
        Value::List(_) | Value::Map(_) => format!("{} is not {ty}", value.noun()),
        _ => format!("`{text}` is not {ty}"),
    }
}

fn as_text(value: Value) -> Result<Value, String> {
    match value {
        Value::Null => Err(misfit(&Type::Text, &value)),
        Value::Text(_) => Ok(value),
        other => Ok(other.to_text().as_str().into()),
    }
}

fn decode(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map(from_json).map_err(|why| format!("the text is not JSON: {why}"))
}

fn scalar(ty: &Type, value: Value) -> Result<Value, String> {
    match (ty, &value) {
        (Type::Int, Value::Int(_))
        | (Type::Number, Value::Number(_) | Value::Decimal(_))
        | (Type::Bool, Value::Bool(_))
        | (Type::Duration, Value::Duration(_))
        | (Type::Size, Value::Size(_))
        | (Type::Time, Value::Time(_))
        | (Type::Version, Value::Version(_)) => Ok(value),
        (_, Value::Text(text)) => of_text(ty, text.trim()).unwrap_or_else(|| Err(misfit(ty, &value))),
        _ => of_number(ty, &value),
    }
}

/// `None` where nothing is to be said but that it does not fit.
fn of_text(ty: &Type, text: &str) -> Option<Result<Value, String>> {
    Some(Ok(match ty {
        Type::Int => Value::Int(text.parse().ok()?),
        Type::Number => match text.parse() {
            Ok(whole) => Value::Int(whole),
            Err(_) => number_of(text)?,
        },
        Type::Bool => Value::Bool(text.parse().ok()?),
        Type::Duration => return Some(literal::duration(text).map(Value::Duration)),
        Type::Size => return Some(literal::size(text).map(Value::Size)),
        Type::Time => Value::Time(text.parse().ok()?),
        Type::Version => Value::Version(text.parse().ok()?),
        _ => return None,
    }))
}

/// A number as it is written, or of a spelling that JSON does not have (`.5`).
pub(super) fn number_of(text: &str) -> Option<Value> {
    let finite = || text.parse().ok().filter(|number: &f64| number.is_finite());
    number::number(text).or_else(|| finite().map(Value::Number))
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    reason = "only a whole number in range is taken"
)]
fn of_number(ty: &Type, value: &Value) -> Result<Value, String> {
    let bare = |number: &Value| format!("`{}` has no unit; multiply it by one: `x * 1s`", number.to_text());
    Ok(match (ty, value) {
        (Type::Number, Value::Int(_)) => value.clone(),
        (Type::Number, Value::Size(bytes)) => Value::Number(*bytes as f64),
        (Type::Int, Value::Number(number)) if number.trunc() == *number && number.abs() < 9e18 => {
            Value::Int(*number as i64)
        }
        (Type::Int, Value::Decimal(number)) => {
            let whole = number.whole().and_then(|whole| i64::try_from(whole).ok());
            Value::Int(whole.ok_or_else(|| misfit(ty, value))?)
        }
        (Type::Size, Value::Decimal(number)) => {
            let bytes = number.whole().and_then(|whole| u64::try_from(whole).ok());
            Value::Size(bytes.ok_or_else(|| misfit(ty, value))?)
        }
        (Type::Int, Value::Size(bytes)) => Value::Int(i64::try_from(*bytes).map_err(|_| misfit(ty, value))?),
        (Type::Size, Value::Int(bytes)) => Value::Size(u64::try_from(*bytes).map_err(|_| misfit(ty, value))?),
        (Type::Size, Value::Number(bytes)) if bytes.trunc() == *bytes => {
            Value::Size(super::operators::whole_bytes(*bytes).ok_or_else(|| misfit(ty, value))?)
        }
        (Type::Duration, Value::Int(_) | Value::Number(_) | Value::Decimal(_)) => return Err(bare(value)),
        (Type::Int | Type::Number, Value::Duration(_)) => {
            return Err(format!("`{}` has a unit; divide it by one: `x / 1s`", value.to_text()));
        }
        _ => return Err(misfit(ty, value)),
    })
}

fn one_of(words: &[String], value: Value) -> Result<Value, String> {
    let text = value.to_text();
    if words.contains(&text) {
        return Ok(value);
    }
    let trimmed = text.trim();
    if words.iter().any(|word| word == trimmed) {
        return Ok(trimmed.into());
    }
    Err(misfit(&Type::OneOf(words.to_vec()), &value))
}

fn path(value: Value) -> Result<Value, String> {
    let value = as_text(value)?;
    let text = value.to_text();
    if text.is_empty() || text.contains('\0') {
        return Err("a path is not empty and holds no zero byte".to_owned());
    }
    Ok(value)
}

fn url(value: &Value) -> Result<Value, String> {
    let text = value.to_text();
    let text = text.trim();
    match (value, url::Url::parse(text)) {
        (Value::Text(_), Ok(url)) if url.password().is_some() => {
            Ok(Value::Secret(Secret::new("the URL with a password", text)))
        }
        (Value::Text(_), Ok(url)) if !url.cannot_be_a_base() => Ok(text.into()),
        _ => Err(format!("{}; write it whole, as in `https://example.org/path`", misfit(&Type::Url, value))),
    }
}

fn lines(value: Value) -> Result<Value, String> {
    match value {
        Value::Text(text) => Ok(list(text.lines().map(Into::into).collect())),
        Value::List(items) => items.iter().cloned().map(as_text).collect::<Result<_, _>>().map(list),
        other => Err(misfit(&Type::Lines, &other)),
    }
}

/// What stands in a list or map is only decoded where its type is not JSON itself.
fn inner(ty: &Type, value: &Value) -> Result<Value, String> {
    if *ty == Type::Json { Ok(value.clone()) } else { plain(ty, value.clone()) }
}

fn items(ty: &Type, value: &Value) -> Result<Value, String> {
    let decoded = if let Value::Text(text) = value { decode(text)? } else { value.clone() };
    let Value::List(items) = &decoded else {
        return Err(misfit(&Type::List(Box::new(ty.clone())), &decoded));
    };
    let items =
        items.iter().enumerate().map(|(at, item)| inner(ty, item).map_err(|why| format!("item {at}: {why}")));
    items.collect::<Result<_, _>>().map(list)
}

fn entries(ty: &Type, value: &Value) -> Result<Value, String> {
    let decoded = if let Value::Text(text) = value { decode(text)? } else { value.clone() };
    let Value::Map(fields) = &decoded else { return Err(misfit(&Type::Map(Box::new(ty.clone())), &decoded)) };
    let fields = fields.iter().map(|(name, item)| {
        inner(ty, item).map(|item| (name.clone(), item)).map_err(|why| format!("field `{name}`: {why}"))
    });
    fields.collect::<Result<_, _>>().map(|fields| Value::Map(Arc::new(fields)))
}
