//! Texts from outside on a terminal: what would move its cursor or reorder its letters is spelled out.

use crate::text::is_unseen;

/// The text with control characters, and those that are not seen or turn letters round, as `\u{1b}`; line ends and tabs stay.
pub(super) fn visible(text: &str) -> String {
    if !text.chars().any(acts) {
        return text.to_owned();
    }
    text.chars().fold(String::with_capacity(text.len()), |mut shown, char| {
        match char {
            char if acts(char) => shown.extend(char.escape_unicode()),
            char => shown.push(char),
        }
        shown
    })
}

fn acts(char: char) -> bool {
    is_unseen(char) || (char.is_control() && !matches!(char, '\n' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_spelled_out() {
        assert_eq!(visible("a\tb\nc é"), "a\tb\nc é");
        assert_eq!(visible("\u{1b}[2Jx\r\u{9b}1m"), "\\u{1b}[2Jx\\u{d}\\u{9b}1m");
        assert_eq!(visible("yes\u{202e}on"), "yes\\u{202e}on");
        assert_eq!(visible("a\u{200b}b\u{61c}"), "a\\u{200b}b\\u{61c}");
    }
}
