//! By what lines of prose are known, and of words that say nothing here. Knows lines, and what is told of each.

use super::foreign::word;
use super::rows::Row;
use crate::program::is_said_otherwise;
use crate::syntax::is_word;

/// A word and a text: of the shape that statements have.
pub(super) fn is_shaped(code: &str) -> bool {
    let rest = code.trim_start_matches(is_word);
    rest.len() < code.len() && (rest.starts_with(" \"") || rest.starts_with(" {"))
}

/// Several words, the first of them with a capital, and none of the signs of a value. What may be meant as a statement has
/// the signs of a sentence besides.
pub(super) fn is_sentence(row: &Row<'_>) -> bool {
    let code = row.code;
    let meant = row.head.is_some_and(|head| head.fix.is_some());
    code.split_whitespace().count() > 2
        && code.starts_with(char::is_uppercase)
        && !is_shaped(code)
        && !code.contains(" = ")
        && !code.ends_with('{')
        && (!meant || code.ends_with(['.', ':', '!', '?']) || code.contains(", "))
}

/// Words that say nothing to which there is an answer of its own.
pub(super) fn is_words(row: &Row<'_>) -> bool {
    let code = row.code;
    let behind = code.trim_start_matches(is_word).trim_start();
    let answered = row.head.is_none_or(|head| head.fix.is_some()) || is_said_otherwise(word(code));
    let letters = code.starts_with(|c: char| c.is_alphabetic());
    letters
        && !answered
        && !is_shaped(code)
        && !behind.starts_with(['=', '(', ':'])
        && !code.ends_with(['{', ';'])
}

/// `**words** …`.
pub(super) fn is_marked(code: &str) -> bool {
    ["**", "__", "_", "*"].iter().any(|sign| {
        code.strip_prefix(sign)
            .is_some_and(|rest| rest.contains(sign) && rest.starts_with(char::is_alphabetic))
    })
}

/// What stands below a heading.
pub(super) fn is_underline(code: &str) -> bool {
    code.len() > 2 && (code.chars().all(|c| c == '=') || code.chars().all(|c| c == '-'))
}

/// Whether a line begins with what begins no statement, and opens nothing.
pub(super) fn is_nothing(row: &Row<'_>) -> bool {
    let bracket = row.code.starts_with(['{', '}', '(', ')', '[', ']', '"']) && !row.code.starts_with("{%");
    let words = row.code.chars().any(char::is_alphabetic);
    row.head.is_some() && words && !bracket && !row.code.ends_with('{') && !is_shaped(row.code)
}

/// Whether the same is told of both.
pub(super) fn is_alike(one: &Row<'_>, other: &Row<'_>) -> bool {
    let told = |row: &Row<'_>| row.head.map(|head| (head.code, head.help.clone()));
    let begin = |row: &Row<'_>| (row.code.chars().next(), word(row.code).to_owned());
    begin(one) == begin(other) && told(one) == told(other)
}
