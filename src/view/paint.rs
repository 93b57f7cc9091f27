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

/// What ends any ink on a terminal.
const PLAIN: &str = "\u{1b}[0m";

impl Ink {
    const ALL: [Self; 5] = [Self::Strong, Self::Faint, Self::Good, Self::Bad, Self::Alert];

    /// What begins it on a terminal.
    fn order(self) -> &'static str {
        match self {
            Self::Strong => "\u{1b}[1m",
            Self::Faint => "\u{1b}[2m",
            Self::Good => "\u{1b}[32m",
            Self::Bad => "\u{1b}[31m",
            Self::Alert => "\u{1b}[33m",
        }
    }
}

/// A piece of text in its ink; as it is where there is no colour.
pub(crate) fn paint(colour: bool, ink: Ink, text: &str) -> String {
    if !colour || text.is_empty() {
        return text.to_owned();
    }
    format!("{}{text}{PLAIN}", ink.order())
}

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
        let own = order_of_ours(rest).filter(|_| colour);
        let taken = own.map_or(c.len_utf8(), str::len);
        match own {
            Some(order) => kept.push_str(order),
            None if is_plain(c) => kept.push(c),
            None if c.is_control() => kept.push('\u{fffd}'),
            None => kept.extend(c.escape_unicode()),
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    Cow::Owned(kept)
}

/// The order for an ink, or for the end of one, that a text begins with.
fn order_of_ours(text: &str) -> Option<&'static str> {
    let mut ours = Ink::ALL.into_iter().map(Ink::order).chain([PLAIN]);
    ours.find(|order| text.starts_with(order))
}
