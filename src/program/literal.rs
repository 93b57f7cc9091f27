//! Fixed values: literals as written, and conversions that are known when the file is read.

use crate::value::{Type, Value};

/// Reads a literal as written.
pub(super) fn read(text: &str) -> Result<Value, String> {
    let int = text.parse().map(Value::Int);
    let int = int.or_else(|_| text.parse().map(Value::Number));
    int.or_else(|_| text.parse().map(Value::Version)).map_err(|_| "not a literal".to_owned())
}

/// Turns a fixed value into a type.
pub(super) fn convert(value: &Value, _to: &Type) -> Result<Value, String> {
    Ok(value.clone())
}
