//! The parts of what other languages have: the `case` of a `switch`, the `catch` of a `try`. What is said of the word that
//! begins it is said of them. Knows words and how lines are indented.

use super::habits;
use super::resolver::Resolver;
use super::unread::indentation;
use crate::syntax::is_word;
use crate::syntax::tree::Ident;
use crate::text::Span;

impl Resolver<'_> {
    /// Where the parts begin, to the end of their lines: below that of the word, in the braces that open there or behind them.
    pub(super) fn parts_of(&self, word: &Ident) -> Vec<Span> {
        let (parts, head) = (habits::parts(&word.text), self.rest_of_line(word.span));
        let own = indentation(self.words(self.line_before(word.span)));
        let mut open = !parts.is_empty() && self.words(head).trim_end().ends_with('{');
        let mut found = vec![];
        let mut at = head.range().end + 1;
        let below = self.frame.unit.source.text().get(at..).filter(|_| open).unwrap_or_default();
        for line in below.split_inclusive('\n') {
            at += line.len();
            let words = line.trim_start_matches([' ', '\t', '}']);
            if parts.contains(&words.split(|c| !is_word(c)).next().unwrap_or_default()) {
                found.push(Span::new(word.span.source, at - words.len(), at));
            } else if !open && !words.trim().is_empty() {
                break;
            }
            if indentation(line) == own && line.trim_start().starts_with('}') || !open {
                open = line.trim_end().ends_with('{');
            }
        }
        found
    }
}
