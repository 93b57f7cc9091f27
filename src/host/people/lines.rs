//! Texts as lines of a screen: set in, and broken between words. Knows nothing of questions.

use unicode_width::UnicodeWidthStr;

/// Each line a little to the right.
pub(super) fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}").trim_end().to_owned() + "\n").collect()
}

/// What was printed: as it is, broken between words where it is wider than the screen.
pub(super) fn fitted(text: &str, width: usize) -> String {
    let fits = |line: &str| line.width() + 2 < width;
    text.lines().map(|line| if fits(line) { indented(line) } else { wrapped(line, width) }).collect()
}

/// Words, broken between words; what is longer than a line stays whole, and so do lines that begin with blanks.
pub(super) fn wrapped(text: &str, width: usize) -> String {
    text.lines()
        .map(|line| if line.starts_with(' ') { indented(line) } else { broken(line, width) })
        .collect()
}

pub(super) fn broken(line: &str, width: usize) -> String {
    let (mut text, mut column) = (String::new(), 0);
    for word in line.split(' ') {
        let fits = column + 1 + word.width() < width;
        match (text.is_empty(), fits) {
            (false, true) => text.push(' '),
            (false, false) => text.push_str("\n  "),
            (true, _) => text.push_str("  "),
        }
        column = if fits && column > 0 { column + 1 } else { 2 } + word.width();
        text.push_str(word);
    }
    text.trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_broken_between_words() {
        assert_eq!(wrapped("one two three", 10), "  one two\n  three\n");
        assert_eq!(wrapped("a https://example.org/long b", 12), "  a\n  https://example.org/long\n  b\n");
        assert_eq!(wrapped("    code that is long\n\nb", 10), "      code that is long\n\n  b\n");
    }
}
