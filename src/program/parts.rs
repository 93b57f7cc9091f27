//! The parts of what other languages have: the `case` of a `switch`, the `catch` of a `try`. What is said of the word that
//! begins it is said of them. Knows words, and how lines are indented.

use super::habits;
use super::resolver::Resolver;
use super::unread::indentation;
use crate::syntax::is_word;
use crate::syntax::tree::Ident;
use crate::text::Span;

impl Resolver<'_> {
    /// Whether the line of a word ends with the brace of a block.
    pub(super) fn opens_block(&self, word: &Ident) -> bool {
        self.words(self.rest_of_line(word.span)).trim_end().ends_with('{')
    }

    /// The words that begin the parts, and what names them, below that of the word: in the braces that open there, or
    /// behind.
    pub(super) fn parts_of(&self, word: &Ident) -> Vec<Span> {
        let parts = habits::parts(&word.text);
        let own = indentation(self.words(self.line_before(word.span)));
        let mut at = self.rest_of_line(word.span).range().end + 1;
        let opens = !parts.is_empty() && self.opens_block(word);
        let below = self.frame.unit.source.text().get(at..).filter(|_| opens).unwrap_or_default();
        let mut found = vec![];
        for line in below.split_inclusive('\n') {
            let words = line.trim_start_matches([' ', '\t', '}']);
            let start = at + line.len() - words.len();
            at += line.len();
            let is_part = parts.contains(&words.split(|c| !is_word(c)).next().unwrap_or_default());
            if is_part {
                let end = words.find(['{', ':']).unwrap_or(words.len());
                found.push(Span::new(word.span.source, start, start + end));
            } else if ends(line, own) {
                break;
            }
        }
        found
    }
}

/// Whether a line stands neither in a block whose head is so far indented nor at its end.
fn ends(line: &str, own: usize) -> bool {
    !line.trim().is_empty() && indentation(line) <= own && !line.trim_start().starts_with('}')
}
