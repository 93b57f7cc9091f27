//! The items of a statement that are still to be read, and an option that begins among them.
//! Knows places, and judges nothing.

use super::spans::{item_span, item_word};
use super::{OptionSpec, Part, Schema, retired};
use crate::diag::nearest;
use crate::syntax::tree::Item;
use crate::text::Span;

/// Shorter words are too near to everything.
const LEAST_MEANT: usize = 4;

/// The items still to be read.
pub(super) struct Rest<'a> {
    /// Of the statement that they belong to.
    pub(super) schema: &'static Schema,
    items: &'a [Item],
    pub(super) at: usize,
}

impl<'a> Rest<'a> {
    /// All of them, or those from one on.
    pub(super) fn new(schema: &'static Schema, items: &'a [Item], at: usize) -> Self {
        Self { schema, items, at }
    }

    pub(super) fn peek(&self) -> Option<&'a Item> {
        self.items.get(self.at)
    }

    pub(super) fn second(&self) -> Option<&'a Item> {
        self.items.get(self.at + 1)
    }

    pub(super) fn take(&mut self) -> Option<&'a Item> {
        let item = self.peek();
        self.at += usize::from(item.is_some());
        item
    }

    /// What stands before the next option. It is told whether a name is bound.
    pub(super) fn to_option(&self, is_bound: impl Fn(&Item) -> bool) -> &'a [Item] {
        let still = self.items.get(self.at..).unwrap_or_default();
        let option = still.iter().position(|item| begins_option(self.schema, item, &is_bound));
        still.get(..option.unwrap_or(still.len())).unwrap_or_default()
    }

    /// Passes over what belongs to something already reported.
    pub(super) fn skip_to_option(&mut self, is_bound: impl Fn(&Item) -> bool) {
        self.at += self.to_option(is_bound).len();
    }

    /// Where what was read last stands.
    pub(super) fn last(&self) -> Option<Span> {
        self.at.checked_sub(1).and_then(|last| self.items.get(last)).map(item_span)
    }
}

/// An option that begins.
#[derive(Clone, Copy)]
pub(super) struct Begun {
    pub(super) spec: &'static OptionSpec,
    /// Its word.
    pub(super) word: Span,
    /// How many of its parts are read.
    pub(super) read: usize,
}

impl Begun {
    /// The parts that are still to be read.
    pub(super) fn parts(self) -> &'static [Part] {
        self.spec.parts.get(self.read..).unwrap_or_default()
    }
}

/// The option that an item is the word of.
pub(super) fn option_of(schema: &Schema, item: &Item) -> Option<&'static OptionSpec> {
    retired::option(schema, item_word(item)?).map(|(spec, _)| spec)
}

/// The option that a word is nearest to.
pub(super) fn option_meant(schema: &Schema, word: &str) -> Option<&'static str> {
    nearest(word, schema.options.iter().map(|spec| spec.word))
}

/// Whether an item is the word of an option, maybe misspelt: a name that is bound is only what it is.
fn begins_option(schema: &Schema, item: &Item, is_bound: impl Fn(&Item) -> bool) -> bool {
    let misspelt = |word: &str| word.len() >= LEAST_MEANT && option_meant(schema, word).is_some();
    option_of(schema, item).is_some() || item_word(item).is_some_and(misspelt) && !is_bound(item)
}
