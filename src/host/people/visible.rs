//! Texts from outside on a terminal: what would move its cursor or reorder its letters is spelled out.

/// The text with control and direction characters as `\u{1b}`; line ends and tabs stay.
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
    let turns = matches!(char, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || (char.is_control() && !matches!(char, '\n' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_spelled_out() {
        assert_eq!(visible("a\tb\nc é"), "a\tb\nc é");
        assert_eq!(visible("\u{1b}[2Jx\r\u{9b}1m"), "\\u{1b}[2Jx\\u{d}\\u{9b}1m");
        assert_eq!(visible("yes\u{202e}on"), "yes\\u{202e}on");
    }
}
