//! A token of a line that slipped, put right: one too many taken away, two changed about, two parted that were joined, a sign
//! put in that is missing, or in the place of another. Whether what comes of it can be read is for the caller to find out.
//! That shows only that it is one mistake, and not what was meant: no edit of these is offered.

use std::ops::Range;

use super::slip::Known;
use crate::diag::Edit;
use crate::syntax::is_word;
use crate::text::{Source, Span};

/// What may be missing, or stand in the place of another.
const SIGNS: &[&str] = &["(", ")", "[", "]", "{", "}", "\"", "=", "==", ",", ":", "."];

/// Of a longer line only what is nearest is looked at.
const MOST_TOKENS: usize = 24;

/// What may be done with the tokens of the line in which something is told: what is likeliest first, and of each kind what is
/// nearest.
pub(super) fn edits(source: &Source, span: Span, known: &Known<'_>) -> Vec<Vec<Edit>> {
    let line = source.line_at(span.start);
    let mut tokens = tokens(source.text().get(line.clone()).unwrap_or_default(), line.start);
    tokens.sort_by_key(|token| token.at.start.abs_diff(span.range().start));
    tokens.truncate(MOST_TOKENS);
    let put = |at: Range<usize>, text: &str| Edit {
        span: Span::new(span.source, at.start, at.end),
        text: text.to_owned(),
    };
    let word = |at: &Range<usize>| source.text().get(at.clone()).unwrap_or_default();
    let signs = |at: Range<usize>| SIGNS.iter().map(move |sign| vec![put(at.clone(), sign)]);
    let text = source.text();
    let gap = |at: &Range<usize>| {
        let before = text.get(line.start..at.start).unwrap_or_default();
        let behind = text.get(at.end..line.end).unwrap_or_default();
        line.start + before.trim_end().len()..line.end - behind.trim_start().len()
    };
    let without = tokens.iter().flat_map(|one| [vec![put(one.at.clone(), "")], vec![put(gap(&one.at), "")]]);
    let swapped = tokens.iter().filter_map(|one| {
        let next = one.next.clone()?;
        Some(vec![put(one.at.clone(), word(&next)), put(next, word(&one.at))])
    });
    let parted = tokens.iter().flat_map(|one| {
        let parts = known.parted(word(&one.at)).into_iter().map(|length| one.at.start + length);
        parts.flat_map(|at| signs(at..at).chain([vec![put(at..at, " ")]]))
    });
    let missing = tokens.iter().flat_map(|one| {
        // Between two that stand side by side it is one place.
        let before = (!tokens.iter().any(|other| other.at.end == one.at.start)).then_some(one.at.start);
        before.into_iter().chain([one.at.end]).flat_map(|at| signs(at..at))
    });
    let last = |one: &Token| one.next.is_none();
    let wrong = tokens.iter().filter(|one| !one.is_word || last(one)).flat_map(|one| signs(one.at.clone()));
    let last_of = tokens.iter().filter(|one| last(one)).map(|one| one.at.end);
    let opened = last_of.map(|end| vec![put(end..end, " {")]);
    opened.chain(without).chain(swapped).chain(parted).chain(wrong).chain(missing).collect()
}

/// A word, or a sign.
pub(super) struct Token {
    pub(super) at: Range<usize>,
    pub(super) is_word: bool,
    next: Option<Range<usize>>,
}

/// The tokens of a line, which begins at that place of its text.
pub(super) fn tokens(line: &str, from: usize) -> Vec<Token> {
    let mut found: Vec<Token> = vec![];
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let length = match word {
            0 if ["==", "!=", "<=", ">="].iter().any(|sign| rest.starts_with(sign)) => 2,
            0 => first.len_utf8(),
            word => word,
        };
        let start = from + line.len() - rest.len();
        rest = rest.get(length..).unwrap_or_default();
        if first.is_whitespace() {
            continue;
        }
        let at = start..start + length;
        if let Some(last) = found.last_mut() {
            last.next = Some(at.clone());
        }
        found.push(Token { at, is_word: word > 0, next: None });
    }
    found
}
