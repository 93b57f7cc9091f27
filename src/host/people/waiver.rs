//! A waiver as a person gives it: the word, and until when.

use jiff::Timestamp;

use super::super::plain;
use crate::value::{Type, Value};

/// On without what holds.
pub(super) const WAIVE: &str = "waive";

/// The end of a waiver, as a person writes it: a time, or a length of time from now.
pub(super) fn waiver_end(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    let until = match (plain::typed(&Type::Duration, "until", text), plain::typed(&Type::Time, "until", text))
    {
        (Ok(Value::Duration(length)), _) => now.checked_add(length).ok(),
        (_, Ok(Value::Time(until))) => Some(until),
        _ => None,
    };
    let until =
        until.ok_or_else(|| format!("`{}` is neither a time nor a length of time, as 4h", text.trim()))?;
    if until > now { Ok(until) } else { Err("that time is over".into()) }
}

/// What the run takes for a waiver: the word, and until when.
pub(super) fn waived(until: Timestamp) -> Value {
    Value::List(vec![Value::Text(WAIVE.into()), Value::Time(until)].into())
}
