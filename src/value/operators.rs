//! Operators between two plain values. Knows no secrets: see [`super::taint`].

use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Duration;

use super::pattern::pattern;
use super::{BinaryOp, Value, number};

/// Applies an operator; `and` and `or` are the evaluator's.
pub(super) fn apply(op: BinaryOp, left: &Value, right: &Value) -> Result<Value, String> {
    Ok(Value::Bool(match op {
        BinaryOp::Eq => equal(left, right)?,
        BinaryOp::Ne => !equal(left, right)?,
        BinaryOp::Lt => order(left, right)?.is_lt(),
        BinaryOp::Le => order(left, right)?.is_le(),
        BinaryOp::Gt => order(left, right)?.is_gt(),
        BinaryOp::Ge => order(left, right)?.is_ge(),
        BinaryOp::In => holds(right, left)?,
        BinaryOp::NotIn => !holds(right, left)?,
        BinaryOp::Contains => holds(left, right)?,
        BinaryOp::Matches => pattern(&text(right)?)?.is_match(&text(left)?),
        BinaryOp::And => truth(left)? && truth(right)?,
        BinaryOp::Or => truth(left)? || truth(right)?,
        BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div => return compute(op, left, right),
    }))
}

/// The truth value, or an error that names what stands there.
pub(super) fn truth(value: &Value) -> Result<bool, String> {
    match value {
        Value::Bool(yes) => Ok(*yes),
        other => Err(format!("a condition is true or false, and this is {}", other.noun())),
    }
}

/// The text of what is a text: also a version and the path of an artifact.
pub(super) fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::Text(_) | Value::Version(_) | Value::Artifact(_) => Ok(value.to_text()),
        other => Err(format!("a text is needed here, and this is {}", other.noun())),
    }
}

/// Equality by meaning; whatever has no meaning in common differs.
pub(super) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        (Value::Version(_) | Value::Artifact(_), Value::Text(_))
        | (Value::Text(_), Value::Version(_) | Value::Artifact(_)) => left.to_text() == right.to_text(),
        _ if is_number(left) && is_number(right) => order(left, right).is_ok_and(Ordering::is_eq),
        _ => left == right,
    }
}

fn equal(left: &Value, right: &Value) -> Result<bool, String> {
    let null = matches!(left, Value::Null) || matches!(right, Value::Null);
    let texts = text(left).is_ok() && text(right).is_ok();
    let numbers = is_number(left) && is_number(right);
    let alike = std::mem::discriminant(left) == std::mem::discriminant(right);
    if null || texts || numbers || alike {
        Ok(same(left, right))
    } else {
        Err(unlike("compared", left, right))
    }
}

fn unlike(done: &str, left: &Value, right: &Value) -> String {
    let measure = |value: &Value| matches!(value, Value::Duration(_) | Value::Size(_));
    let mixed = (measure(left) && is_number(right)) || (is_number(left) && measure(right));
    let help =
        if mixed { "; units never mix with bare numbers, so write the unit: `10m`, `2GiB`" } else { "" };
    format!("{} and {} cannot be {done}{help}", left.noun(), right.noun())
}

fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Number(_) | Value::Decimal(_))
}

/// Which of two comes first.
pub(super) fn order(left: &Value, right: &Value) -> Result<Ordering, String> {
    let ordering = match (left, right) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Int(a), Value::Number(b)) => order_mixed(*a, *b),
        (Value::Number(a), Value::Int(b)) => order_mixed(*b, *a).map(Ordering::reverse),
        (Value::Number(a), Value::Number(b)) => a.partial_cmp(b),
        (Value::Decimal(_), _) | (_, Value::Decimal(_)) => number::order(left, right),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
        (Value::Size(a), Value::Size(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
        (Value::Version(a), Value::Version(b)) => Some(a.cmp(b)),
        (Value::Version(a), Value::Text(b)) => b.trim().parse().ok().map(|b| a.cmp(&b)),
        (Value::Text(a), Value::Version(b)) => a.trim().parse().ok().map(|a: semver::Version| a.cmp(b)),
        _ => None,
    };
    ordering.ok_or_else(|| unlike("compared", left, right))
}

/// Exact also where a number holds fewer digits than the whole one.
fn order_mixed(whole: i64, number: f64) -> Option<Ordering> {
    #[expect(clippy::cast_precision_loss, reason = "a tie is settled exactly below")]
    let rough = (whole as f64).partial_cmp(&number)?;
    #[expect(clippy::cast_possible_truncation, reason = "both are the same to 53 bits here")]
    Some(if rough.is_eq() { i128::from(whole).cmp(&(number as i128)) } else { rough })
}

fn holds(whole: &Value, item: &Value) -> Result<bool, String> {
    match whole {
        Value::List(items) => Ok(items.iter().any(|one| same(one, item))),
        Value::Map(fields) => Ok(fields.contains_key(&text(item)?)),
        Value::Text(_) | Value::Version(_) | Value::Artifact(_) => Ok(text(whole)?.contains(&text(item)?)),
        other => Err(format!("{} holds nothing to look for; a list, a map or a text does", other.noun())),
    }
}

fn compute(op: BinaryOp, left: &Value, right: &Value) -> Result<Value, String> {
    match (left, right) {
        (Value::Decimal(number), _) => compute(op, &number::computable(number)?, right),
        (_, Value::Decimal(number)) => compute(op, left, &number::computable(number)?),
        (Value::Int(a), Value::Int(b)) if op != BinaryOp::Div => whole(op, *a, *b),
        (Value::Duration(a), Value::Duration(b)) => durations(op, *a, *b),
        (Value::Size(a), Value::Size(b)) => sizes(op, *a, *b),
        (Value::Time(_), Value::Duration(_) | Value::Time(_)) => times(op, left, right),
        (Value::List(a), Value::List(b)) if op == BinaryOp::Add => {
            Ok(Value::List(Arc::new(a.iter().chain(b.iter()).cloned().collect())))
        }
        (Value::Duration(_) | Value::Size(_), _) if is_number(right) => scaled(op, left, right),
        (_, Value::Duration(_) | Value::Size(_)) if is_number(left) && op == BinaryOp::Mul => {
            scaled(op, right, left)
        }
        _ if is_number(left) && is_number(right) => {
            let (a, b) = (float(left).unwrap_or_default(), float(right).unwrap_or_default());
            number(floats(op, a, b)?).map(Value::Number)
        }
        _ => Err(unlike(verb(op), left, right)),
    }
}

fn verb(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "added; texts are put together as in `\"{a}{b}\"`",
        BinaryOp::Sub => "subtracted",
        BinaryOp::Mul => "multiplied",
        _ => "divided",
    }
}

fn whole(op: BinaryOp, a: i64, b: i64) -> Result<Value, String> {
    let result = match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        _ => a.checked_mul(b),
    };
    result.map(Value::Int).ok_or_else(|| "the result is too large for a whole number of 64 bits".to_owned())
}

#[expect(clippy::cast_precision_loss, reason = "numbers hold 53 bits")]
fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Int(whole) => Some(*whole as f64),
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

fn floats(op: BinaryOp, a: f64, b: f64) -> Result<f64, String> {
    Ok(match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        _ if b == 0.0 => return Err("a division by zero".to_owned()),
        _ => a / b,
    })
}

/// A number that is one.
fn number(number: f64) -> Result<f64, String> {
    if number.is_finite() { Ok(number) } else { Err("the result is too large for a number".to_owned()) }
}

fn durations(op: BinaryOp, a: Duration, b: Duration) -> Result<Value, String> {
    let result = match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => return Err("two durations cannot be multiplied".to_owned()),
        _ => return number(floats(op, a.as_secs_f64(), b.as_secs_f64())?).map(Value::Number),
    };
    result.map(Value::Duration).ok_or_else(|| "a duration is never less than zero, nor that long".to_owned())
}

#[expect(clippy::cast_precision_loss, reason = "a ratio holds 53 bits")]
fn sizes(op: BinaryOp, a: u64, b: u64) -> Result<Value, String> {
    let result = match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => return Err("two sizes cannot be multiplied".to_owned()),
        _ => return number(floats(op, a as f64, b as f64)?).map(Value::Number),
    };
    result.map(Value::Size).ok_or_else(|| "a size is never less than zero, nor that large".to_owned())
}

fn times(op: BinaryOp, left: &Value, right: &Value) -> Result<Value, String> {
    let far = || "the result is too far away for a time".to_owned();
    match (op, left, right) {
        (BinaryOp::Add, Value::Time(a), Value::Duration(b)) => {
            a.checked_add(*b).map(Value::Time).map_err(|_| far())
        }
        (BinaryOp::Sub, Value::Time(a), Value::Duration(b)) => {
            a.checked_sub(*b).map(Value::Time).map_err(|_| far())
        }
        (BinaryOp::Sub, Value::Time(a), Value::Time(b)) => {
            Duration::try_from(a.duration_since(*b)).map(Value::Duration).map_err(|_| {
                "the first time is before the second, and a duration is never less than zero".to_owned()
            })
        }
        _ => Err(unlike(verb(op), left, right)),
    }
}

/// A measure times or by a number.
#[expect(clippy::cast_precision_loss, reason = "only used where exact computing does not apply")]
fn scaled(op: BinaryOp, measure: &Value, by: &Value) -> Result<Value, String> {
    let large = || "the result is less than zero or too large".to_owned();
    let factor = float(by).unwrap_or_default();
    match (op, measure, by) {
        (BinaryOp::Add | BinaryOp::Sub, ..) => Err(unlike(verb(op), measure, by)),
        (BinaryOp::Mul, Value::Size(bytes), Value::Int(times)) => u64::try_from(*times)
            .ok()
            .and_then(|times| bytes.checked_mul(times))
            .map(Value::Size)
            .ok_or_else(large),
        (BinaryOp::Mul, Value::Duration(length), Value::Int(times)) if u32::try_from(*times).is_ok() => {
            let times = u32::try_from(*times).unwrap_or_default();
            length.checked_mul(times).map(Value::Duration).ok_or_else(large)
        }
        (_, Value::Size(bytes), _) => {
            whole_bytes(floats(op, *bytes as f64, factor)?).map(Value::Size).ok_or_else(large)
        }
        (_, Value::Duration(length), _) => {
            let seconds = floats(op, length.as_secs_f64(), factor)?;
            Duration::try_from_secs_f64(seconds).map(Value::Duration).map_err(|_| large())
        }
        _ => Err(unlike(verb(op), measure, by)),
    }
}

/// The whole bytes of a computed size.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is checked first"
)]
pub(super) fn whole_bytes(bytes: f64) -> Option<u64> {
    (bytes >= 0.0 && bytes < u64::MAX as f64).then(|| bytes.round() as u64)
}
