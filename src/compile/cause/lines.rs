//! Slips of whole lines, taken back: one that goes on in the next, which is indented deeper, one that goes on behind the brace
//! that opens its block, one that does not belong among values, and a word that stands twice. Whether one of them is what was meant is for the caller to find out.

use std::ops::Range;

use super::slip::Slip;
use crate::diag::{Code, Edit, codes};
use crate::text::{Source, Span};

/// What is said of a line that goes on in the next, or of that one.
const APART: &[Code] = &[
    codes::BAD_LINE,
    codes::UNKNOWN_KEYWORD,
    codes::MISPLACED,
    codes::MISSING_OPERAND,
    codes::UNKNOWN_OPTION,
    codes::BAD_BLOCK,
];

/// What is said of a line that is no statement.
const NONE: &[Code] = &[codes::BAD_LINE, codes::UNKNOWN_KEYWORD];

/// What may be done with the line in which something is told.
pub(super) fn slips(source: &Source, code: Code, span: Span) -> Vec<Slip> {
    let (text, line) = (source.text(), source.line_at(span.start));
    let written = text.get(line.clone()).unwrap_or_default();
    let (start, end) = (line.end - written.trim_start().len(), line.start + written.trim_end().len());
    let slip = |start: usize, end: usize, text: &str| Slip {
        edit: Edit { span: Span::new(span.source, start, end), text: text.to_owned() },
        meant: String::new(),
    };
    let above = text.get(..start).unwrap_or_default().trim_end().len();
    let rest = text.get(end..).unwrap_or_default();
    let below = end + rest.len() - rest.trim_start().len();
    let apart = |from: usize, to: usize| {
        (APART.contains(&code) && goes_on(text, from, to)).then(|| slip(from, to, " "))
    };
    let among = text.get(..above).is_some_and(|above| above.ends_with(['[', '{', '(', ',']));
    let left_out = among && NONE.contains(&code) && span.range().start == start;
    let joined = apart(above, start).into_iter().chain(apart(end, below));
    let twice =
        twice(written).into_iter().map(|word| slip(line.start + word.start, line.start + word.end, ""));
    let behind = text.get(span.range().start..line.end).unwrap_or_default();
    let opens = code == codes::BAD_LITERAL && behind.starts_with("{ ") && !behind.contains('}');
    let opened = opens.then(|| slip(span.range().start + 1, span.range().start + 1, "\n"));
    let joined = opened.into_iter().chain(joined);
    joined.chain(left_out.then(|| slip(start, end, ""))).chain(twice).collect()
}

/// Each word of a line that stands there once more behind a blank, with that blank.
fn twice(line: &str) -> Vec<Range<usize>> {
    let again = line.match_indices(' ').filter_map(|(at, _)| {
        let before = line.get(..at)?.rsplit(' ').next()?;
        let behind = line.get(at + 1..)?.split(' ').next()?;
        (!before.is_empty() && before == behind).then(|| at..at + 1 + before.len())
    });
    again.collect()
}

/// Whether the line that ends there goes on in the next, which begins there: that is indented deeper.
fn goes_on(text: &str, from: usize, to: usize) -> bool {
    let (Some(before), Some(gap)) = (text.get(..from), text.get(from..to)) else { return false };
    let line = before.rsplit('\n').next().unwrap_or_default();
    let deeper =
        gap.rsplit('\n').next().is_some_and(|indent| indent.len() > line.len() - line.trim_start().len());
    let goes_on = deeper || text.get(to..).is_some_and(|next| next.starts_with('"'));
    !line.trim().is_empty() && to < text.len() && gap.matches('\n').count() == 1 && goes_on
}
