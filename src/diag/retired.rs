//! Names that have another name now: the one table of them, from words of the language to keys of `bowline.toml`. Both names
//! work until the version that no longer has the old one; whoever writes it is told, and `bowline check --fix` writes the new one
//! in a runbook. How a name gets here, and how long it stays, is in `docs/stability.md`.

use super::{Diagnostic, codes};
use crate::text::Span;

/// A name that goes, and the one that stands in its place with the same operands and the same meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retired {
    /// What the name is of.
    pub of: Of,
    /// The name.
    pub word: &'static str,
    /// The name in its place.
    pub by: &'static str,
    /// The version of bowline that has both first.
    pub since: &'static str,
    /// The version that has the old one no longer.
    pub removal: &'static str,
}

/// What a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// It begins a statement.
    Keyword,
    /// An option of the statement of this keyword.
    Option(&'static str),
    /// A function.
    Function,
    /// A type, and the conversion into it.
    Type,
    /// A part of a value of this type: `file.sha256`.
    Part(&'static str),
    /// A module of the standard library, as `use` takes it: `std/git`. It is called by what stands behind the `/`.
    Module,
    /// A constant of this module of the standard library. Checks and steps say it where they are defined: `deprecated by`.
    Constant(&'static str),
    /// A key of `bowline.toml`, in what reports of unknown keys call its place: `bowline.toml`, `a target`.
    Key(&'static str),
    /// An option of this command, without its dashes.
    Argument(&'static str),
}

/// Every name that is deprecated at this time. Words that the grammar itself reads (`run`, `let`, `use`, `runbook`, `module`,
/// `input`) go through the grammar, and not through this table.
#[cfg(not(test))]
pub const RETIRED: &[Retired] = &[];

/// Nothing is deprecated yet, so the tests of this crate bring names of their own.
#[cfg(test)]
pub const RETIRED: &[Retired] = &[
    old(Of::Keyword, "milestone", "phase"),
    old(Of::Option("check"), "patience", "within"),
    old(Of::Function, "tally", "count"),
    old(Of::Type, "span", "duration"),
    old(Of::Part("artifact"), "checksum", "sha256"),
    old(Of::Module, "std/images", "std/registry"),
    old(Of::Constant("std/registry"), "media", "kinds"),
    old(Of::Key("bowline.toml"), "diary", "journal"),
    old(Of::Key("a target"), "quiet", "silence"),
    old(Of::Argument("check"), "output", "format"),
];

/// A name as a test has it.
#[cfg(test)]
const fn old(of: Of, word: &'static str, by: &'static str) -> Retired {
    Retired { of, word, by, since: "0.1.0", removal: "1.0.0" }
}

/// How an old name is retired.
#[must_use]
pub fn find(of: Of, word: &str) -> Option<&'static Retired> {
    RETIRED.iter().find(|one| one.of == of && one.word == word)
}

impl Retired {
    /// What is said of the name, wherever it stands.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self { word, since, removal, .. } = self;
        format!("`{word}` is deprecated since bowline {since}, and {removal} no longer has it")
    }

    /// That, and what stands in its place.
    #[must_use]
    pub fn told(&self) -> String {
        format!("{}; {}", self.sentence(), self.replacement())
    }

    fn replacement(&self) -> String {
        format!("`{}` stands in its place, and means the same", self.by)
    }

    /// The report that the old name stands here, with the edit that writes the new one.
    #[must_use]
    pub fn report(&self, span: Span) -> Diagnostic {
        let report = Diagnostic::warning(codes::DEPRECATED, span, self.sentence());
        let report = report.help(self.replacement());
        report.fix(format!("write `{}`", self.by), span, self.by)
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
