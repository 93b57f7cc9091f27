//! The letters of an output, without what terminals take for orders: escape sequences and control characters.
//!
//! Programs colour single letters, go back over them, print them twice to make them bold. Knows how orders
//! are written (ECMA-48); nothing of secrets.

use memchr::{memchr_iter, memchr3, memmem};

/// A title or a link that goes on for longer is text.
const LONGEST_STRING: usize = 4096;

/// The same of the numbers of an order.
const LONGEST_NUMBERS: usize = 256;

const ESCAPE: u8 = 0x1b;
const BACKSPACE: u8 = 0x08;
/// What ends a string, besides the bell.
const ENDS_STRING: &[u8] = "\u{9c}".as_bytes();

/// Letters, which know their places in what they were taken from.
pub(super) struct Letters {
    pub(super) bytes: Vec<u8>,
    /// Runs of letters: where each begins here, and where there.
    runs: Vec<(usize, usize)>,
    /// Where an order begins that is not whole; else the end.
    pub(super) open: usize,
}

/// What stands at one place.
enum Piece {
    Letters(usize),
    Order(usize),
    /// What is still to come tells.
    Unfinished,
}

/// How JSON, Python and shells spell the sign that most orders begin with, behind one backslash or several.
const SPELLED: [&[u8]; 5] = [b"u001b", b"u001B", b"x1b", b"x1B", b"033"];
/// What all of them begin with.
const SPELLED_BEGIN: [&[u8]; 3] = [b"\\u001", b"\\x1", b"\\033"];

/// Whether anything stands between letters. Fast: most outputs have nothing.
pub(super) fn has_orders(bytes: &[u8]) -> bool {
    has_control(bytes) || is_spelled(bytes)
}

fn is_spelled(bytes: &[u8]) -> bool {
    let tail = bytes.get(bytes.len().saturating_sub(6)..).unwrap_or_default();
    let open =
        memchr_iter(b'\\', tail).any(|at| matches!(spelled(tail.get(at..).unwrap_or_default()), Some(None)));
    open || SPELLED_BEGIN.iter().any(|begin| memmem::find(bytes, begin).is_some())
}

/// Where in these bytes, which begin with backslashes, the spelled sign begins and ends; `None` inside where they end
/// before that can be told. JSON within JSON has two backslashes, a backslash before the sign has its own in front.
fn spelled(bytes: &[u8]) -> Option<Option<(usize, usize)>> {
    let slashes = bytes.iter().take_while(|byte| **byte == b'\\').count();
    let rest = bytes.get(slashes..).filter(|_| slashes > 0)?;
    match SPELLED.iter().find(|sign| rest.starts_with(sign)) {
        Some(sign) => Some(Some((slashes - (slashes & slashes.wrapping_neg()), slashes + sign.len()))),
        None => SPELLED.iter().any(|sign| sign.starts_with(rest)).then_some(None),
    }
}

fn has_control(bytes: &[u8]) -> bool {
    let plain =
        bytes.chunks(1024).all(|chunk| !chunk.iter().fold(false, |any, byte| any | is_control(*byte)));
    !plain
        || memchr_iter(0xc2, bytes).any(|at| bytes.get(at + 1).is_none_or(|next| (0x80..0xa0).contains(next)))
}

/// Whether letters are gone back over.
pub(super) fn goes_back(bytes: &[u8]) -> bool {
    memchr::memchr(BACKSPACE, bytes).is_some()
}

/// Where a letter begins, with those that stood in its place before they were gone back over.
pub(super) fn begins(bytes: &[u8], letter: usize) -> usize {
    let mut at = letter;
    while let Some([before @ .., BACKSPACE]) = bytes.get(..at) {
        let first = before.iter().rposition(|byte| byte & 0xc0 != 0x80);
        match first {
            Some(first) if before.get(first) != Some(&b'\n') => at = first,
            _ => return at,
        }
    }
    at
}

/// Lines and tabs are text.
fn is_control(byte: u8) -> bool {
    (byte < 0x20 && byte != b'\n' && byte != b'\t') || byte == 0x7f
}

impl Letters {
    /// All letters. With `erasing`, as a screen shows them: a letter that is gone back over makes room.
    pub(super) fn of(bytes: &[u8], erasing: bool) -> Self {
        let mut letters = Self { bytes: Vec::with_capacity(bytes.len()), runs: vec![], open: bytes.len() };
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            match piece(rest) {
                Piece::Letters(length) => {
                    letters.runs.push((letters.bytes.len(), at));
                    letters.bytes.extend_from_slice(rest.get(..length).unwrap_or_default());
                    at += length;
                }
                Piece::Order(length) => {
                    if erasing && rest.first() == Some(&BACKSPACE) {
                        letters.erase();
                    }
                    at += length;
                }
                Piece::Unfinished => {
                    letters.open = at;
                    return letters;
                }
            }
        }
        letters
    }

    /// Where a letter stands in what they were taken from.
    pub(super) fn place(&self, letter: usize) -> Option<usize> {
        let run = self.runs.partition_point(|(first, _)| *first <= letter).checked_sub(1)?;
        let (first, place) = self.runs.get(run)?;
        (letter < self.bytes.len()).then_some(place + (letter - first))
    }

    fn erase(&mut self) {
        while self.bytes.last().is_some_and(|byte| *byte != b'\n') {
            // Of a letter of several bytes all.
            if self.bytes.pop().is_none_or(|byte| byte & 0xc0 != 0x80) {
                break;
            }
        }
        while self.runs.last().is_some_and(|(first, _)| *first >= self.bytes.len()) {
            self.runs.pop();
        }
    }
}

/// The orders in a text that set colours, as they stand there.
pub(super) fn colours(bytes: &[u8]) -> Vec<&[u8]> {
    let (mut at, mut found) = (0, vec![]);
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        at += match piece(rest) {
            Piece::Letters(length) => length,
            Piece::Order(length) => {
                let order = rest.get(..length).unwrap_or_default();
                found.extend((order.starts_with(b"\x1b[") && order.ends_with(b"m")).then_some(order));
                length
            }
            Piece::Unfinished => return found,
        };
    }
    found
}

fn piece(rest: &[u8]) -> Piece {
    match rest {
        [ESCAPE | 0xc2] => Piece::Unfinished,
        [ESCAPE, b'[', rest @ ..] | [0xc2, 0x9b, rest @ ..] => numbers(rest, 2),
        [ESCAPE, b']' | b'P' | b'X' | b'^' | b'_', rest @ ..]
        | [0xc2, 0x90 | 0x98 | 0x9d..=0x9f, rest @ ..] => string(rest),
        [ESCAPE, rest @ ..] => short(rest),
        [b'\\', after @ ..] => match spelled(rest) {
            Some(None) => Piece::Unfinished,
            Some(Some((before @ 1.., _))) => Piece::Letters(before),
            Some(Some((_, length))) => match rest.get(length..) {
                Some([b'[', rest @ ..]) => numbers(rest, length + 1),
                Some([]) => Piece::Unfinished,
                _ => Piece::Letters(length),
            },
            None => letters(after),
        },
        [0xc2, 0x80..=0x9f, ..] => Piece::Order(2),
        [first, ..] if is_control(*first) => Piece::Order(1),
        [_, rest @ ..] => letters(rest),
        [] => Piece::Letters(0),
    }
}

/// A letter, and those that follow it.
fn letters(rest: &[u8]) -> Piece {
    let next = rest.iter().position(|byte| is_control(*byte) || matches!(byte, 0xc2 | b'\\'));
    Piece::Letters(1 + next.unwrap_or(rest.len()))
}

/// After `ESC [`: numbers, and a letter that says what they are for.
fn numbers(rest: &[u8], begun: usize) -> Piece {
    let length = rest.iter().take_while(|byte| (0x20..0x40).contains(*byte)).count();
    match rest.get(length) {
        Some(0x40..=0x7e) => Piece::Order(begun + length + 1),
        None if length < LONGEST_NUMBERS => Piece::Unfinished,
        _ => Piece::Order(begun + length),
    }
}

/// After `ESC ]` and its like: a text up to its end. Without an end on its line it is none.
fn string(rest: &[u8]) -> Piece {
    let inside = rest.get(..LONGEST_STRING).unwrap_or(rest);
    let end = memchr3(0x07, ESCAPE, b'\n', inside);
    let before = inside.get(..end.unwrap_or(inside.len())).unwrap_or_default();
    if let Some(at) = memmem::find(before, ENDS_STRING) {
        return Piece::Order(2 + at + ENDS_STRING.len());
    }
    match end.map(|end| (end, inside.get(end..).unwrap_or_default())) {
        Some((end, [0x07, ..])) => Piece::Order(2 + end + 1),
        Some((end, [ESCAPE, b'\\', ..])) => Piece::Order(2 + end + 2),
        Some((_, [ESCAPE])) => Piece::Unfinished,
        Some((end, [ESCAPE, ..])) => Piece::Order(2 + end),
        None if rest.len() < LONGEST_STRING => Piece::Unfinished,
        _ => Piece::Order(2),
    }
}

/// After `ESC`: perhaps a few signs, and one that ends it.
fn short(rest: &[u8]) -> Piece {
    let length = rest.iter().take_while(|byte| (0x20..0x30).contains(*byte)).count();
    match rest.get(length) {
        Some(0x30..=0x7e) => Piece::Order(1 + length + 1),
        None if length < LONGEST_NUMBERS => Piece::Unfinished,
        _ => Piece::Order(1 + length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str, erasing: bool) -> String {
        let letters = Letters::of(text.as_bytes(), erasing);
        for (at, byte) in letters.bytes.iter().enumerate() {
            let place = letters.place(at).and_then(|place| text.as_bytes().get(place));
            assert_eq!(Some(byte), place, "{text:?}");
        }
        String::from_utf8(letters.bytes).unwrap_or_default()
    }

    #[test]
    fn orders_are_left_out() {
        for text in [
            "\u{1b}[1mab\u{1b}[0mcd",
            "a\u{1b}[38;2;1;2;3mb\u{1b}[Kcd",
            "a\u{1b}]0;a title\u{7}bcd",
            "a\u{1b}]8;;http://x/\u{1b}\\bcd",
            "a\u{9d}0;a title\u{9c}b\u{9b}1mcd",
            "\u{1b}(Bab\u{1b}7c\u{1b}Md",
            "ab\r\u{7}c\u{0}\u{e}d\u{7f}",
            "a\u{8}b\u{8}cd",
            "a\u{85}bcd",
            "a\\u001b[1mb\\\\u001b[0mc\\x1b[31m\\033[0md",
        ] {
            assert_eq!(letters(text, false), "abcd", "{text:?}");
            assert!(has_orders(text.as_bytes()), "{text:?}");
        }
    }

    #[test]
    fn a_backslash_before_a_spelled_order_is_a_letter() {
        assert_eq!(letters(r"a\\\u001b[1mb", false), r"a\\b");
        assert_eq!(letters(r"a\\u001b[1mb", false), "ab");
    }

    #[test]
    fn text_is_left_as_it_is() {
        for text in ["", "plain", "C:\\ux\\u0041 \\n \\\\ \\.", "two\n\tlines", "°C «é» 漢字 §"] {
            assert_eq!(letters(text, false), text);
            assert!(!has_orders(text.as_bytes()), "{text:?}");
        }
    }

    #[test]
    fn what_is_gone_back_over_makes_room() {
        assert_eq!(letters("a\u{8}ab\u{8}b_\u{8}cé\u{8}d", true), "abcd");
        assert_eq!(letters("x\n\u{8}\u{8}ab", true), "x\nab");
    }

    #[test]
    fn a_string_without_an_end_is_text() {
        assert_eq!(letters("\u{1b}]0;ab\ncd", false), "0;ab\ncd");
        let long = "x".repeat(LONGEST_STRING);
        assert_eq!(letters(&format!("\u{1b}]{long}"), false), long);
    }

    #[test]
    fn what_is_not_whole_is_open() {
        for (text, open) in
            [("ab\u{1b}", 2), ("ab\u{1b}[1;", 2), ("a\u{1b}]0;t", 1), ("ab\u{1b}]0;t\u{1b}", 2)]
        {
            assert_eq!(Letters::of(text.as_bytes(), false).open, open, "{text:?}");
        }
        assert_eq!(Letters::of(b"ab\xc2", false).open, 2);
    }
}
