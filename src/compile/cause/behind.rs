//! What a mistake hides and does not cause: found once that is mended, and told with it.
//!
//! Only errors, and none that may come of an edit that is not what was meant: none on its line, or on one in which something
//! is told already, none of a name that its line may give, and none of what scenarios name.

use std::collections::HashSet;

use super::super::follows::holds;
use super::reread::{Reader, is_error, with};
use super::slip::words;
use crate::diag::{Diagnostic, Edit, Family, Fix, Label, codes};
use crate::syntax::NAMING;
use crate::text::{Source, SourceId, Sources, Span};

/// More are not looked behind.
const MOST: usize = 8;

/// The errors that are found once some that are told are mended, each by its edits, and those behind them in turn.
pub(super) fn behind(
    told: &[Diagnostic],
    mut mending: Vec<Vec<Edit>>,
    sources: &Sources,
    reader: &mut Reader<'_>,
) -> Vec<Diagnostic> {
    let places = told.iter().flat_map(|one| [&one.primary].into_iter().chain(&one.secondary));
    let mut lines: HashSet<_> = places.filter_map(|place| line_of(sources, place.span)).collect();
    let (mut found, mut at) = (vec![], 0);
    while let Some(edits) = mending.get(at).filter(|_| at < MOST && !reader.is_spent()) {
        at += 1;
        let source = edits.first().and_then(|edit| sources.get(edit.span.source));
        let Some((source, text)) = source.and_then(|source| Some((source, with(source.text(), edits)?)))
        else {
            continue;
        };
        let errors = reader.read(source.name(), &text).unwrap_or_default().into_iter().filter(is_error);
        let depends = |one: &Diagnostic| edits.iter().any(|edit| may_cause(source, edit, one));
        let new = errors.filter_map(|one| back(one, edits).filter(|one| !depends(one)));
        let new: Vec<_> = new
            .filter(|one| line_of(sources, one.primary.span).is_some_and(|line| lines.insert(line)))
            .collect();
        let here =
            new.iter().filter(|one| edits.iter().all(|edit| edit.span.source == one.primary.span.source));
        let next = |one: &Diagnostic| Some([edits.as_slice(), &one.fix.as_ref()?.edits].concat());
        let next: Vec<_> = here.filter_map(next).collect();
        mending.extend(next);
        found.extend(new);
    }
    found
}

fn line_of(sources: &Sources, at: Span) -> Option<(SourceId, usize)> {
    Some((at.source, sources.get(at.source)?.line_at(at.start).start))
}

/// Whether an error may come of an edit.
fn may_cause(source: &Source, edit: &Edit, error: &Diagnostic) -> bool {
    let lines = source.line_at(edit.span.start).start..source.line_at(edit.span.end).end;
    let at = error.primary.span;
    let here = at.source == edit.span.source && (lines.start..=lines.end).contains(&at.range().start);
    let edited = source.text().get(lines).unwrap_or_default();
    let mut written = words(edited);
    let first = written.next();
    let declared = first.filter(|word| NAMING.contains(word)).and(written.next());
    // A module is called as its path ends.
    let called = first == Some("use") && words(edited).any(|word| word == source.slice(at));
    let line = source.text().get(source.line_at(at.start)).unwrap_or_default();
    let of_names = error.code.family == Family::Names;
    here || called
        || error.code == codes::NOT_CALLED_SO
        || declared.is_some_and(|name| of_names || words(line).any(|word| word == name))
        || of_names && words(edited).any(|word| word != source.slice(at) && holds(word, source.slice(at)))
}

/// A report on an edited text, as one on the text before; nothing where it points at what is put in.
pub(super) fn back(report: Diagnostic, edits: &[Edit]) -> Option<Diagnostic> {
    let label = |label: Label| Some(Label { span: before(label.span, edits)?, ..label });
    let edit = |edit: &Edit| Some(Edit { span: before(edit.span, edits)?, text: edit.text.clone() });
    let fix = match report.fix {
        Some(fix) => {
            let edits = fix.edits.iter().map(edit).collect::<Option<_>>()?;
            Some(Fix { edits, ..fix })
        }
        None => None,
    };
    let hides = report.hides.iter().filter_map(|span| before(*span, edits)).collect();
    let secondary = report.secondary.into_iter().map(label).collect::<Option<_>>()?;
    Some(Diagnostic { primary: label(report.primary)?, secondary, fix, hides, ..report })
}

/// Where something stood before edits.
fn before(span: Span, edits: &[Edit]) -> Option<Span> {
    let mut here: Vec<_> = edits.iter().filter(|edit| edit.span.source == span.source).collect();
    here.sort_by_key(|edit| edit.span);
    let before = |at: u32| {
        let (mut at, mut end) = (at as usize, 0);
        for edit in &here {
            let old = edit.span.range();
            if at <= old.start {
                break;
            }
            if at < old.start + edit.text.len() {
                return None;
            }
            at = at + old.len() - edit.text.len();
            end = old.end;
        }
        u32::try_from(at.max(end)).ok()
    };
    Some(Span { start: before(span.start)?, end: before(span.end)?, ..span })
}
