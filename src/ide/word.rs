//! The word of the language that stands at a byte, and whether it is an old one.

use super::names::{definition, named_at};
use super::standing::{Standing, around};
use super::{File, View};
use crate::diag::retired::{Of, RETIRED, Retired, find};
use crate::program::{Named, OptionSpec, Schema, type_names};
use crate::syntax::tree::{ExprKind, Head, Item};
use crate::text::{Source, Span};
use crate::value::functions::{self, Spec};

/// A word of the language.
#[derive(Clone, Copy)]
pub(super) enum Word {
    /// It begins a statement.
    Keyword(&'static Schema),
    /// An option of a statement.
    Option(&'static Schema, &'static OptionSpec),
    Function(&'static Spec),
    Type(&'static str),
}

/// The word of the language at a byte of a file; an old one is what stands in its place.
pub(super) fn word(file: File<'_>, offset: u32) -> Option<(Word, Span)> {
    let standing = around(file.tree, offset).innermost()?;
    keyword(&standing, offset).or_else(|| option(&standing, offset)).or_else(|| function(file, offset))
}

fn keyword(standing: &Standing<'_>, offset: u32) -> Option<(Word, Span)> {
    let schema = standing.schema?;
    let span = match &standing.stmt.head {
        Head::Word(word) => word.span,
        Head::Run { keyword, .. } => *keyword,
        Head::Fence(fence) => Span { end: fence.span.start + 3, ..fence.span },
        Head::Prose(_) | Head::Call(_) | Head::Expr(_) | Head::Unread(_) => return None,
    };
    span.touches(offset).then_some((Word::Keyword(schema), span))
}

fn option(standing: &Standing<'_>, offset: u32) -> Option<(Word, Span)> {
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
    let word = find(Of::Option(schema.word), word).map_or(word, |retired| retired.by);
    Some((Word::Option(schema, option_of(schema, word)?), span))
}

pub(super) fn option_of(schema: &'static Schema, word: &str) -> Option<&'static OptionSpec> {
    schema.options.iter().find(|spec| spec.word == word)
}

/// A function or a type, by its word alone.
fn function(file: File<'_>, offset: u32) -> Option<(Word, Span)> {
    let span = word_at(file, offset)?;
    let name = file.source.slice(span);
    let old = find(Of::Function, name).or_else(|| find(Of::Type, name));
    let name = old.map_or(name, |retired| retired.by);
    let of_type = || type_names().find(|known| *known == name).map(Word::Type);
    functions::find(name).map(Word::Function).or_else(of_type).map(|word| (word, span))
}

/// The letters that a byte stands in or behind.
pub(super) fn word_at(file: File<'_>, offset: u32) -> Option<Span> {
    let text = file.source.text();
    let at = offset as usize;
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let before = text.get(..at)?;
    let start = at - before.chars().rev().take_while(|c| is_word(*c)).count();
    let end = at + text.get(at..)?.chars().take_while(|c| is_word(*c)).count();
    (start < end).then(|| Span::new(file.tree.source, start, end))
}

/// The old name at a byte of the file that is looked at.
pub(super) fn retired_at(view: &View<'_>, offset: u32) -> Option<(&'static Retired, Span)> {
    let file = view.file()?;
    let span = word_at(file, offset)?;
    let own = named_at(view, offset).map(|mention| mention.named);
    if matches!(own, Some(Named::Var(_) | Named::Def(_))) {
        return None;
    }
    let (text, name) = (file.source.text(), file.source.slice(span));
    let before = text.get(..span.range().start).unwrap_or_default();
    let behind = text.get(span.range().end..).unwrap_or_default();
    let head = around(file.tree, offset).innermost();
    let head = head.as_ref().and_then(|standing| standing.stmt.word());
    let begins = before.rsplit(['\n', '{']).next().is_some_and(|line| line.trim().is_empty());
    let stands = |one: &&'static Retired| match one.of {
        Of::Keyword => begins && one.word == name,
        Of::Option(of) => !begins && head == Some(of) && one.word == name,
        Of::Function | Of::Type => !before.ends_with('.') && one.word == name,
        Of::Part(_) => before.ends_with('.') && one.word == name,
        Of::Constant(module) => {
            one.word == name && before.ends_with('.') && file_of(view, own) == Some(module)
        }
        Of::Module => {
            called(one.word) == name && (behind.starts_with('.') || before.ends_with(folder(one.word)))
        }
        Of::Key(_) | Of::Argument(_) => false,
    };
    Some((RETIRED.iter().find(stands)?, span))
}

/// The file in which a thing gets its name.
fn file_of<'v>(view: &View<'v>, named: Option<Named>) -> Option<&'v str> {
    let span = definition(view, named?).first().copied()?;
    view.sources.get(span.source).map(Source::name)
}

/// The last part of a module's path, by which it is called; and what stands before that.
fn called(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn folder(path: &str) -> &str {
    path.strip_suffix(called(path)).unwrap_or_default()
}
