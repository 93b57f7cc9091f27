//! Numbers as values: in 64 bits where those hold what was written, else as it was written.

use std::cmp::Ordering;

use serde_json::Number;

use super::{Decimal, Value, decimal};

/// The number of a text that JSON would take for one; in 64 bits only where it is written again as it was.
pub(super) fn number(text: &str) -> Option<Value> {
    text.parse().ok().map(of_json)
}

/// The number that JSON holds.
pub(super) fn of_json(written: Number) -> Value {
    if let Some(whole) = written.as_i64().filter(|whole| whole.to_string() == written.as_str()) {
        return Value::Int(whole);
    }
    let same = |number: &f64| {
        let json = Number::from_f64(*number).is_some_and(|json| json.as_str() == written.as_str());
        json && number.to_string() == written.as_str()
    };
    match written.as_f64().filter(same) {
        Some(number) => Value::Number(number),
        None => Value::Decimal(written.into()),
    }
}

/// A number with the other sign.
pub(super) fn negated(decimal: &Decimal) -> Value {
    let flipped = decimal.as_str().strip_prefix('-').map_or_else(|| format!("-{decimal}"), str::to_owned);
    number(&flipped).unwrap_or_else(|| Value::Decimal(decimal.clone()))
}

/// The number to compute with.
///
/// # Errors
/// Where 64 bits do not hold it; fractions are rounded, as numbers are.
pub(super) fn computable(decimal: &Decimal) -> Result<Value, String> {
    let large = || format!("`{decimal}` is too large to compute with; it can be compared and passed on");
    if decimal.is_whole() {
        let whole = decimal.whole().and_then(|whole| i64::try_from(whole).ok());
        return whole.map(Value::Int).ok_or_else(large);
    }
    let number = decimal.rounded().ok_or_else(large)?;
    let vanished = number == 0.0;
    if vanished {
        Err(format!("`{decimal}` is too small to compute with"))
    } else {
        Ok(Value::Number(number))
    }
}

/// Which of two numbers comes first, by what is written. `None` for what is no number.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    Some(decimal::order(&written(left)?, &written(right)?))
}

fn written(value: &Value) -> Option<String> {
    match value {
        Value::Int(whole) => Some(whole.to_string()),
        Value::Number(number) => Some(format!("{number:e}")),
        Value::Decimal(decimal) => Some(decimal.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Value {
        number(text).unwrap()
    }

    #[test]
    fn only_what_64_bits_would_change_is_kept_as_written() {
        for text in ["0", "-7", "9223372036854775807", "0.5", "-1.25", "123456.789"] {
            assert!(!matches!(of(text), Value::Decimal(_)), "{text}");
        }
        for text in [
            "9223372036854775808",
            "1.10",
            "1.0",
            "1e5",
            "1E5",
            "-0",
            "-0.0",
            "1e400",
            "0.1000000000000000055",
        ] {
            assert!(matches!(of(text), Value::Decimal(_)), "{text}");
        }
        for text in ["", " 1", "1 ", "+1", "01", ".5", "1.", "NaN", "1_000", "0x10"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_ordered_by_what_is_written() {
        let rising = [
            "-1e400",
            "-12345678901234567891",
            "-12345678901234567890",
            "-2",
            "-1.10",
            "-1",
            "-1e-400",
            "0",
            "1e-400",
            "0.1",
            "0.1000000000000000055",
            "0.11",
            "1",
            "9.9",
            "10.5",
            "9223372036854775807",
            "9223372036854775808",
            "12345678901234567890",
            "12345678901234567891",
            "1e400",
            "1.5e400",
            "1e1000000000000000000000",
        ];
        for (at, left) in rising.iter().enumerate() {
            for (other, right) in rising.iter().enumerate() {
                assert_eq!(order(&of(left), &of(right)), Some(at.cmp(&other)), "{left} {right}");
            }
        }
        for (left, right) in
            [("1.10", "1.1"), ("1e2", "100"), ("-0", "0"), ("0.0", "0e9"), ("1.0", "1"), ("10e-1", "1")]
        {
            assert_eq!(order(&of(left), &of(right)), Some(Ordering::Equal), "{left} {right}");
        }
    }

    #[test]
    fn what_fits_is_computed_with_and_nothing_else() {
        let of_text = |text: &str| match of(text) {
            Value::Decimal(decimal) => computable(&decimal),
            other => Ok(other),
        };
        assert_eq!(of_text("1.0"), Ok(Value::Int(1)));
        assert_eq!(of_text("-1.20e3"), Ok(Value::Int(-1200)));
        assert_eq!(of_text("9007199254740993.0"), Ok(Value::Int(9_007_199_254_740_993)));
        assert_eq!(of_text("1.10"), Ok(Value::Number(1.1)));
        assert_eq!(of_text("-0"), Ok(Value::Int(0)));
        for (text, why) in
            [("9223372036854775808", "too large"), ("1e400", "too large"), ("1e-400", "too small")]
        {
            assert!(of_text(text).unwrap_err().contains(why), "{text}");
        }
    }
}
