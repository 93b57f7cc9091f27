//! What can be done about a report at a click: its fix, all fixes that need nobody to decide, and silencing a lint.

pub use crate::diag::Edit;
use crate::diag::{Diagnostic, Severity};
use crate::text::{Source, SourceId, Span};

/// Something that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it does, in the imperative.
    pub title: String,
    /// Whether it is what most people want.
    pub preferred: bool,
    /// The report that it is about, by position.
    pub report: usize,
    /// The change.
    pub edits: Vec<Edit>,
}

/// What can be done about the reports that touch a part of a file.
#[must_use]
pub fn actions(source: &Source, diagnostics: &[Diagnostic], part: Span) -> Vec<Action> {
    let touches = |span: Span| span.source == part.source && span.start <= part.end && part.start <= span.end;
    let here = diagnostics.iter().enumerate().filter(|(_, one)| touches(one.primary.span));
    here.flat_map(|(report, one)| fix(one, report).into_iter().chain(silence(source, one, report))).collect()
}

fn fix(one: &Diagnostic, report: usize) -> Option<Action> {
    let home = one.primary.span.source;
    let fix = one.fix.as_ref().filter(|fix| fix.first().is_some_and(|first| first.span.source == home))?;
    let title = capital(&fix.title);
    Some(Action { title, preferred: fix.certain, report, edits: fix.edits.clone() })
}

fn silence(source: &Source, one: &Diagnostic, report: usize) -> Option<Action> {
    if one.severity == Severity::Error {
        return None;
    }
    let line = source.line_at(one.primary.span.start);
    let span = Span::new(one.primary.span.source, line.start, line.start);
    let indent: String = source.text().get(line)?.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
    let text = format!("{indent}# allow {}: say why this is right here\n", one.code.id);
    let title = format!("Allow {} here", one.code.id);
    Some(Action { title, preferred: false, report, edits: vec![Edit { span, text }] })
}

/// The edits of a file that need nobody to decide, in order; of two fixes that touch each other the first.
#[must_use]
pub fn mend_all(diagnostics: &[Diagnostic], source: SourceId) -> Vec<Edit> {
    let fixes = diagnostics.iter().filter_map(|one| one.fix.as_ref()).filter(|fix| fix.certain);
    let mut fixes: Vec<_> = fixes.filter_map(|fix| Some((fix.first()?.span, fix))).collect();
    fixes.retain(|(first, _)| first.source == source);
    fixes.sort_by_key(|(first, _)| *first);
    let mut apart: Vec<Edit> = vec![];
    for (first, fix) in fixes {
        if fix.edits.iter().all(|edit| is_apart(&apart, edit.span)) {
            let in_order = apart.last().is_none_or(|last| last.span < first);
            apart.extend(fix.edits.iter().cloned());
            if !in_order {
                apart.sort_by_key(|edit| edit.span);
            }
        }
    }
    apart
}

/// Whether a part of a text touches none of those that are changed, which stand in order.
fn is_apart(changed: &[Edit], span: Span) -> bool {
    let behind = changed.partition_point(|edit| edit.span.end < span.start);
    changed.get(behind).is_none_or(|edit| span.end < edit.span.start)
}

fn capital(title: &str) -> String {
    let mut chars = title.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
