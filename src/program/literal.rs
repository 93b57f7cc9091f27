//! Fixed values: literals as written, and conversions that are known when the file is read.

use std::time::Duration;

use crate::value::{Type, Value};

const TIMES: &[(&str, u64)] =
    &[("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000)];
const SIZES: &[(&str, u64)] = &[
    ("B", 1),
    ("kB", 1_000),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

/// Reads a literal as written.
pub(super) fn read(text: &str) -> Result<Value, String> {
    if let Ok(int) = text.parse() {
        return Ok(Value::Int(int));
    }
    if let Ok(version) = text.parse() {
        return Ok(Value::Version(version));
    }
    let unit = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit);
    let number: f64 = number.parse().map_err(|_| format!("`{text}` is not a number"))?;
    measure(number, unit).ok_or_else(|| {
        format!("`{text}` has no unit that is known: times end in ms, s, m, h, d, sizes in B, KiB, MiB, GiB")
    })
}

fn measure(number: f64, unit: &str) -> Option<Value> {
    let find =
        |units: &[(&str, u64)]| units.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "no literal is that large"
    )]
    let times = |factor: u64| (number * factor as f64) as u64;
    if unit.is_empty() {
        return Some(Value::Number(number));
    }
    let time = find(TIMES).map(|factor| Value::Duration(Duration::from_millis(times(factor))));
    time.or_else(|| find(SIZES).map(|factor| Value::Size(times(factor))))
}

/// Turns a fixed value into a type.
pub(super) fn convert(value: &Value, to: &Type) -> Result<Value, String> {
    let Value::Text(text) = value else { return Ok(value.clone()) };
    match to {
        Type::Version => text.parse().map(Value::Version).map_err(|why| format!("{why}")),
        Type::OneOf(words) if !words.iter().any(|word| **word == **text) => {
            Err(format!("it is one of {}", super::types::quoted(words)))
        }
        Type::Int => text.parse().map(Value::Int).map_err(|why| format!("{why}")),
        _ => Ok(value.clone()),
    }
}
