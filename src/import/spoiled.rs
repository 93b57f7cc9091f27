//! Commands that a page has spoiled, so that no shell would take them as they stand.

use super::bare::parts;

/// Whether a page has put its own signs where a shell has others: curled quotes, long dashes, hard blanks, `&amp;`,
/// numbers before its lines.
pub(super) fn is_spoiled(command: &str) -> bool {
    const ENTITIES: [&str; 6] = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&nbsp;"];
    let blank =
        |c: char| matches!(c, '\u{a0}' | '\u{ad}' | '\u{2007}' | '\u{200b}' | '\u{202f}' | '\u{feff}');
    let quote = |word: &String| word.contains(['“', '”', '„', '‘', '’', '«', '»']);
    let dash = |word: &String| {
        word.strip_prefix(['–', '—', '−'])
            .is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
    };
    let of_a_page = |word: &String| quote(word) || dash(word);
    let line = |line: &str| {
        ENTITIES.iter().any(|entity| line.contains(entity))
            || line.contains(blank)
            || parts(line).iter().flatten().any(of_a_page)
    };
    let numbered = command.lines().all(|line| {
        let digits = line.trim_start().chars().take_while(char::is_ascii_digit).count();
        digits > 0
            && line.trim_start().get(digits..).is_some_and(|rest| rest.starts_with([' ', '\t', ':', '.']))
    });
    numbered || command.lines().filter(|text| !text.trim_start().starts_with('#')).any(line)
}
