//! Braces of which as many close as open, and some stand wrong: two mistakes that make up for each other. What follows from them
//! is told of statements in the wrong block, so such a text is read once more as its lines are indented.

use super::behind::back;
use super::reread::{Reader, is_error, with};
use crate::diag::{Diagnostic, codes};
use crate::syntax::by_indent;
use crate::text::Sources;

/// More mistakes do not make up for each other by chance.
const MOST: usize = 4;

/// The reports of a program as its lines are indented; nothing where braces are told already, or that reads no better.
pub(super) fn as_indented(
    told: &[Diagnostic],
    sources: &Sources,
    reader: &mut Reader<'_>,
) -> Option<Vec<Diagnostic>> {
    let of_braces = |one: &Diagnostic| matches!(one.code, codes::UNCLOSED | codes::STRAY_CLOSE);
    let first = told.iter().find(|one| one.code == codes::MISPLACED)?;
    if told.iter().any(of_braces) {
        return None;
    }
    let id = first.primary.span.source;
    let source = sources.get(id)?;
    let (edits, mistakes) = by_indent(id, source.text());
    if !(2..=MOST).contains(&mistakes.len()) {
        return None;
    }
    let found = reader.read(source.name(), &with(source.text(), &edits)?)?;
    let found: Vec<_> = found.into_iter().filter_map(|one| back(one, &edits)).collect();
    let known = |one: &Diagnostic| {
        told.iter().any(|other| (other.code, other.primary.span) == (one.code, one.primary.span))
    };
    let errors = found.iter().filter(|one| is_error(one)).count();
    let better = errors + mistakes.len() <= told.iter().filter(|one| is_error(one)).count().max(2)
        && !found.iter().any(|one| one.code == codes::MISPLACED)
        && found.iter().filter(|one| is_error(one)).all(known);
    better.then(|| mistakes.into_iter().chain(found).collect())
}
