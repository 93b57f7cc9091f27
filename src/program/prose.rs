//! Prose: the text of a block and where its statements stand in it; and names of values in text that takes none, in
//! prose, in single quotes, in two pairs of braces, in half of one, or behind a `$`.

use super::Stmt;
use super::resolver::Resolver;
use crate::diag::{Diagnostic, codes};
use crate::syntax::is_word;
use crate::syntax::tree::{self, Head, Line, Prose};
use crate::text::Span;

/// Between two passages of a block.
const APART: &str = "\n\n";

/// A value in a text in the form of another tool.
struct Foreign<'t> {
    at: usize,
    /// As it is written.
    written: &'t str,
    name: &'t str,
}

impl Resolver<'_> {
    /// Adds prose to that of its block, in the order written. No value is put into it: who writes a name in braces
    /// there is told that people will read just that.
    pub(super) fn prose(&mut self, of_block: &mut Option<String>, prose: &Prose) {
        let text = &prose.text;
        *of_block =
            Some(of_block.take().map_or_else(|| text.clone(), |before| format!("{before}{APART}{text}")));
        let words = self.words(prose.span);
        let meant: Vec<_> = braced(words).filter(|one| self.frame.scope.get(one.name).is_some()).collect();
        for one in meant {
            let (span, name) = (one.span(prose.span), one.name);
            let report = Diagnostic::warning(
                codes::NAME_IN_TEXT,
                span,
                format!("people will read `{{{name}}}` here: no value is put into prose"),
            );
            self.report(report.help(
                "say it in words, and put the value into the title of what this belongs to, or into a `log`",
            ));
        }
    }

    /// Warns of a value in a text that stands there as other tools have it: in two pairs of braces, behind a `$`, or in
    /// single quotes.
    pub(super) fn names_in_text(&mut self, text: Span) {
        let words = self.words(text);
        let raw = words.starts_with('\'');
        let found: Vec<_> = if raw { braced(words).collect() } else { foreign(words).collect() };
        for one in found {
            let Some(entry) = self.frame.scope.get(one.name).cloned() else { continue };
            // It was meant to be used.
            self.meaning(&entry);
            let span = one.span(text);
            self.report(if raw { in_single_quotes(&one, words, span, text) } else { one.told(span) });
        }
    }
}

/// Notes for each statement of a block how much of the prose of that block stands above it.
pub(super) fn set_below_prose(stmts: &mut [Stmt], lines: &[Line]) {
    let passages = lines.iter().filter_map(|line| match line {
        Line::Stmt(tree::Stmt { head: Head::Prose(prose), .. }) => Some(prose),
        _ => None,
    });
    let mut passages = passages.peekable();
    let mut above: Option<usize> = None;
    for stmt in stmts {
        while let Some(prose) = passages.next_if(|prose| prose.span.start < stmt.span.start) {
            above = Some(above.map_or(0, |before| before + APART.len()) + prose.text.len());
        }
        stmt.above = u32::try_from(above.unwrap_or(0)).unwrap_or(u32::MAX);
    }
}

impl Foreign<'_> {
    /// Where it stands in a text that begins there.
    fn span(&self, text: Span) -> Span {
        let start = text.start.saturating_add(u32::try_from(self.at).unwrap_or(0));
        Span { start, end: start.saturating_add(u32::try_from(self.written.len()).unwrap_or(0)), ..text }
    }

    fn told(&self, span: Span) -> Diagnostic {
        let Self { written, name, .. } = self;
        let value = format!("{{{name}}}");
        let report = |message: String| Diagnostic::warning(codes::NAME_IN_TEXT, span, message);
        if written.starts_with("${") {
            let sign = Span { end: span.start.saturating_add(1), ..span };
            return report(format!("`{written}` is `$` and behind it the value"))
                .help(format!("the value alone is `{value}`"))
                .guess("take the `$` out", sign, "");
        }
        if written == name {
            return report(format!("`{name}}}` holds no value: nothing opens this brace"))
                .help(format!("the value of `{name}` is `{value}`"))
                .guess(format!("write `{value}`"), span, format!("{{{name}"));
        }
        let says = written.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(written);
        report(format!("`{written}` holds no value: the text says `{says}`"))
            .help(format!("the value of `{name}` is `{value}`"))
            .guess(format!("write `{value}`"), span, value)
    }
}

fn in_single_quotes(one: &Foreign<'_>, words: &str, span: Span, text: Span) -> Diagnostic {
    let message = format!("a text in single quotes holds no values: it says `{{{}}}`", one.name);
    let report = Diagnostic::warning(codes::NAME_IN_TEXT, span, message).help("write it in double quotes");
    let plain = words.trim_matches('\'');
    if plain.contains(['"', '\\']) {
        return report;
    }
    report.guess("write double quotes", text, format!("\"{plain}\""))
}

/// The names in a text that stand there as other tools write the value of one.
fn foreign(text: &str) -> impl Iterator<Item = Foreign<'_>> {
    let (mut seen, mut opened, mut closed) = (0, 0, 0);
    text.match_indices(['$', '{', '}']).filter_map(move |(at, sign)| {
        let passed = text.get(seen..at)?;
        opened += passed.matches('{').count();
        closed += passed.matches('}').count();
        seen = at;
        let (before, rest) = text.split_at_checked(at)?;
        if sign == "}" {
            let alone = opened == closed;
            // It is counted with what follows it.
            opened += usize::from(alone);
            return if alone { half(before, rest) } else { None };
        }
        let (name, length) = if let Some(inside) = between(rest, "${", "}").or(between(rest, "{{", "}}")) {
            (inside.trim(), inside.len() + if rest.starts_with('$') { 3 } else { 4 })
        } else {
            let name = rest.strip_prefix('$')?;
            let end = name.find(|c| !is_word(c)).unwrap_or(name.len());
            (name.get(..end)?, end + 1)
        };
        // Inside of a value is no text.
        let alone = opened <= closed && !before.ends_with(['\\', '{', '$']) && is_name(name);
        alone.then_some(Foreign { at, written: rest.get(..length)?, name })
    })
}

/// A name before a brace that nothing opens.
fn half<'t>(before: &'t str, brace: &str) -> Option<Foreign<'t>> {
    let name = before.rsplit(|c| !is_word(c)).next().filter(|name| is_name(name))?;
    let at = before.len() - name.len();
    (!brace.starts_with("}}")).then_some(Foreign { at, written: before.get(at..)?, name })
}

/// The letters and blanks between two signs.
fn between<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    let inside = text.strip_prefix(open)?;
    let end = inside.find(|c| !is_word(c) && c != ' ')?;
    inside.split_at_checked(end).filter(|(_, behind)| behind.starts_with(close)).map(|(name, _)| name)
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(is_word)
}

/// The names that stand in braces of their own.
fn braced(text: &str) -> impl Iterator<Item = Foreign<'_>> {
    text.match_indices('{').filter_map(move |(at, _)| {
        let (before, behind) = text.split_at_checked(at)?;
        let (name, after) = behind.strip_prefix('{')?.split_once('}')?;
        let alone = !before.ends_with(['{', '$']) && !after.starts_with('}');
        let written = behind.get(..name.len() + 2)?;
        (alone && is_name(name)).then_some(Foreign { at, written, name })
    })
}
