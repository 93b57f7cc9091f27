//! Names with letters that no name has (`größe`): each is reported where it is given, and read with other letters wherever
//! it stands, so that places stay what they are and nothing else follows.

use std::collections::HashMap;

use super::NAMING;
use super::clean::{Cleaned, lines};
use super::walk::Walk;
use crate::diag::{Diagnostic, codes};
use crate::text::{SourceId, Span};

/// What a name is made of.
pub(super) const LETTERS: &str = "a name has the letters `a` to `z` and `A` to `Z`, digits and `_`";

/// A text without such letters in the names that it gives; `None` where it gives none.
pub(super) fn plain(id: SourceId, text: &str) -> Option<Cleaned> {
    if text.is_ascii() || !lines(text).any(|(_, line)| given(line).is_some()) {
        return None;
    }
    let (mut names, mut told) = (HashMap::new(), vec![]);
    let mut walk = Walk::new(id, text, 0);
    while walk.at < text.len() {
        let (line, start) = (walk.line(), walk.at);
        // In prose and scripts anything may stand.
        if walk.inside.is_none()
            && let Some((at, name)) = given(line)
            && !names.contains_key(name)
        {
            names.insert(name, names.len());
            told.push(not_a_name(Span::new(id, start + at, start + at + name.len()), name));
        }
        walk.walk_line(line);
        walk.at += line.len();
    }
    (!names.is_empty()).then(|| Cleaned { text: with_others(text, &names), diagnostics: told })
}

/// The text with other letters in names; a name of each number has others.
fn with_others(text: &str, names: &HashMap<&str, usize>) -> String {
    let mut read = String::with_capacity(text.len());
    for word in text.split_inclusive(|c| !is_letter(c)) {
        let name = word.trim_end_matches(|c| !is_letter(c));
        let Some(number) = names.get(name) else {
            read.push_str(word);
            continue;
        };
        let mut number = *number;
        for c in name.chars() {
            if c.is_ascii() {
                read.push(c);
                continue;
            }
            for _ in 0..c.len_utf8() {
                read.push(char::from(b'A' + u8::try_from(number % 26).unwrap_or_default()));
                number /= 26;
            }
        }
        read.push_str(word.get(name.len()..).unwrap_or_default());
    }
    read
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
