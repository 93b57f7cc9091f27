//! A `=` or `=>` that compares nothing: between a word, a title or a name and what belongs to it. Knows signs and words.

use super::habit::is_word;
use super::sign::{CONDITIONS, outside_quotes, stands_at};
use crate::diag::{Diagnostic, Edit, codes};
use crate::text::Span;

/// What is told of such a sign, in words that could not be read.
pub(super) fn no_comparison(text: &str, words: Span, (start, sign): (usize, &str)) -> Option<Diagnostic> {
    let (before, behind) = (text.get(..start)?, text.get(start + sign.len()..)?);
    let first = words.range().start == start;
    match sign {
        "=" if first && is_one_word(before) => Some(side_by_side(words, (before, behind))),
        "=" if first && is_word_and_text(before) => Some(behind_text(words)),
        "=" if before.trim_end().ends_with(is_word) && behind_called(before, words) => {
            Some(named_by_sign(text, words))
        }
        "=>" if behind.trim_start().starts_with('{') => Some(before_block(words, start)),
        _ => None,
    }
}

/// `step "Title" => {`: a block opens without a sign.
fn before_block(words: Span, start: usize) -> Diagnostic {
    let sign = Span::new(words.source, start, start + 2);
    let blank = Span { end: sign.end.saturating_add(1), ..sign };
    Diagnostic::error(codes::LEFTOVER, sign, "no sign stands before the `{` of a block")
        .guess("take it out", blank, "")
        .hides(words)
}

/// Whether nothing stands before that but one word of a statement: what it is given is no comparison.
fn is_one_word(before: &str) -> bool {
    let begins = before.rfind(['\n', '{', ';']).map_or(0, |at| at + 1);
    let written = before.get(begins..).unwrap_or_default().trim();
    !written.is_empty() && written.chars().all(is_word)
}

/// Whether nothing stands before that but one word of a statement and a text: that word compares nothing.
fn is_word_and_text(before: &str) -> bool {
    let begins = before.rfind(['\n', ';']).map_or(0, |at| at + 1);
    let written = before.get(begins..).unwrap_or_default().trim();
    let text =
        written.split_once(' ').filter(|(word, _)| word.chars().all(is_word) && !CONDITIONS.contains(word));
    text.and_then(|(_, text)| text.trim().strip_prefix('"')?.strip_suffix('"'))
        .is_some_and(|text| !text.contains('"'))
}

/// A text, and what stands for it, with a sign between.
fn behind_text(words: Span) -> Diagnostic {
    let start = words.range().start;
    let place = Span::new(words.source, start, start + 1);
    Diagnostic::error(codes::LEFTOVER, place, "no `=` stands behind a text")
        .help(
            "a name stands without quotes: `NAME = value`; a text and what belongs to it stand side by side",
        )
        .hides(words)
}

/// A word, and what it is given, with a sign between.
fn side_by_side(words: Span, (before, behind): (&str, &str)) -> Diagnostic {
    let start = words.range().start;
    let place = Span::new(words.source, start, start + 1);
    let blanks = behind.len() - behind.trim_start_matches(' ').len();
    let with = if before.ends_with(' ') { "" } else { " " };
    Diagnostic::error(codes::LEFTOVER, place, "no `=` stands between a word and what it is given")
        .help("they stand side by side; a name is given with `let name = value`")
        .guess("take it out", Span::new(words.source, start, start + 1 + blanks), with)
        .hides(words)
}

/// Whether that stands in the brackets behind the file of a `call`.
fn behind_called(before: &str, words: Span) -> bool {
    let head = before.get(..words.range().start).unwrap_or_default().trim_end();
    let statement = head.rsplit(['\n', ';', '{']).next().unwrap_or_default().trim_start();
    head.ends_with('"') && (statement.starts_with("call ") || statement.contains("= call "))
}

/// `(release=release)`: names and values with another sign between.
fn named_by_sign(text: &str, words: Span) -> Diagnostic {
    let written = text.get(words.range()).unwrap_or_default();
    let is_sign = |at: usize| stands_at(written, at, "=");
    let edits = outside_quotes(written).map(|(at, _)| at).filter(|at| is_sign(*at)).map(|at| {
        let (before, behind) = written.split_at_checked(at).unwrap_or_default();
        let from = words.range().start + before.trim_end().len();
        let blanks = behind.get(1..).map_or(0, |behind| behind.len() - behind.trim_start().len());
        Edit {
            span: Span::new(words.source, from, words.range().start + at + 1 + blanks),
            text: ": ".to_owned(),
        }
    });
    Diagnostic::error(codes::LEFTOVER, words, "between a name and its value stands `:`")
        .help("write `(name: value, other: value)`")
        .guesses("write `:`", edits.collect())
}
