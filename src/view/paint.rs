//! Colour, where there is any: a few marks, so that a screen reads the same without.

use std::borrow::Cow;

use crate::text::is_unseen;

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// A title.
    Strong,
    /// Beside the point.
    Faint,
    /// Well.
    Good,
    /// Wrong, or for good.
    Bad,
    /// To be looked at.
    Alert,
}

/// A piece of text in its ink; as it is where there is no colour.
pub(crate) fn paint(colour: bool, ink: Ink, text: &str) -> String {
    if !colour || text.is_empty() {
        return text.to_owned();
    }
    let code = match ink {
        Ink::Strong => "1",
        Ink::Faint => "2",
        Ink::Good => "32",
        Ink::Bad => "31",
        Ink::Alert => "33",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// What [`paint`] puts around a piece of text.
const INKS: [&str; 6] = ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[32m", "\u{1b}[31m", "\u{1b}[33m"];

/// A text as it was drawn of a file or of what a system answered, made harmless: no control character but our own inks where
/// there is colour, ends of lines and tabs; what is not seen or turns letters round as `\u{202e}`. Nothing is left out, so
/// that nothing can hide: who reads a plan decides by it.
#[must_use]
pub fn harmless(drawn: &str, colour: bool) -> Cow<'_, str> {
    let is_plain = |c: char| !(c.is_control() || is_unseen(c)) || matches!(c, '\n' | '\t');
    if drawn.chars().all(is_plain) {
        return Cow::Borrowed(drawn);
    }
    let (mut kept, mut rest) = (String::with_capacity(drawn.len()), drawn);
    while let Some(c) = rest.chars().next() {
        let ink = INKS.iter().find(|ink| colour && c == '\u{1b}' && rest.starts_with(**ink));
        let taken = ink.map_or(c.len_utf8(), |ink| ink.len());
        match ink {
            Some(ink) => kept.push_str(ink),
            None if is_plain(c) => kept.push(c),
            None if c.is_control() => kept.push('\u{fffd}'),
            None => kept.extend(c.escape_unicode()),
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    Cow::Owned(kept)
}
