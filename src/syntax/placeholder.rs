//! Places to fill in, `<version>`, as documents have them: here a value from outside is an input. Knows no statement kind.

use super::RESERVED;
use super::habit::is_word;
use crate::diag::{Code, Diagnostic};
use crate::text::Span;

/// A longer one is none.
const LONGEST: usize = 40;

/// A place to fill in.
pub(crate) struct Placeholder<'t> {
    /// As it is written, with its signs.
    pub(crate) written: &'t str,
    /// The input that it may become.
    pub(crate) name: String,
}

/// The one with which a text begins.
pub(crate) fn placeholder(text: &str) -> Option<Placeholder<'_>> {
    let (inside, behind) = text.strip_prefix('<')?.split_once('>')?;
    let fits = inside.len() <= LONGEST && inside.starts_with(|c: char| c.is_ascii_alphabetic());
    let plain = inside.chars().all(|c| is_word(c) || matches!(c, '-' | ' '));
    let last = inside.rsplit(' ').next().unwrap_or_default();
    // `<dump 2>err` and `<in>out` are redirections.
    let ends = last.starts_with(|c: char| c.is_ascii_alphabetic()) && !behind.starts_with(is_word);
    let name = inside.to_ascii_lowercase().replace(['-', ' '], "_");
    (fits && plain && ends && !RESERVED.contains(&name.as_str())).then_some(())?;
    Some(Placeholder { written: text.get(..inside.len() + 2)?, name })
}

impl Placeholder<'_> {
    /// What is said of it; `instead` is how its value is written where it stands.
    pub(crate) fn told(&self, code: Code, at: Span, instead: &str) -> Diagnostic {
        let Self { written, name } = self;
        let whole =
            Span { end: at.start.saturating_add(u32::try_from(written.len()).unwrap_or_default()), ..at };
        Diagnostic::error(code, whole, format!("`{written}` is a place to fill in")).help(format!(
            "what differs from run to run is `input {name}: text`, at the top, and `{instead}` here"
        ))
    }
}
