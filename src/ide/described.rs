//! What there is to say about a thing, in Markdown.

use super::View;
use super::standing::top;
use crate::program::{Named, NamedDef, Place, Variable};
use crate::syntax::tree::{Head, Line};
use crate::text::{Source, SourceId, Span};

/// Source text as an editor shows it.
pub(super) fn code(text: &str) -> String {
    format!("```bowline\n{text}\n```")
}

/// What a name stands for.
pub(super) fn named(view: &View<'_>, named: Named) -> Option<String> {
    match named {
        Named::Var(var) => view.index.var(var).map(|var| variable(view, var)),
        Named::Def(def) => view.index.def(def).map(|def| definition(view, def)),
        Named::File(source) => file(view, source),
        Named::Constant(_) => {
            let span = super::names::definition(view, named).first().copied()?;
            let source = view.sources.get(span.source)?;
            Some(join([code(line(source, span).trim()), comment(source, span)]))
        }
    }
}

fn variable(view: &View<'_>, var: &Variable) -> String {
    let secret = if var.secret { "Secret: never shown, never stored." } else { "" };
    let source = view.sources.get(var.span.source);
    let line = source.map(|source| line(source, var.span).trim().to_owned()).unwrap_or_default();
    let declared = line.starts_with("input ") || line.starts_with("ask ");
    let shown = if declared { line } else { format!("{}: {}", var.name, var.ty) };
    let above = source.map(|source| comment(source, var.span)).unwrap_or_default();
    join([code(&shown), secret.to_owned(), above])
}

fn definition(view: &View<'_>, def: &NamedDef) -> String {
    let Some(source) = view.sources.get(def.span.source) else { return code(&def.name) };
    let module = def.name.rsplit_once('.').map_or("", |(module, _)| module);
    let what = line(source, def.span);
    let word = what.split_whitespace().next().filter(|word| matches!(*word, "check" | "step"));
    let shown = match word {
        Some(word) => format!("{word} {module}.{}", source.slice(def.span)),
        None => what.trim().to_owned(),
    };
    join([code(&shown), comment(source, def.span)])
}

/// A module or runbook: its first line and its prose.
pub(super) fn file(view: &View<'_>, source: SourceId) -> Option<String> {
    let file = view.other(source)?;
    let first = file.source.text().lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let prose = file.tree.lines.iter().find_map(|line| match line {
        Line::Stmt(stmt) => {
            if let Head::Prose(prose) = &stmt.head {
                Some(prose.text.clone())
            } else {
                None
            }
        }
        Line::Bad(_) => None,
    });
    let kind = if top(file.tree) == Place::Module { "Module" } else { "Runbook" };
    let whence = format!("{kind} `{}`", file.source.name());
    Some(join([code(first.unwrap_or_default()), prose.unwrap_or_default(), whence]))
}

/// The line that a span begins on.
pub(super) fn line(source: &Source, span: Span) -> &str {
    source.text().get(source.line_at(span.start)).unwrap_or_default().trim_end_matches('\r')
}

/// The comment on the lines right above a span, without what it tells the checker.
pub(super) fn comment(source: &Source, span: Span) -> String {
    let before = source.text().get(..span.range().start).unwrap_or_default();
    let mut above: Vec<&str> = before.lines().collect();
    if !before.ends_with('\n') {
        above.pop();
    }
    let comments = above.iter().rev().map_while(|line| line.trim().strip_prefix('#'));
    let mut lines: Vec<&str> = comments.map(|text| text.trim_start_matches('#').trim()).collect();
    lines.retain(|line| !line.starts_with("allow "));
    lines.reverse();
    lines.join("\n")
}

/// Paragraphs, empty ones left out.
pub(super) fn join<const N: usize>(parts: [String; N]) -> String {
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}
