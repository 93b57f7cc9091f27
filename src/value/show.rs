//! Values and types as text for people and programs.

use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::{Secret, Type, Value, to_json};

impl Value {
    /// The text of the value, as interpolation gives it: `10m`, `2GiB`, lists and maps as JSON.
    /// A secret is never shown: it stands as `⟨secret NAME⟩`.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(yes) => yes.to_string(),
            Self::Int(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Decimal(number) => number.to_string(),
            Self::Text(text) => text.to_string(),
            Self::Duration(length) => duration(*length),
            Self::Size(bytes) => size(*bytes),
            Self::Time(time) => time.to_string(),
            Self::Version(version) => version.to_string(),
            Self::Artifact(file) => file.path.to_string(),
            Self::Secret(secret) => secret.to_string(),
            Self::List(_) | Self::Map(_) => to_json(self).to_string(),
        }
    }

    /// The text of the value with every secret in the clear, for what is handed to the world.
    /// `None` where a secret is not at hand.
    #[must_use]
    pub fn expose(&self) -> Option<String> {
        super::taint::open(self).ok().map(|opened| opened.value.to_text())
    }

    /// What a person calls a value of this kind.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Self::Null => "nothing (null)",
            Self::Bool(_) => "a truth value",
            Self::Int(_) => "a whole number",
            Self::Number(_) | Self::Decimal(_) => "a number",
            Self::Text(_) => "a text",
            Self::Duration(_) => "a duration",
            Self::Size(_) => "a size",
            Self::Time(_) => "a time",
            Self::Version(_) => "a version",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Artifact(_) => "an artifact",
            Self::Secret(_) => "a secret",
        }
    }
}

/// The text of a value, [`Value::to_text`].
#[must_use]
pub fn show(value: &Value) -> String {
    value.to_text()
}

/// A word as a shell would need it, in quotes where a reader could not see its borders otherwise. The name of a
/// secret stands as it is.
#[must_use]
pub fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=@%+,⟨⟩".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// What stands wherever a secret would.
pub const MASKED: &str = "***";

/// Bytes as lower-case hex, as hashes and salts are written.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |text, byte| text + &format!("{byte:02x}"))
}

impl Secret {
    /// A secret with its text.
    #[must_use]
    pub fn new(origin: &str, text: &str) -> Self {
        Self { origin: origin.into(), text: Some(SecretString::from(text.to_owned()).into()) }
    }

    /// The text in the clear; `None` in a hollow one.
    #[must_use]
    pub fn expose(&self) -> Option<&str> {
        self.text.as_ref().map(|text| text.expose_secret())
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "⟨secret {}⟩", self.origin)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Int => "int",
            Self::Number => "number",
            Self::Bool => "bool",
            Self::Duration => "duration",
            Self::Size => "size",
            Self::Time => "time",
            Self::Version => "version",
            Self::Url => "url",
            Self::Path => "path",
            Self::Secret => "secret",
            Self::Json => "json",
            Self::Lines => "lines",
            Self::Artifact => "artifact",
            Self::Nothing => "nothing",
            Self::Unknown => "unknown",
            Self::List(item) => return write!(f, "list of {item}"),
            Self::Map(item) => return write!(f, "map of {item}"),
            Self::OneOf(words) => return write!(f, "one of {}", serde_json::json!(words)),
        })
    }
}

/// Units of time, largest first, in milliseconds.
const TIME_UNITS: &[(&str, u64)] = &[("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];

/// As a literal is written, so that what is shown can be typed and is one word.
fn duration(length: Duration) -> String {
    let mut parts = vec![];
    let mut rest = length.as_secs();
    for (unit, millis) in TIME_UNITS {
        let seconds = millis / 1000;
        if rest >= seconds {
            parts.push(format!("{}{unit}", rest / seconds));
            rest %= seconds;
        }
    }
    let nanos = length.subsec_nanos();
    if nanos > 0 {
        parts.push(format!("{}ms", f64::from(nanos) / 1e6));
    }
    if parts.is_empty() { "0s".to_owned() } else { parts.concat() }
}

/// Units of size, the ones preferred for showing first, in bytes.
pub(super) const SIZE_UNITS: &[(&str, u64)] = &[
    ("TiB", 1 << 40),
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("TB", 1_000_000_000_000),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1000),
    ("B", 1),
];

fn size(bytes: u64) -> String {
    let exact = SIZE_UNITS.iter().find(|(_, unit)| bytes >= *unit && bytes.is_multiple_of(*unit));
    exact.map_or_else(|| format!("{bytes}B"), |(name, unit)| format!("{}{name}", bytes / unit))
}
