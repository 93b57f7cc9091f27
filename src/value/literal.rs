//! Literals as written, and the texts of durations and sizes.

use std::time::Duration;

use super::show::SIZE_UNITS;
use super::{Value, number};

/// The value of a literal as written: `42`, `0.05`, `30s`, `2GiB`, `1.0.0`.
///
/// # Errors
/// When it is none of these, or too large; the message says which.
pub fn literal(text: &str) -> Result<Value, String> {
    if text.starts_with(|first: char| !first.is_ascii_digit() && first != '-') {
        return Err(malformed(text));
    }
    if let Ok(number) = text.parse() {
        return Ok(Value::Int(number));
    }
    if text.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("`{text}` is too large for a whole number of 64 bits"));
    }
    if let Some(number) = fraction(text) {
        return Ok(number::number(text).unwrap_or(Value::Number(number)));
    }
    if let Ok(version) = text.parse() {
        return Ok(Value::Version(version));
    }
    match unit_of(text) {
        unit if millis_of(unit).is_some() => duration(text).map(Value::Duration),
        unit if bytes_of(unit).is_some() => size(text).map(Value::Size),
        _ => Err(malformed(text)),
    }
}

fn malformed(text: &str) -> String {
    if let Some((number, unit)) = split_number(text) {
        if let Some(meant) = unit_meant(unit) {
            return format!("`{text}` is not a value; write `{number}{meant}`");
        }
        if unit == "M" {
            return format!("`{text}` is not a value; minutes are `{number}m`, bytes `{number}MB`");
        }
    }
    let plain = text.replace('_', "");
    if plain.len() < text.len() && plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("`{text}` is not a value; write `{plain}`");
    }
    format!(
        "`{text}` is not a value; numbers are `42` or `0.05`, durations `30s`, sizes `2GiB`, versions `1.0.0`"
    )
}

/// The unit that somebody means who writes that, or another word for it.
#[must_use]
pub fn unit_meant(word: &str) -> Option<&'static str> {
    let lower = word.to_ascii_lowercase();
    let size = SIZE_UNITS.iter().map(|(name, _)| *name).find(|name| name.to_ascii_lowercase() == lower);
    let one = lower.strip_suffix('s').filter(|one| one.len() > 1).unwrap_or(&lower);
    size.or(match one {
        "s" | "sec" | "second" => Some("s"),
        "min" | "minute" => Some("m"),
        "m" if word == "m" => Some("m"),
        "h" | "hr" | "hour" => Some("h"),
        "d" | "day" => Some("d"),
        "ms" | "msec" | "milli" | "millisecond" => Some("ms"),
        "k" => Some("kB"),
        "ki" => Some("KiB"),
        "mi" => Some("MiB"),
        "gi" => Some("GiB"),
        "ti" => Some("TiB"),
        "g" | "gig" | "giga" => Some("GB"),
        "meg" | "mega" => Some("MB"),
        "byte" => Some("B"),
        _ => None,
    })
}

/// Reads a number without an exponent or a sign in its middle; never infinite.
fn fraction(text: &str) -> Option<f64> {
    let plain = text.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let ends = text.ends_with(|last: char| last.is_ascii_digit());
    text.parse().ok().filter(|number: &f64| plain && ends && number.is_finite())
}

fn unit_of(text: &str) -> &str {
    text.trim_start_matches(|one: char| one.is_ascii_digit() || one == '.' || one == ' ')
        .split(|one: char| !one.is_ascii_alphabetic())
        .next()
        .unwrap_or_default()
}

fn millis_of(unit: &str) -> Option<u64> {
    Some(match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    })
}

fn bytes_of(unit: &str) -> Option<u64> {
    SIZE_UNITS.iter().find(|(name, _)| *name == unit).map(|(_, bytes)| *bytes)
}

/// Reads `30s`, `1h30m`, `1.5h`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is not a duration: write it with its unit, as in `30s`, `10m`, `1h30m`");
    let large = || format!("`{text}` is too long for a duration");
    let mut rest = text.trim();
    let mut whole = Duration::ZERO;
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let (number, after) = split_number(rest).ok_or_else(wrong)?;
        let unit = unit_of(after);
        let millis = millis_of(unit).ok_or_else(wrong)?;
        whole = part(number, millis).and_then(|part| whole.checked_add(part)).ok_or_else(large)?;
        rest = after.strip_prefix(unit).unwrap_or_default().trim_start();
    }
    Ok(whole)
}

fn part(number: &str, millis: u64) -> Option<Duration> {
    if let Ok(count) = number.parse::<u64>() {
        return count.checked_mul(millis).map(Duration::from_millis);
    }
    let unit = Duration::from_millis(millis).as_secs_f64();
    fraction(number).and_then(|count| Duration::try_from_secs_f64(count * unit).ok())
}

/// Splits `30s` into `30` and `s`.
fn split_number(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|one: char| !one.is_ascii_digit() && one != '.').unwrap_or(text.len());
    text.split_at_checked(end).filter(|(number, _)| !number.is_empty())
}

/// Reads `2GiB`, `1.5 MB`, or a bare count of bytes.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is not a size: write `2GiB`, `500MB`, or the number of bytes");
    let large = || format!("`{text}` is too large for a size");
    let (number, unit) = split_number(text.trim()).ok_or_else(wrong)?;
    let unit = unit.trim_start();
    let bytes = if unit.is_empty() { 1 } else { bytes_of(unit).ok_or_else(wrong)? };
    if number.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.parse::<u64>().ok().and_then(|count| count.checked_mul(bytes)).ok_or_else(large);
    }
    let count = fraction(number).ok_or_else(wrong)?;
    #[expect(clippy::cast_precision_loss, reason = "units are exact in 53 bits")]
    super::operators::whole_bytes(count * bytes as f64).ok_or_else(large)
}
