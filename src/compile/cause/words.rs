//! A word that stands for another: a keyword that is missing or is none, a word nearly as it is written elsewhere, a name that
//! was given otherwise than it is used. Whether one of them is what was meant is for the caller to find out.

use super::slip::{self, Known, Slip};
use super::tokens::{Token, tokens};
use crate::diag::{Diagnostic, Edit, codes};
use crate::syntax::is_word;
use crate::text::{Source, Span};

/// More words that a word is near to are not looked at.
const MOST_NEAR: usize = 6;

/// The words of a line that may be meant as others, the nearest to what is told of it first.
pub(super) fn near(source: &Source, span: Span, known: &Known<'_>) -> Vec<Slip> {
    let text = source.text();
    let mut tokens = line_tokens(source, span);
    let word = |token: &Token| text.get(token.at.clone()).unwrap_or_default();
    // A word that stands elsewhere as well is hardly misspelt, unless it is what is told.
    let told = |token: &Token| token.at.start == span.range().start;
    tokens.retain(|token| token.is_word && (told(token) || known.count(word(token)) == 1));
    tokens.sort_by_key(|token| token.at.start.abs_diff(span.range().start));
    let others = tokens.iter().flat_map(|token| {
        known.near(word(token)).into_iter().take(MOST_NEAR).map(|near| instead(span, token, near))
    });
    others.collect()
}

/// The keywords that may be meant where what begins a line is told, or be missing there.
pub(super) fn keywords(source: &Source, span: Span) -> Vec<Slip> {
    let tokens = line_tokens(source, span);
    let Some(first) = tokens.first().filter(|first| first.at.start == span.range().start) else {
        return vec![];
    };
    let begin = source.text().get(first.at.clone()).unwrap_or_default();
    let replaced = slip::keywords().filter(|_| first.is_word).map(|keyword| instead(span, first, keyword));
    let before = slip::keywords().map(|keyword| Slip {
        edit: put(span, first.at.start, first.at.start, &format!("{keyword} ")),
        meant: format!("{keyword} {begin}"),
    });
    replaced.chain(before).collect()
}

/// The names that nothing uses, as those that they are near to; and what there is to know of each.
pub(super) fn renamed(
    report: &Diagnostic,
    told: &[Diagnostic],
    source: &Source,
    known: &Known<'_>,
) -> Vec<(Edit, String)> {
    let here = report.primary.span.source;
    let unused = |one: &&Diagnostic| {
        matches!(one.code, codes::UNUSED_INPUT | codes::UNUSED_BINDING) && one.primary.span.source == here
    };
    let renamed = told.iter().filter(unused).flat_map(|one| {
        let span = one.primary.span;
        let (old, line) = (source.slice(span), source.position(span.start).line);
        // What has no near name may be called by one that the other has lost.
        let lost = (report.code == codes::UNKNOWN_NAME).then(|| source.slice(report.primary.span));
        let lost = lost.filter(|name| name.chars().all(is_word));
        let near = known.near(old).into_iter().take(MOST_NEAR).chain(lost);
        // What offers a name itself knows better, but where it is nearer to this one.
        let offers = lost.is_some() && report.fix.is_some();
        let taken = known.near(old).contains(&lost.unwrap_or_default());
        near.filter(move |new| !offers || taken && lost == Some(new)).map(move |new| {
            let help = format!("`{old}`, on line {line}, is never used: is it meant to be `{new}`?");
            (Edit { span, text: new.to_owned() }, help)
        })
    });
    renamed.collect()
}

/// The type of an input that its default does not fit, as that of its default; and what there is to know of it.
pub(super) fn retyped(report: &Diagnostic, source: &Source) -> Option<(Edit, String)> {
    let (span, fits) = (report.primary.span, report.primary.text.as_str());
    let line = source.line_at(span.start);
    let declared = source.text().get(line.start..span.range().start)?;
    let (name, rest) = declared.strip_prefix("input ")?.split_once(':')?;
    let written = rest.trim_end().strip_suffix('=')?;
    let start = line.start + declared.len() - rest.trim_start().len();
    let end = line.start + declared.len() - rest.len() + written.trim_end().len();
    let is_type = report.code == codes::TYPE_MISMATCH && !fits.is_empty() && fits.chars().all(is_word);
    let help = format!("`{name}` is used as its default is: is its type meant to be `{fits}`?");
    is_type.then(|| (put(span, start, end, fits), help))
}

fn line_tokens(source: &Source, span: Span) -> Vec<Token> {
    let line = source.line_at(span.start);
    tokens(source.text().get(line.clone()).unwrap_or_default(), line.start)
}

fn instead(span: Span, token: &Token, word: &str) -> Slip {
    Slip { edit: put(span, token.at.start, token.at.end, word), meant: word.to_owned() }
}

fn put(span: Span, from: usize, to: usize, text: &str) -> Edit {
    Edit { span: Span::new(span.source, from, to), text: text.to_owned() }
}
