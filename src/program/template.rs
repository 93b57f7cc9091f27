//! Templates of other tools, `{{.Names}}`, in the words of a `run` line: two braces are one there, so that the program would get
//! another template.

use super::resolver::Resolver;
use crate::diag::{Diagnostic, codes};
use crate::syntax::tree::Word;
use crate::text::Span;

/// What a template begins with that is no field: functions and actions of Go.
const ACTIONS: &[&str] = &[
    "json",
    "range",
    "if",
    "with",
    "index",
    "len",
    "print",
    "printf",
    "println",
    "join",
    "split",
    "lower",
    "upper",
    "title",
    "table",
    "base64decode",
    "not",
    "and",
    "or",
    "eq",
    "ne",
];

/// What takes braces of its own, one on each side.
const SINGLE: &str = "jsonpath";

impl Resolver<'_> {
    /// Warns of words of a program in which a template loses half of its braces.
    pub(super) fn warn_of_templates(&mut self, words: &[Word]) {
        let Some((first, last)) = words.first().zip(words.last()) else { return };
        let line = first.span.to(last.span);
        let text = self.words(line);
        if !text.contains("{{") || text.contains(SINGLE) {
            return;
        }
        let base = line.range().start;
        let (mut seen, mut told) = (0, vec![]);
        for (at, _) in text.match_indices("{{") {
            let Some(template) = text.get(at..).filter(|_| at >= seen).and_then(template) else { continue };
            let span = Span::new(line.source, base + at, base + at + template.len());
            // Blanks in its braces part it into words.
            let mut around = words
                .iter()
                .map(|word| word.span)
                .filter(|word| word.start < span.end && span.start < word.end);
            let Some(first) = around.next() else { continue };
            let whole = around.next_back().map_or(first, |last| first.to(last));
            let Some(before) = text.get(first.range().start - base..at) else { continue };
            // With a blank behind its braces it is an error already, unless it stands in quotes.
            let is_told = template.starts_with("{{ ") && !before.contains('"');
            if is_told || before.contains('\'') || before.ends_with('{') {
                continue;
            }
            // Further ones in the same words are mended with it.
            seen = whole.range().end - base;
            told.push(halved(template, span, self.words(whole), whole));
        }
        told.into_iter().for_each(|one| self.report(one));
    }
}

fn halved(template: &str, span: Span, words: &str, whole: Span) -> Diagnostic {
    let given = template.replace("{{", "{").replace("}}", "}");
    let message =
        format!("of `{template}` the program gets `{given}`: outside of single quotes `{{{{` is one brace");
    let report = Diagnostic::warning(codes::HALVED_TEMPLATE, span, message);
    let inside = words.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let bare = inside.unwrap_or(words);
    // What is in quotes already, or doubled, would become another text.
    let doubled = bare.contains("{{{{") || bare.contains("}}}}");
    let quoted = bare.contains(['\'', '\\']) || inside.is_some() && bare.contains('"');
    let verbatim = !doubled && !quoted && !outside(bare).contains(['"', '{', '}']);
    if verbatim {
        let quoted = format!("'{bare}'");
        return report.help(format!("in single quotes a template stays as it is: {quoted}")).guess(
            "put it in single quotes",
            whole,
            quoted,
        );
    }
    let doubled = template.replace("{{", "{{{{").replace("}}", "}}}}");
    report.help(format!(
        "in single quotes a template stays as it is; where values or other quotes stand beside it, each brace is \
         written twice, in double quotes: `{doubled}`"
    ))
}

/// A word without its templates.
fn outside(word: &str) -> String {
    let mut parts = word.split("{{");
    let first = parts.next().unwrap_or_default();
    parts.fold(first.to_owned(), |before, part| before + part.split_once("}}").map_or("", |(_, rest)| rest))
}

/// The template with which a text begins, to its last brace.
fn template(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("{{").filter(|inside| !inside.starts_with('{'))?;
    let (inside, _) = inside.lines().next()?.split_once("}}")?;
    let action = inside.trim_start_matches(['-', ' ']);
    let word = action.split(' ').next().unwrap_or_default();
    let field = |text: &str| {
        let name = text.strip_prefix('.');
        name.is_some_and(|name| {
            name.is_empty() || name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | ' '))
        })
    };
    let called = ACTIONS.contains(&word) && action.get(word.len()..)?.split(' ').any(field);
    (field(action) || called).then(|| text.get(..inside.len() + 4)).flatten()
}
