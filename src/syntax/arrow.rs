//! `run program -> name`, as other tools name what a program printed behind it: here the name stands before.

use super::build::{Builder, span_text};
use super::edits::Instead;
use super::habit::is_word;
use crate::diag::{Diagnostic, Edit, codes};
use crate::text::Span;

const ARROWS: [&str; 2] = ["->", "=>"];

/// The name behind an arrow with which a text begins, and where it ends; nothing but a block follows it in its statement.
pub(super) fn named(text: &str) -> Option<(&str, usize)> {
    let line = text.lines().next()?;
    let behind = ARROWS.iter().find_map(|arrow| line.strip_prefix(arrow))?.trim_start();
    let name = behind.split(|c| !is_word(c)).next()?;
    let rest = behind.get(name.len()..)?.trim_start();
    let over = rest.is_empty() || rest.starts_with(['{', '}', ';', '#']);
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    (over && is_name).then(|| (name, line.len() - behind.len() + name.len()))
}

/// What gives something that may be named.
const GIVING: [&str; 2] = ["http", "call"];

impl Builder<'_> {
    /// An arrow left over behind a statement that begins its line and gives something.
    pub(super) fn arrow_behind(&mut self, over: Span) -> Option<Diagnostic> {
        let before = self.text.get(..over.range().start)?;
        let line = before.rsplit('\n').next()?.trim_start();
        let bare = line.strip_prefix("look ").unwrap_or(line);
        let gives = bare.split(' ').next().is_some_and(|word| GIVING.contains(&word));
        let begins = Span::new(self.id, before.len() - line.len(), before.len());
        let arrow = Span { end: over.start + 2, ..over };
        if gives { self.named_behind(begins, arrow, false) } else { None }
    }

    /// An arrow at a place of a statement that begins at another, with the name that it stands before. The statement is read as
    /// what was meant, so that what follows knows the name.
    pub(super) fn named_behind(&mut self, begins: Span, arrow: Span, is_bound: bool) -> Option<Diagnostic> {
        let text = self.text.get(arrow.range().start..)?;
        let (name, length) = named(text)?;
        let before = span_text(self.text, Span { end: arrow.start, ..begins });
        let blanks = before.len() - before.trim_end().len();
        let from = arrow.range().start - blanks;
        let whole = Span::new(self.id, from, arrow.range().start + length);
        let at = Span { end: begins.start, ..begins };
        let bind = if is_bound { String::new() } else { format!("let {name} = ") };
        let told = Diagnostic::error(codes::LEFTOVER, arrow, "what a statement gives is named before it")
            .help(format!("write `let {name} = {}`", before.trim_end()))
            .guesses(
                "name it before",
                vec![Edit { span: at, text: bind.clone() }, Edit { span: whole, text: String::new() }],
            );
        let mended = vec![
            Instead { at: at.range().start, length: 0, with: bind },
            Instead { at: from, length: whole.range().len(), with: String::new() },
        ];
        self.meant.push((mended, told.clone()));
        Some(told)
    }
}
