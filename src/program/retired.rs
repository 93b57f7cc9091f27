//! Words of the language that have another name now: the one table of them. Both words work until the version that no longer
//! has the old one; whoever writes it is told, and `bowline check --fix` writes the new one. How a word gets here, and how long
//! it stays, is in `docs/stability.md`.

use super::resolver::Resolver;
use super::{OptionSpec, Schema};
use crate::diag::{Diagnostic, codes};
use crate::text::Span;

/// A word that goes, and the one that stands in its place with the same operands and the same meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retired {
    /// What the word is.
    pub of: Of,
    /// The word.
    pub word: &'static str,
    /// The word in its place.
    pub by: &'static str,
    /// The version of bowline that has both first.
    pub since: &'static str,
    /// The version that has the old one no longer.
    pub removal: &'static str,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// It begins a statement.
    Keyword,
    /// An option of the statement of this keyword.
    Option(&'static str),
}

/// Every word that is deprecated at this time. Words that the grammar itself reads (`run`, `let`, `use`, `runbook`, `module`,
/// `input`) go through the grammar, and not through this table.
#[cfg(not(test))]
pub const RETIRED: &[Retired] = &[];

/// Nothing is deprecated yet, so the tests of this crate bring words of their own.
#[cfg(test)]
pub const RETIRED: &[Retired] = &[
    Retired { of: Of::Keyword, word: "milestone", by: "phase", since: "0.1.0", removal: "1.0.0" },
    Retired { of: Of::Option("check"), word: "patience", by: "within", since: "0.1.0", removal: "1.0.0" },
];

fn find(of: Of, word: &str) -> Option<&'static Retired> {
    RETIRED.iter().find(|one| one.of == of && one.word == word)
}

/// The keyword that an old one means now.
#[must_use]
pub fn keyword(word: &str) -> Option<&'static Retired> {
    find(Of::Keyword, word)
}

/// The option of a statement that a word is, and how it is retired where it is an old one.
pub(super) fn option(schema: &Schema, word: &str) -> Option<(&'static OptionSpec, Option<&'static Retired>)> {
    let named = |name: &str| schema.options.iter().find(|spec| spec.word == name);
    let old = || find(Of::Option(schema.word), word).and_then(|one| Some((named(one.by)?, Some(one))));
    named(word).map(|spec| (spec, None)).or_else(old)
}

impl Resolver<'_> {
    /// Says that an old word stands here.
    pub(super) fn tell_retired(&mut self, retired: &Retired, span: Span) {
        let Retired { word, by, since, removal, .. } = retired;
        let message = format!("`{word}` is deprecated since bowline {since}, and {removal} no longer has it");
        let report = Diagnostic::warning(codes::DEPRECATED, span, message);
        let report = report.help(format!("`{by}` stands in its place, and means the same"));
        self.report(report.fix(format!("write `{by}`"), span, *by));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_retired_has_another_word_in_its_place() {
        for one in RETIRED {
            assert_ne!(one.word, one.by);
            assert!(find(one.of, one.by).is_none(), "{one:?}: its replacement goes, too");
        }
    }
}
