//! The functions of the language over plain values.

use std::path::Path;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::operators::{apply, order, text};
use super::pattern::pattern;
use super::{BinaryOp, Function, Value};

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Calls a function.
pub(super) fn call(function: Function, args: &[Value]) -> Result<Value, String> {
    let first = args.first().ok_or("a value is missing between the parentheses")?;
    let second = || args.get(1).ok_or_else(|| "a second value is missing between the parentheses".to_owned());
    Ok(match function {
        Function::Capture => capture(&text(first)?, &pattern(&text(second()?)?)?)?,
        Function::Count => count(first)?,
        Function::Lower => text(first)?.to_lowercase().as_str().into(),
        Function::Upper => text(first)?.to_uppercase().as_str().into(),
        Function::Trim => text(first)?.trim().into(),
        Function::Split => split(&text(first)?, &text(second()?)?)?,
        Function::Join => join(first, &text(second()?)?)?,
        Function::Keys => list(map(first)?.keys().map(|key| key.as_str().into())),
        Function::Values => list(map(first)?.values().cloned()),
        Function::Min => extreme(items(first)?, BinaryOp::Lt)?,
        Function::Max => extreme(items(first)?, BinaryOp::Gt)?,
        Function::Sum => sum(items(first)?)?,
        Function::Exists => {
            Value::Bool(matches!(first, Value::Map(fields) if fields.contains_key(&text(second()?)?)))
        }
        Function::Basename => {
            let path = text(first)?;
            Path::new(&path).file_name().and_then(|name| name.to_str()).unwrap_or_default().into()
        }
        Function::Dirname => dirname(&text(first)?),
        Function::Lines => list(text(first)?.lines().map(Into::into)),
        Function::UrlPart => utf8_percent_encode(&first.to_text(), RESERVED).to_string().as_str().into(),
    })
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

fn list(items: impl Iterator<Item = Value>) -> Value {
    Value::List(Arc::new(items.collect()))
}

fn items(value: &Value) -> Result<&[Value], String> {
    match value {
        Value::List(items) => Ok(items),
        other => Err(format!("a list is needed here, and this is {}", other.noun())),
    }
}

fn map(value: &Value) -> Result<&indexmap::IndexMap<String, Value>, String> {
    match value {
        Value::Map(fields) => Ok(fields),
        other => Err(format!("a map is needed here, and this is {}", other.noun())),
    }
}

fn capture(text: &str, pattern: &regex::Regex) -> Result<Value, String> {
    let mut matches = pattern.captures_iter(text);
    let found = matches.next().ok_or_else(|| format!("nothing in the text matches `/{pattern}/`"))?;
    if matches.next().is_some() {
        return Err(format!(
            "more than one place in the text matches `/{pattern}/`; make the pattern narrower"
        ));
    }
    let group = if pattern.captures_len() > 1 { found.get(1) } else { found.get(0) };
    group
        .map(|group| group.as_str().into())
        .ok_or_else(|| format!("the group of `/{pattern}/` matches nothing"))
}

fn count(value: &Value) -> Result<Value, String> {
    let count = match value {
        Value::List(items) => items.len(),
        Value::Map(fields) => fields.len(),
        Value::Text(text) => text.chars().count(),
        other => return Err(format!("{} cannot be counted; a list, a map or a text can", other.noun())),
    };
    i64::try_from(count).map(Value::Int).map_err(|_| "there are too many to count".to_owned())
}

fn split(text: &str, separator: &str) -> Result<Value, String> {
    if separator.is_empty() {
        return Err("the separator is empty; say what stands between the parts".to_owned());
    }
    Ok(list(text.split(separator).map(Into::into)))
}

fn join(value: &Value, separator: &str) -> Result<Value, String> {
    let texts: Vec<String> = items(value)?.iter().map(Value::to_text).collect();
    Ok(texts.join(separator).as_str().into())
}

fn extreme(items: &[Value], wanted: BinaryOp) -> Result<Value, String> {
    let (first, rest) =
        items.split_first().ok_or("the list is empty, so it has no smallest or largest item")?;
    let mut best = first;
    for item in rest {
        let ordering = order(item, best)?;
        let better = if wanted == BinaryOp::Lt { ordering.is_lt() } else { ordering.is_gt() };
        best = if better { item } else { best };
    }
    Ok(best.clone())
}

fn sum(items: &[Value]) -> Result<Value, String> {
    let Some((first, rest)) = items.split_first() else { return Ok(Value::Int(0)) };
    rest.iter().try_fold(first.clone(), |sum, item| apply(BinaryOp::Add, &sum, item))
}

fn dirname(path: &str) -> Value {
    match Path::new(path).parent().and_then(Path::to_str) {
        Some("") => ".".into(),
        Some(parent) => parent.into(),
        None => path.into(),
    }
}
