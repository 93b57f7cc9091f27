//! What a line that could not be read would have bound: where that is used further down, nothing more is said.
//! Knows words and where they stand, and no value and no type.

use super::resolver::{NO_MODULE, Resolver};
use crate::syntax::tree::Signature;
use crate::text::Span;

/// The words behind which a statement gives a name.
const NAMING: &[&str] = &["let", "ask", "input", "for"];

impl<'a> Resolver<'a> {
    /// A line that could not be read, which is reported.
    pub(super) fn bad_line(&mut self, span: Span) {
        self.unread.push(span);
        if self.words(span).split_whitespace().next() == Some("use") {
            self.frame.uses.entry("use").or_insert(NO_MODULE);
        }
        self.bound_anyway(span);
        self.frame.taken.extend(self.words(span).lines().skip(1).flat_map(given));
    }

    /// Whether something there could not be read.
    pub(super) fn holds_unread(&self, span: Span) -> bool {
        let inside = |part: &Span| part.source == span.source && (span.start..span.end).contains(&part.start);
        self.unread.iter().any(inside)
    }

    /// The names that the line would have bound on which a span begins, from there on.
    pub(super) fn bound_anyway(&mut self, span: Span) {
        let line = self.rest_of_line(Span { end: span.start, ..span });
        let words = self.words(line);
        let names = given(words);
        self.frame.nameless += usize::from(names.is_empty() && names_something(words));
        self.frame.taken.extend(names);
    }

    /// The names of parameters that could not be read.
    pub(super) fn bound_by_parameters(&mut self, signature: &Signature) {
        for param in signature.params.iter().filter(|param| param.ty.is_none()) {
            let names = given(self.words(param.span));
            self.frame.nameless += usize::from(names.is_empty());
            self.frame.taken.extend(names);
        }
    }

    /// Whether a name that nothing has is one that a line would have bound that could not be read; one whose name cannot
    /// be told may have bound this.
    pub(super) fn is_taken(&mut self, name: &'a str) -> bool {
        let nameless = self.frame.nameless > 0 && !self.frame.taken.contains(name);
        if nameless {
            self.frame.nameless -= 1;
            self.frame.taken.insert(name);
        }
        self.frame.taken.contains(name)
    }
}

/// The words of a line that stand where a name is given: behind a word that begins such a statement, and before `:` and `=`.
fn given(line: &str) -> Vec<&str> {
    let first = line.trim_start().split_once(char::is_whitespace).filter(|(word, _)| NAMING.contains(word));
    let behind = first.map_or("", |(_, rest)| rest.trim_start());
    // A text that is no name in quotes is a title.
    let plain = behind.trim_start_matches(is_quote);
    let end = plain.find(|c| !is_word(c)).unwrap_or(plain.len());
    let is_title = plain.len() < behind.len() && !plain.get(end..).unwrap_or_default().starts_with(is_quote);
    let word = plain.get(..end).filter(|_| !is_title).unwrap_or_default();
    // Where a sign stands in the place of the name, there is none.
    let signs = if behind.starts_with([':', '=']) {
        0
    } else if first.is_some() {
        1
    } else {
        usize::MAX
    };
    let signs =
        line.match_indices([':', '=']).take(signs).flat_map(|(at, _)| before_sign(line, at).split('-'));
    let mut names: Vec<&str> = word.split('-').chain(signs).collect();
    names.retain(|name| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && *name != "in");
    names
}

/// The word before a sign that gives a name; one with dashes reads as several.
fn before_sign(line: &str, at: usize) -> &str {
    let (before, after) = line.split_at_checked(at).unwrap_or_default();
    let compares =
        after.starts_with("==") || after.starts_with(":/") || before.ends_with(['=', '!', '<', '>']);
    let name = before.trim_end().trim_end_matches(is_quote).trim_end();
    let start = name.rfind(|c| !is_word(c)).map_or(0, |at| at + 1);
    name.get(start..).filter(|_| !compares).unwrap_or_default()
}

/// Whether a line binds something, whose name cannot be told.
fn names_something(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    NAMING.contains(&first) || line.trim_start().starts_with([':', '='])
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '\u{201c}' | '\u{201d}')
}
