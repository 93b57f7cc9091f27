//! What is under the pointer.

use super::View;
use super::described::{code, join, named};
use super::names::named_at;
use super::word::{Word, retired_at, word};
use crate::program::{option_form, schema_section};
use crate::text::Span;

/// What is shown of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// Markdown.
    pub text: String,
    /// What it is about.
    pub span: Span,
}

/// What is to be said about a byte of a file: of an old name first that it is one, then of what stands in its place.
#[must_use]
pub fn hover(view: &View<'_>, offset: u32) -> Option<Hover> {
    let known = known(view, offset);
    let Some((retired, span)) = retired_at(view, offset) else { return known };
    let about = known.map(|hover| hover.text).unwrap_or_default();
    Some(Hover { text: join([format!("Deprecated: {}.", retired.told()), about]), span })
}

fn known(view: &View<'_>, offset: u32) -> Option<Hover> {
    if let Some(mention) = named_at(view, offset)
        && let Some(text) = named(view, mention.named)
    {
        return Some(Hover { text, span: mention.span });
    }
    let (word, span) = word(view.file()?, offset)?;
    Some(Hover { text: described(word), span })
}

fn described(word: Word) -> String {
    match word {
        Word::Keyword(schema) => schema_section(schema),
        Word::Option(_, spec) => join([code(&option_form(spec)), spec.doc.to_owned()]),
        Word::Function(spec) => join([code(spec.usage), spec.doc.to_owned()]),
        Word::Type(name) => format!("{}\n\nA type; `{name}(…)` converts into it.", code(name)),
    }
}
