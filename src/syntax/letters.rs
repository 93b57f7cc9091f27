//! Names with letters that no name has (`größe`): each is reported where it is given, and read with other letters wherever
//! it stands, so that places stay what they are and nothing else follows.

use super::NAMING;
use super::clean::{Cleaned, lines};
use crate::diag::{Diagnostic, codes};
use crate::text::{SourceId, Span};

/// What a name is made of.
pub(super) const LETTERS: &str = "a name has the letters `a` to `z` and `A` to `Z`, digits and `_`";

/// A text without such letters in the names that it gives; `None` where it gives none.
pub(super) fn plain(id: SourceId, text: &str) -> Option<Cleaned> {
    if text.is_ascii() {
        return None;
    }
    let mut names: Vec<(usize, &str)> = vec![];
    for (at, name) in lines(text).filter_map(|(start, line)| given(line).map(|(at, name)| (start + at, name)))
    {
        if names.iter().all(|(_, other)| *other != name) {
            names.push((at, name));
        }
    }
    if names.is_empty() {
        return None;
    }
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = rest.find(is_letter) {
        let (before, word) = rest.split_at_checked(begin)?;
        let (word, behind) = word.split_at_checked(word.find(|c| !is_letter(c)).unwrap_or(word.len()))?;
        read.push_str(before);
        if names.iter().any(|(_, name)| *name == word) {
            let letters =
                word.chars().map(|c| if c.is_ascii() { c.to_string() } else { "_".repeat(c.len_utf8()) });
            read.extend(letters);
        } else {
            read.push_str(word);
        }
        rest = behind;
    }
    read.push_str(rest);
    let told = |(at, name): (usize, &str)| not_a_name(Span::new(id, at, at + name.len()), name);
    Some(Cleaned { text: read, diagnostics: names.into_iter().map(told).collect() })
}

/// What is told of such a name; nothing else is of it where it is given.
pub(super) fn not_a_name(span: Span, name: &str) -> Diagnostic {
    let message = format!("`{name}` cannot be a name");
    Diagnostic::error(codes::LEFTOVER, span, message).help(LETTERS).hides(span)
}

/// The name with such letters that a line gives, and where.
fn given(line: &str) -> Option<(usize, &str)> {
    let code = line.trim_start();
    let behind = NAMING.iter().find_map(|word| code.strip_prefix(*word)?.strip_prefix(' '))?;
    let name = behind.trim_start();
    let end = name.find(|c| !is_letter(c)).unwrap_or(name.len());
    let found = name.get(..end).filter(|word| !word.is_ascii() && word.chars().all(is_letter))?;
    let goes_on = name.get(end..)?.trim_start();
    let gives = goes_on.starts_with([':', '=']) || goes_on.starts_with("in ");
    gives.then(|| (line.len() - name.len(), found))
}

/// A letter of a name, if such were allowed.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
