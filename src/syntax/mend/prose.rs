//! Quotes alone on a line that are not three: prose is meant that begins or ends there. Knows no statement,
//! and not what stands around the line.

use super::super::edits::Instead;
use crate::diag::{Diagnostic, Edit, codes};
use crate::text::{SourceId, Span};

/// Each line of one, two, four or five quotes, with `"""` to be read instead; where prose is never closed, that may be why.
pub(in super::super) fn quotes(id: SourceId, text: &str) -> impl Iterator<Item = (Instead, Diagnostic)> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(move |line| {
        at += line.len();
        (at - line.trim_start().len(), line.trim())
    });
    let wrong =
        lines.filter(|(_, line)| matches!(line.len(), 1 | 2 | 4 | 5) && line.bytes().all(|c| c == b'"'));
    wrong.map(move |(at, line)| {
        let span = Span::new(id, at, at + line.len());
        let with = "\"\"\"".to_owned();
        let told =
            Diagnostic::error(codes::UNCLOSED, span, format!("`{line}` neither opens nor closes prose"))
                .help("prose of several lines stands between `\"\"\"` lines")
                .guesses("write three quotes", vec![Edit { span, text: with.clone() }]);
        (Instead { at, length: line.len(), with }, told)
    })
}
