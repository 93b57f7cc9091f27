//! The text of an exported document without the marks that export sets.

use crate::export::marks::ANCHOR;

pub(super) fn is_marked(raw: &str) -> bool {
    raw.trim_start().starts_with(ANCHOR)
}

pub(super) fn unmarked(text: &str) -> &str {
    text.trim_start().strip_prefix(ANCHOR).unwrap_or(text).trim_start()
}

/// Text without the backslashes that export set before signs of Markdown.
pub(super) fn unescaped(text: &str) -> String {
    let mut all = String::new();
    let mut signs = text.trim().chars().peekable();
    while let Some(c) = signs.next() {
        let escapes = c == '\\' && signs.peek().is_some_and(char::is_ascii_punctuation);
        all.extend(if escapes { signs.next() } else { Some(c) });
    }
    all
}
