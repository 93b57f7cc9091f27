//! Where a sign stands in words: by itself, and outside of quotes.

/// Words before a condition.
pub(super) const CONDITIONS: &[&str] = &["if", "while", "until", "expect", "elif"];

/// Whether an operator stands there, and no longer one of the language, nor anything else with that sign.
pub(super) fn stands_at(words: &str, at: usize, sign: &str) -> bool {
    let (before, rest) = words.split_at_checked(at).unwrap_or_default();
    let Some(behind) = rest.strip_prefix(sign) else { return false };
    match sign {
        "!" => behind.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '(' | ' ' | '_')),
        "~" => behind.trim_start().starts_with('/'),
        "=" => {
            let map = words.starts_with('{');
            !map && !before.ends_with(['=', '!', '<', '>', ':', '+', '-']) && !behind.starts_with(['=', '~'])
        }
        _ => true,
    }
}

/// The signs of words that do not stand in quotes, and where; quotes themselves among them.
pub(super) fn outside_quotes(words: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut quote, mut escaped) = (None, false);
    words.char_indices().filter(move |(_, c)| match quote {
        // In double quotes a backslash takes the next letter along.
        Some('"') if escaped || *c == '\\' => {
            escaped = !escaped;
            false
        }
        Some(open) if open == *c => {
            quote = None;
            true
        }
        Some(_) => false,
        None => {
            quote = Some(*c).filter(|c| is_quote(*c));
            true
        }
    })
}

/// Whether a text in one line opens and closes with it.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'')
}
