//! Lines of another language, or of prose, each of which is told as wrong: one report, on the first of them.
//!
//! Asked only where something is wrong, and of what is told: no line that can be read belongs to a piece. Which lines go
//! together is said by [`KINDS`]. Knows no statement kind.

mod foreign;
mod languages;
mod prose;
mod rows;

use crate::diag::{Diagnostic, Fix, codes};
use crate::syntax::is_ours;
use crate::text::{Source, SourceId, Sources, Span};
use languages::{KINDS, Kind, Said};
use rows::{Place, Row, rows};

/// What is said of lines that are told alike.
const NONE: &str = "these lines are no statements";

/// The reports, with one for each piece instead of those of its lines.
pub(super) fn gathered(told: Vec<Diagnostic>, sources: &Sources) -> Vec<Diagnostic> {
    let mut files: Vec<_> = told.iter().map(|one| one.primary.span.source).collect();
    files.sort_unstable();
    files.dedup();
    let found: Vec<_> = files.into_iter().flat_map(|file| pieces(file, &told, sources)).collect();
    let inside = |at: Span| {
        let begins = |(whole, _): &(Span, Diagnostic)| (whole.source, whole.start);
        let before = found.partition_point(|piece| begins(piece) <= (at.source, at.start));
        let last = before.checked_sub(1).and_then(|last| found.get(last));
        last.is_some_and(|(whole, _)| whole.source == at.source && at.start < whole.end)
    };
    let stands = |mut one: Diagnostic| {
        while inside(one.primary.span) {
            one = one.next_place()?;
        }
        Some(one)
    };
    let mut kept: Vec<_> = told.into_iter().filter_map(stands).collect();
    kept.extend(found.into_iter().map(|(_, report)| report));
    kept
}

/// The pieces of a file in their order, each with its report.
fn pieces(id: SourceId, told: &[Diagnostic], sources: &Sources) -> Vec<(Span, Diagnostic)> {
    let rows = rows(id, sources.get(id).map(Source::text).unwrap_or_default(), told);
    let (mut at, mut found) = (0, vec![]);
    while let Some(row) = rows.get(at) {
        let piece = KINDS.iter().filter(|_| row.wrong).find_map(|kind| {
            let count = length(&rows, at, kind)?;
            Some((kind, rows.get(at..at + count)?))
        });
        at += piece.map_or(1, |(_, rows)| rows.len());
        found.extend(piece.and_then(|(kind, rows)| tell(id, kind.said, rows)));
    }
    found
}

/// How many lines from there on are a piece of that kind.
fn length(rows: &[Row<'_>], at: usize, kind: &Kind) -> Option<usize> {
    let rest = rows.get(at..)?;
    let first = rest.first()?;
    let before = at.checked_sub(1).and_then(|before| rows.get(before));
    if !(kind.begins)(&Place { before, row: first, next: rest.get(1) }) {
        return None;
    }
    if matches!(kind.said, Said::OfLine(..)) {
        return Some(1);
    }
    let (mut count, mut wrong, mut open) = (1, 1, opens(first.code));
    for row in rest.iter().skip(1) {
        let inside = kind.nests && row.indent > first.indent;
        let goes_on = || row.wrong && !row.apart && (kind.goes_on)(first, row);
        let belongs = match inside {
            _ if row.indent < first.indent || is_ours(row.code) => false,
            true => true,
            false => open && closes(row.code) || goes_on(),
        };
        if !belongs && inside {
            // In it stands what can be read.
            return None;
        }
        if !belongs {
            break;
        }
        (count, wrong) = (count + 1, wrong + usize::from(row.wrong));
        open = if inside { open } else { opens(row.code) };
    }
    (wrong >= kind.least).then_some(count)
}

/// Whether a line begins with what closes something.
fn closes(code: &str) -> bool {
    code == "end" || code.starts_with(['}', ')', ']'])
}

/// Whether what a line opens is closed on another.
fn opens(code: &str) -> bool {
    code.ends_with(['{', '(', '[']) || code.ends_with(" do") || code.starts_with("def ")
}

/// One report of all these lines, and how far they go.
fn tell(id: SourceId, said: Said, rows: &[Row<'_>]) -> Option<(Span, Diagnostic)> {
    let span = |row: &Row<'_>| Span::new(id, row.start, row.start + row.code.len());
    let (first, last) = (rows.first()?, rows.last()?);
    let report = match (said, first.head) {
        (Said::So(message, help) | Said::OfLine(message, help), _) => {
            Diagnostic::error(codes::BAD_LINE, span(first), message).help(help)
        }
        (Said::AsFirst, head) => Diagnostic { fix: None, ..head.or(first.told)?.clone() },
        (Said::AsEach, head) => {
            let edits =
                rows.iter().filter_map(|row| row.head?.fix.as_ref()).flat_map(|fix| fix.edits.clone());
            let (head, edits) = (head?, edits.collect());
            let told = Diagnostic { message: NONE.into(), ..head.clone() };
            match &head.fix {
                Some(fix) => Diagnostic { fix: Some(Fix { edits, ..fix.clone() }), ..told },
                None => told,
            }
        }
    };
    let report = if rows.len() > 1 { report.also(span(last), "up to here") } else { report };
    Some((span(first).to(span(last)), report))
}
