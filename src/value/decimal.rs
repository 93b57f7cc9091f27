//! Numbers that stay as they were written.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::Value;

/// A number that 64 bits would change or write otherwise: `12345678901234567890`, `1.10`, `1e400`.
/// Passed on it is itself, digit for digit; it is compared exactly and computed with only where it fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Decimal(Number);

impl Decimal {
    /// As it was written; JSON has it so.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// As JSON.
    pub(super) fn to_json(&self) -> Number {
        self.0.clone()
    }

    /// The whole number that it is, if it is one and no longer than those.
    pub(super) fn whole(&self) -> Option<i128> {
        let Parts { negative, digits, point } = Parts::of(self.as_str());
        let point = usize::try_from(point).ok().filter(|point| (digits.len()..=38).contains(point))?;
        let whole: i128 = if digits.is_empty() { 0 } else { format!("{digits:0<point$}").parse().ok()? };
        Some(if negative { -whole } else { whole })
    }

    /// With the other sign.
    pub(super) fn negated(&self) -> Value {
        let flipped = self.as_str().strip_prefix('-').map_or_else(|| format!("-{self}"), str::to_owned);
        number(&flipped).unwrap_or_else(|| Value::Decimal(self.clone()))
    }

    /// The number to compute with.
    ///
    /// # Errors
    /// Where 64 bits do not hold it; fractions are rounded, as numbers are.
    pub(super) fn computable(&self) -> Result<Value, String> {
        let large = || format!("`{self}` is too large to compute with; it can be compared and passed on");
        let Parts { digits, point, .. } = Parts::of(self.as_str());
        if point >= digits.len() as i128 {
            return self
                .whole()
                .and_then(|whole| i64::try_from(whole).ok())
                .map(Value::Int)
                .ok_or_else(large);
        }
        let number = self.0.as_f64().ok_or_else(large)?;
        let vanished = number == 0.0;
        if vanished {
            Err(format!("`{self}` is too small to compute with"))
        } else {
            Ok(Value::Number(number))
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

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
        None => Value::Decimal(Decimal(written)),
    }
}

/// Which of two numbers comes first, by what is written: `1.10` and `1.1` are equal. `None` for what is no number.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    let (left, right) = (written(left)?, written(right)?);
    Some(Parts::of(&left).cmp(&Parts::of(&right)))
}

fn written(value: &Value) -> Option<String> {
    match value {
        Value::Int(whole) => Some(whole.to_string()),
        Value::Number(number) => Some(format!("{number:e}")),
        Value::Decimal(decimal) => Some(decimal.to_string()),
        _ => None,
    }
}

/// A number taken apart: its sign, its digits without zeros around them, and where its point stands before the
/// first of them (`0.DIGITS` times ten to that power). Zero has no digits.
#[derive(PartialEq, Eq)]
struct Parts {
    negative: bool,
    digits: String,
    point: i128,
}

impl Parts {
    fn of(text: &str) -> Self {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let farthest = if exponent.starts_with('-') { i128::MIN / 2 } else { i128::MAX / 2 };
        let exponent = exponent.parse().unwrap_or(farthest);
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        let leading = all.len() - digits.len();
        let digits = digits.trim_end_matches('0').to_owned();
        if digits.is_empty() {
            return Self { negative: false, digits, point: 0 };
        }
        let before = whole.len() as i128 - leading as i128;
        Self { negative, digits, point: before.saturating_add(exponent) }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |parts: &Self| match (parts.digits.is_empty(), parts.negative) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => -1,
        };
        let size = || self.point.cmp(&other.point).then_with(|| self.digits.cmp(&other.digits));
        sign(self).cmp(&sign(other)).then_with(|| match sign(self) {
            0 => Ordering::Equal,
            1 => size(),
            _ => size().reverse(),
        })
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
        let computable = |text: &str| match of(text) {
            Value::Decimal(decimal) => decimal.computable(),
            other => Ok(other),
        };
        assert_eq!(computable("1.0"), Ok(Value::Int(1)));
        assert_eq!(computable("-1.20e3"), Ok(Value::Int(-1200)));
        assert_eq!(computable("9007199254740993.0"), Ok(Value::Int(9_007_199_254_740_993)));
        assert_eq!(computable("1.10"), Ok(Value::Number(1.1)));
        assert_eq!(computable("-0"), Ok(Value::Int(0)));
        for (text, why) in
            [("9223372036854775808", "too large"), ("1e400", "too large"), ("1e-400", "too small")]
        {
            assert!(computable(text).unwrap_err().contains(why), "{text}");
        }
    }
}
