//! What is under the pointer.

use super::described::{code, join, named};
use super::names::named_at;
use super::standing::{Standing, around};
use super::{File, View};
use crate::program::{OptionSpec, Schema, option_form, schema_section, type_names};
use crate::syntax::tree::{ExprKind, Head, Item};
use crate::text::Span;
use crate::value::functions;

/// What is shown of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// Markdown.
    pub text: String,
    /// What it is about.
    pub span: Span,
}

/// What is to be said about a byte of a file.
#[must_use]
pub fn hover(view: &View<'_>, offset: u32) -> Option<Hover> {
    if let Some(mention) = named_at(view, offset)
        && let Some(text) = named(view, mention.named)
    {
        return Some(Hover { text, span: mention.span });
    }
    let file = view.file()?;
    let around = around(file.tree, offset);
    let standing = around.stmt.or_else(|| around.enclosing.last().copied())?;
    word(&standing, offset).or_else(|| option(&standing, offset)).or_else(|| function(file, offset))
}

fn word(standing: &Standing<'_>, offset: u32) -> Option<Hover> {
    let schema = standing.schema?;
    let span = match &standing.stmt.head {
        Head::Word(word) => word.span,
        Head::Run { keyword, .. } => *keyword,
        Head::Fence(fence) => Span { end: fence.span.start + 3, ..fence.span },
        Head::Prose(_) | Head::Call(_) | Head::Expr(_) => return None,
    };
    span.touches(offset).then(|| Hover { text: schema_section(schema), span })
}

fn option(standing: &Standing<'_>, offset: u32) -> Option<Hover> {
    let schema = standing.schema?;
    let item = standing.stmt.items.iter().find_map(|item| match item {
        Item::Word(word) if word.span.touches(offset) => Some((word.span, word.text.as_str())),
        Item::Expr(written) if written.span.touches(offset) => match &written.kind {
            ExprKind::Name(name) => Some((written.span, name.as_str())),
            _ => None,
        },
        _ => None,
    });
    let (span, word) = item?;
    let spec = option_of(schema, word)?;
    Some(Hover { text: join([code(&option_form(spec)), spec.doc.to_owned()]), span })
}

pub(super) fn option_of(schema: &'static Schema, word: &str) -> Option<&'static OptionSpec> {
    schema.options.iter().find(|spec| spec.word == word)
}

/// A function or a type, by its word alone.
fn function(file: File<'_>, offset: u32) -> Option<Hover> {
    let span = word_at(file, offset)?;
    let name = file.source.slice(span);
    if let Some(spec) = functions::find(name) {
        return Some(Hover { text: join([code(spec.usage), spec.doc.to_owned()]), span });
    }
    let named = type_names().any(|known| known == name);
    named.then(|| Hover { text: format!("{}\n\nA type; `{name}(…)` converts into it.", code(name)), span })
}

/// The word that a byte stands in or behind.
pub(super) fn word_at(file: File<'_>, offset: u32) -> Option<Span> {
    let text = file.source.text();
    let at = offset as usize;
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let before = text.get(..at)?;
    let start = at - before.chars().rev().take_while(|c| is_word(*c)).count();
    let end = at + text.get(at..)?.chars().take_while(|c| is_word(*c)).count();
    (start < end).then(|| Span::new(file.tree.source, start, end))
}
