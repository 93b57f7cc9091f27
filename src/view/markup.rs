//! Texts of others in Markdown: whatever they hold, they are drawn as their letters.

/// A text within a line.
pub(super) fn inline(text: &str) -> String {
    escaped(&text.split('\n').map(str::trim_end).collect::<Vec<_>>().join(" "))
}

/// Every character that can be markup within a line is made a letter.
pub(super) fn escaped(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let markup = matches!(
            char,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' | '&' | '$'
        );
        // What would be a link by itself.
        let link = rest.starts_with("://") || rest.starts_with("www.");
        match char {
            'w' if link => all.push_str("www&#46;"),
            _ if markup || link => all.extend(['\\', char]),
            _ => all.push(char),
        }
        let taken = if char == 'w' && link { 4 } else { char.len_utf8() };
        rest = rest.get(taken..).unwrap_or_default();
    }
    all
}
