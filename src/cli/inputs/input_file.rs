//! A file of inputs, TOML or JSON, as values by name.
//!
//! What is wrong is told by its place and never by its words: there may be a secret in them.

use std::path::Path;

use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// The values of a file, which is JSON by its ending or else TOML.
///
/// # Errors
/// `FILE:LINE: what is wrong`.
pub(super) fn values(file: &Path, text: &str) -> Result<Map<String, Value>, String> {
    let is_json = file.extension().is_some_and(|ending| ending == "json");
    let values = if is_json { json(text) } else { toml(text) };
    values.map_err(|(line, why)| format!("{}:{line}: {why}", file.display()))
}

fn toml(text: &str) -> Result<Map<String, Value>, (usize, String)> {
    let line = |at: usize| text.get(..at).unwrap_or(text).matches('\n').count() + 1;
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        (line(at), format!("this is no TOML: {}", error.message()))
    })?;
    plain(table.into_inner()).map_err(|(at, why)| (line(at), why))
}

fn json(text: &str) -> Result<Map<String, Value>, (usize, String)> {
    match serde_json::from_str(text) {
        Ok(Value::Object(values)) => Ok(values),
        Ok(_) => Err((1, "inputs are one object: {\"name\": value, …}".into())),
        Err(error) => Err((error.line(), format!("this is no JSON, from column {} on", error.column()))),
    }
}

/// TOML as JSON; a time is its text. What is wrong stands at that byte.
fn plain(table: DeTable<'_>) -> Result<Map<String, Value>, (usize, String)> {
    let field = |(name, value): (Spanned<DeString<'_>>, _)| Ok((name.into_inner().into_owned(), one(value)?));
    table.into_iter().map(field).collect()
}

fn one(written: Spanned<DeValue<'_>>) -> Result<Value, (usize, String)> {
    let at = written.span().start;
    let no_number = || (at, "this is no number that an input can have".to_owned());
    Ok(match written.into_inner() {
        DeValue::Datetime(time) => time.to_string().into(),
        DeValue::Array(items) => items.into_iter().map(one).collect::<Result<_, _>>().map(Value::Array)?,
        DeValue::Table(table) => plain(table)?.into(),
        DeValue::String(text) => text.into_owned().into(),
        DeValue::Boolean(yes) => yes.into(),
        DeValue::Integer(number) => whole(number.as_str(), number.radix()).ok_or_else(no_number)?,
        DeValue::Float(number) => fraction(number.as_str()).ok_or_else(no_number)?,
    })
}

/// A whole number, of any length where it is written in tens.
fn whole(text: &str, radix: u32) -> Option<Value> {
    let known = i64::from_str_radix(text, radix).ok().map(Value::from);
    known.or_else(|| text.parse().ok().filter(|_| radix == 10).map(Value::Number))
}

/// As it is written, where JSON writes it so, too (not `+1.5`); infinity and what is no number have no place there.
fn fraction(text: &str) -> Option<Value> {
    let text = text.strip_prefix('+').unwrap_or(text);
    text.parse().ok().or_else(|| serde_json::Number::from_f64(text.parse().ok()?)).map(Value::Number)
}
