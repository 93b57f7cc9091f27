//! Diagnostics drawn in their source lines, and as JSON.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};
use serde_json::{Value as Json, json};

use crate::diag::{Diagnostic, Edit, Fix, Severity};
use crate::text::{Source, Sources, Span};

/// How text for a person is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// With colours.
    pub colour: bool,
    /// Columns to draw in.
    pub width: usize,
}

impl Style {
    /// Without colours, 100 columns.
    pub const PLAIN: Self = Self { colour: false, width: 100 };

    fn renderer(self) -> Renderer {
        let base = if self.colour { Renderer::styled() } else { Renderer::plain() };
        base.term_width(self.width)
    }
}

/// So many are drawn: nobody reads more, and each takes a walk through its file.
const DRAWN: usize = 100;

/// The first diagnostics, drawn in their lines, then how many there are.
#[must_use]
pub fn diagnostics_text(sources: &Sources, diagnostics: &[Diagnostic], style: Style) -> String {
    let drawn = diagnostics.iter().take(DRAWN).map(|diagnostic| draw(sources, diagnostic, style));
    let mut text: String = drawn.flat_map(|one| [one, "\n\n".to_owned()]).collect();
    if let Some(more) = diagnostics.len().checked_sub(DRAWN).filter(|more| *more > 0) {
        text += &format!("and {more} more; mend these first, or see all with --format json\n\n");
    }
    if let Some(summary) = summary(diagnostics) {
        text.push_str(&summary);
        text.push('\n');
    }
    text
}

fn draw(sources: &Sources, diagnostic: &Diagnostic, style: Style) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.clone().primary_title(&diagnostic.message).id(diagnostic.code.id);
    let home = sources.get(diagnostic.primary.span.source);
    let mut first = match snippet(sources, diagnostic) {
        // Of a file without text there is no line to draw.
        _ if home.is_some_and(|source| source.text().is_empty()) => {
            title.element(Origin::path(home.map_or("", Source::name)))
        }
        Some(snippet) => title.element(snippet),
        None => Group::with_title(title),
    };
    for sentence in &diagnostic.help {
        first = first.element(Level::HELP.message(sentence));
    }
    let mut groups = vec![first];
    groups.extend(patch(sources, diagnostic));
    style.renderer().render(&groups)
}

fn snippet<'a>(
    sources: &'a Sources,
    diagnostic: &'a Diagnostic,
) -> Option<Snippet<'a, annotate_snippets::Annotation<'a>>> {
    let home = diagnostic.primary.span.source;
    let source = sources.get(home)?;
    let primary = AnnotationKind::Primary.span(within(source.text(), diagnostic.primary.span));
    let labelled = match diagnostic.primary.text.as_str() {
        "" => primary,
        text => primary.label(text),
    };
    let mut snippet = Snippet::source(source.text()).path(source.name()).annotation(labelled);
    for label in diagnostic.secondary.iter().filter(|label| label.span.source == home) {
        let context = AnnotationKind::Context.span(within(source.text(), label.span));
        snippet = snippet.annotation(context.label(&label.text));
    }
    Some(snippet)
}

fn patch<'a>(sources: &'a Sources, diagnostic: &'a Diagnostic) -> Option<Group<'a>> {
    let fix = diagnostic.fix.as_ref()?;
    let source = sources.get(fix.first()?.span.source)?;
    let patches = fix.edits.iter().map(|edit| Patch::new(within(source.text(), edit.span), &edit.text));
    let shown = Snippet::source(source.text()).path(source.name()).patches(patches);
    Some(Level::HELP.secondary_title(&fix.title).element(shown))
}

/// The span as a range that surely lies in the text, on character borders.
fn within(text: &str, span: Span) -> std::ops::Range<usize> {
    let floor = |at: usize| text.floor_char_boundary(at.min(text.len()));
    floor(span.range().start)..floor(span.range().end)
}

/// How much was found in several files together; `None` where that is nothing.
#[must_use]
pub fn diagnostics_sum(files: &[&[Diagnostic]]) -> Option<String> {
    let found = files.iter().filter(|found| !found.is_empty()).count();
    let all = summary(files.iter().copied().flatten())?;
    Some(format!("{all} in {found} of {} files\n", files.len()))
}

fn summary<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> Option<String> {
    let all: Vec<Severity> = diagnostics.into_iter().map(|one| one.severity).collect();
    let count = |severity| all.iter().filter(|one| **one == severity).count();
    let plural = |number: usize, word: &str| match number {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{number} {word}s")),
    };
    let parts = [plural(count(Severity::Error), "error"), plural(count(Severity::Warning), "warning")];
    let said: Vec<String> = parts.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// Diagnostics as data, for `--format json`.
#[must_use]
pub fn diagnostics_json(sources: &Sources, diagnostics: &[Diagnostic]) -> Json {
    let each = diagnostics.iter().map(|diagnostic| {
        json!({
            "code": diagnostic.code.id,
            "severity": match diagnostic.severity { Severity::Error => "error", Severity::Warning => "warning" },
            "message": diagnostic.message,
            "at": place(sources, diagnostic.primary.span),
            "label": diagnostic.primary.text,
            "also": diagnostic.secondary.iter()
                .map(|label| json!({ "at": place(sources, label.span), "text": label.text }))
                .collect::<Vec<_>>(),
            "help": diagnostic.help,
            "fix": diagnostic.fix.as_ref().and_then(|fix| mended(sources, fix)),
        })
    });
    let file = sources.iter().next().map(Source::name);
    json!({ "format": "bowline-diagnostics/1", "file": file, "diagnostics": each.collect::<Vec<_>>() })
}

fn mended(sources: &Sources, fix: &Fix) -> Option<Json> {
    let edit = |edit: &Edit| json!({ "at": place(sources, edit.span), "replacement": edit.text });
    let (first, rest) = fix.edits.split_first()?;
    let mut json = json!({
        "title": fix.title, "at": place(sources, first.span), "replacement": first.text, "certain": fix.certain,
    });
    if let (Some(fields), false) = (json.as_object_mut(), rest.is_empty()) {
        fields.insert("also".to_owned(), rest.iter().map(edit).collect());
    }
    Some(json)
}

fn place(sources: &Sources, span: Span) -> Json {
    let Some(source) = sources.get(span.source) else { return Json::Null };
    let (start, end) = (source.position(span.start), source.position(span.end));
    json!({
        "file": source.name(),
        "start": { "line": start.line, "column": start.column, "byte": span.start },
        "end": { "line": end.line, "column": end.column, "byte": span.end },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::codes;

    #[test]
    fn draws_line_help_and_fix() {
        let mut sources = Sources::default();
        let id = sources.add(Source::new("a.runbook", "step \"One\" {\n  rum echo hi\n}\n"));
        let span = Span::new(id, 15, 18);
        let one = Diagnostic::error(codes::BAD_LINE, span, "`rum` is not a statement")
            .label("not known")
            .help("did you mean `run`?")
            .fix("write `run`", span, "run");
        insta::assert_snapshot!(diagnostics_text(&sources, &[one], Style::PLAIN));
    }

    #[test]
    fn a_span_outside_the_text_does_not_panic() {
        let mut sources = Sources::default();
        let id = sources.add(Source::new("a.runbook", "é"));
        let one = Diagnostic::error(codes::BAD_LINE, Span::new(id, 1, 900), "far");
        assert!(diagnostics_text(&sources, &[one], Style::PLAIN).contains("far"));
    }
}
