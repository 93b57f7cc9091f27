//! Numbers that stay as they were written.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Number;

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

    /// Whether it has no digits behind its point.
    pub(super) fn is_whole(&self) -> bool {
        let Parts { digits, point, .. } = Parts::of(self.as_str());
        point >= digits.len() as i128
    }

    /// The nearest number of 64 bits; `None` where there is none.
    pub(super) fn rounded(&self) -> Option<f64> {
        self.0.as_f64()
    }
}

impl From<Number> for Decimal {
    fn from(written: Number) -> Self {
        Self(written)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which of two numbers, as they are written, comes first: `1.10` and `1.1` are equal.
pub(super) fn order(left: &str, right: &str) -> Ordering {
    Parts::of(left).cmp(&Parts::of(right))
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
