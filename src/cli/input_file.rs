//! A file of inputs, TOML or JSON, as values by name.
//!
//! What is wrong is told by its place and never by its words: there may be a secret in them.

use std::path::Path;

use serde_json::{Map, Value};

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
    let table = toml::from_str::<toml::Table>(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let line = text.get(..at).unwrap_or(text).matches('\n').count() + 1;
        (line, format!("this is no TOML: {}", error.message()))
    });
    table.map(plain)
}

fn json(text: &str) -> Result<Map<String, Value>, (usize, String)> {
    match serde_json::from_str(text) {
        Ok(Value::Object(values)) => Ok(values),
        Ok(_) => Err((1, "inputs are one object: {\"name\": value, …}".into())),
        Err(error) => Err((error.line(), format!("this is no JSON, from column {} on", error.column()))),
    }
}

/// TOML as JSON; a time is its text.
fn plain(table: toml::Table) -> Map<String, Value> {
    fn value(written: toml::Value) -> Value {
        match written {
            toml::Value::Datetime(time) => time.to_string().into(),
            toml::Value::Array(items) => items.into_iter().map(value).collect::<Vec<_>>().into(),
            toml::Value::Table(table) => plain(table).into(),
            toml::Value::String(text) => text.into(),
            toml::Value::Integer(number) => number.into(),
            toml::Value::Float(number) => number.into(),
            toml::Value::Boolean(yes) => yes.into(),
        }
    }
    table.into_iter().map(|(name, written)| (name, value(written))).collect()
}
