//! Allowed signers, in the form of ssh-keygen(1): whose key it is, what for, and from when until when.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::NAMESPACE;
use super::pattern::is_in_list;
use super::signature::key_of_line;

/// A key and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// Patterns of names, commas between.
    pub principals: String,
    /// Whether it only signs other keys. Such a line admits nobody here: certificates are not taken.
    pub authority: bool,
    /// Patterns of what its signatures are for; `None` is anything.
    pub namespaces: Option<String>,
    /// Not before.
    pub after: Option<Timestamp>,
    /// Not from then on.
    pub before: Option<Timestamp>,
    /// Type and base64.
    pub key: String,
}

/// A line that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct SignersError {
    /// From 1.
    pub line: usize,
    /// What is wrong.
    pub why: String,
}

impl Signer {
    /// A key of one person, for anything, at any time.
    #[must_use]
    pub fn of(person: &str, key: &str) -> Self {
        let key = key.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
        let principals = person.to_owned();
        Self { principals, authority: false, namespaces: None, after: None, before: None, key }
    }

    /// Whether it is that person's.
    #[must_use]
    pub fn is_of(&self, person: &str) -> bool {
        is_in_list(person, &self.principals)
    }

    /// Whether it may sign approvals, at some time.
    #[must_use]
    pub fn may_approve(&self) -> bool {
        !self.authority && self.namespaces.as_ref().is_none_or(|list| is_in_list(NAMESPACE, list))
    }

    /// Why it cannot sign an approval at that time, to follow "the key of ana ".
    pub(super) fn objection(&self, at: Timestamp) -> Option<String> {
        match self {
            Self { authority: true, .. } => {
                Some("is a certificate authority's, which signs no approvals".into())
            }
            _ if !self.may_approve() => {
                let list = self.namespaces.as_deref().unwrap_or_default();
                Some(format!("is for the namespaces {list}, not for {NAMESPACE}"))
            }
            Self { after: Some(after), .. } if at < *after => Some(format!("is not valid before {after}")),
            Self { before: Some(before), .. } if at >= *before => Some(format!("was valid until {before}")),
            _ => None,
        }
    }
}

/// As a line, times in UTC.
impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = |at: &Timestamp| at.strftime("%Y%m%d%H%M%SZ").to_string();
        let options = [
            self.authority.then(|| "cert-authority".to_owned()),
            self.namespaces.as_ref().map(|list| format!("namespaces=\"{list}\"")),
            self.after.as_ref().map(|at| format!("valid-after=\"{}\"", time(at))),
            self.before.as_ref().map(|at| format!("valid-before=\"{}\"", time(at))),
        ];
        let options: Vec<String> = options.into_iter().flatten().collect();
        let blank = self.principals.contains(char::is_whitespace);
        let quote = if blank { "\"" } else { "" };
        write!(f, "{quote}{}{quote} ", self.principals)?;
        if !options.is_empty() {
            write!(f, "{} ", options.join(","))?;
        }
        f.write_str(&self.key)
    }
}

/// Reads an allowed-signers file. Times without a `Z` are meant in that zone.
///
/// # Errors
/// The first line that is none.
pub fn read_signers(text: &str, zone: &TimeZone) -> Result<Vec<Signer>, SignersError> {
    let lines = (1..).zip(text.lines());
    let read = lines.map(|(line, text)| parse_line(text, zone).map_err(|why| SignersError { line, why }));
    read.filter_map(Result::transpose).collect()
}

/// One line; nothing of an empty one or a comment.
pub(super) fn parse_line(line: &str, zone: &TimeZone) -> Result<Option<Signer>, String> {
    let mut words = Words(line.trim());
    let Some(principals) = words.next()?.filter(|_| !line.trim_start().starts_with('#')) else {
        return Ok(None);
    };
    let mut signer = Signer::of(&principals, "");
    let rest = words.0.trim();
    let mut key = key_of_line(rest);
    if key.is_err()
        && let Some(options) = words.next()?
    {
        options_of(&options, &mut signer, zone)?;
        key = key_of_line(words.0.trim());
    }
    signer.key = key?;
    if signer.principals.trim().is_empty() {
        return Err("it names nobody".into());
    }
    Ok(Some(signer))
}

/// Words between blanks; quotes hold blanks together.
struct Words<'t>(&'t str);

impl Words<'_> {
    /// The next word, as written where it is an option (its own quotes are read there), without quotes around it all.
    fn next(&mut self) -> Result<Option<String>, String> {
        let text = self.0.trim_start();
        if text.is_empty() {
            return Ok(None);
        }
        let mut quoted = false;
        let end = text.find(|c: char| {
            quoted ^= c == '"';
            c.is_whitespace() && !quoted
        });
        let (word, rest) = text.split_at(end.unwrap_or(text.len()));
        if word.matches('"').count() % 2 == 1 {
            return Err("a quote is not closed".into());
        }
        self.0 = rest;
        let inner = word.strip_prefix('"').and_then(|word| word.strip_suffix('"'));
        Ok(Some(inner.unwrap_or(word).to_owned()))
    }
}

fn options_of(options: &str, signer: &mut Signer, zone: &TimeZone) -> Result<(), String> {
    let mut quoted = false;
    let parts = options.split(|c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    });
    for part in parts.collect::<Vec<_>>() {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let value = value.trim_matches('"');
        match name.to_ascii_lowercase().as_str() {
            "cert-authority" if value.is_empty() => signer.authority = true,
            "namespaces" if !value.is_empty() => signer.namespaces = Some(value.to_owned()),
            "valid-after" => signer.after = Some(time(value, zone)?),
            "valid-before" => signer.before = Some(time(value, zone)?),
            _ => {
                let known = "cert-authority, namespaces=\"…\", valid-after=\"…\" and valid-before=\"…\"";
                return Err(format!("`{part}` is neither a key nor one of {known}"));
            }
        }
    }
    match (signer.after, signer.before) {
        (Some(after), Some(before)) if before <= after => Err("it is valid at no time".into()),
        _ => Ok(()),
    }
}

/// `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, with a `Z` in UTC.
fn time(text: &str, zone: &TimeZone) -> Result<Timestamp, String> {
    let wrong = || format!("`{text}` is no time: write YYYYMMDD or YYYYMMDDHHMM[SS], with a Z for UTC");
    let (digits, zone) = match text.strip_suffix(['Z', 'z']) {
        Some(digits) => (digits, &TimeZone::UTC),
        None => (text, zone),
    };
    if ![8, 12, 14].contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let whole = format!("{digits:0<14}");
    let civil = DateTime::strptime("%Y%m%d%H%M%S", whole).map_err(|_| wrong())?;
    civil.to_zoned(zone.clone()).map(|zoned| zoned.timestamp()).map_err(|_| wrong())
}
