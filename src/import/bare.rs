//! What of a line a shell reads as it stands: its words outside of quotes, comments and places to fill in.

use super::placeholders::{Search, find};

/// Stands for what is quoted or to be filled in: it may be anything.
const OPAQUE: char = '\u{0}';

/// The words of each command of a line. What is quoted, or to be filled in, is a sign that stands for anything.
pub(super) fn parts(line: &str) -> Vec<Vec<String>> {
    let (mut parts, mut word, mut quote) = (vec![vec![]], String::new(), None);
    let line = opaque(line);
    let mut signs = line.char_indices().peekable();
    while let Some((at, c)) = signs.next() {
        let rest = line.get(at + c.len_utf8()..).unwrap_or_default();
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'') if is_contraction(&word, rest) => word.push('\''),
            (None, '\'' | '"') => {
                word.push(OPAQUE);
                quote = Some(c);
            }
            (None, '\\') => _ = signs.next(),
            (None, '#') if word.is_empty() => break,
            (None, ';' | '|' | '&' | '`') => {
                end(&mut parts, &mut word);
                parts.push(vec![]);
            }
            (None, c) if c.is_whitespace() => end(&mut parts, &mut word),
            (None, c) => word.push(c),
        }
    }
    end(&mut parts, &mut word);
    parts.retain(|words| !words.is_empty());
    parts
}

fn end(parts: &mut [Vec<String>], word: &mut String) {
    let word = std::mem::take(word);
    parts.last_mut().filter(|_| !word.is_empty()).into_iter().for_each(|words| words.push(word.clone()));
}

/// A line in which each place to fill in is one sign.
fn opaque(line: &str) -> String {
    let (mut text, mut from) = (String::new(), 0);
    for place in find(line, Search::Code) {
        text.push_str(line.get(from..place.range.start).unwrap_or_default());
        text.push(OPAQUE);
        from = place.range.end;
    }
    text + line.get(from..).unwrap_or_default()
}

/// The apostrophe of `doesn't` and `it's`, which opens no quote.
fn is_contraction(word: &str, rest: &str) -> bool {
    let tail: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '\'').collect();
    !word.is_empty()
        && word.chars().all(char::is_alphabetic)
        && matches!(tail.as_str(), "t" | "s" | "re" | "ll" | "ve" | "d" | "m")
}
