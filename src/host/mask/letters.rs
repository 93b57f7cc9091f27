//! The letters of an output, without what terminals take for orders: escape sequences and control characters.
//!
//! Programs colour single letters, go back over them, print them twice to make them bold. Knows how orders
//! are written (ECMA-48); nothing of secrets.

use memchr::{memchr_iter, memchr2_iter, memchr3, memmem};

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
    /// So many letters stand before that.
    sure: usize,
}

/// How an output is read: where a screen, an escaper or whoever puts texts together would see other letters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// All letters. Of the backslashes before a spelled order those are letters that its writer escaped.
    Printed,
    /// As a screen shows them: a letter that is gone back over makes room.
    Shown,
    /// A spelled order was put behind letters as they are: it has one backslash, those before it are letters.
    Joined,
}

/// What stands at one place.
enum Piece {
    Letters(usize),
    Order(usize),
    /// What is still to come tells.
    Unfinished,
}

/// How JSON, Python, Rust and shells spell what most orders begin with, behind one backslash or several.
const SPELLED: [&[u8]; 8] = [b"u001b[", b"u001B[", b"x1b[", b"x1B[", b"033[", b"E[", b"e[", b"u{1b}["];

/// The same in caret notation (`cat -v`).
const CARET: &[u8] = b"^[[";

/// The longest of them with its backslash.
const LONGEST_SPELLED: usize = 7;

/// Whether anything stands between letters. Fast: most outputs have nothing.
pub(super) fn has_orders(bytes: &[u8]) -> bool {
    has_control(bytes) || is_spelled(bytes)
}

fn is_spelled(bytes: &[u8]) -> bool {
    let tail = bytes.get(bytes.len().saturating_sub(LONGEST_SPELLED - 1)..).unwrap_or_default();
    let open = |at| matches!(spelled(tail.get(at..).unwrap_or_default()), Some(Spelled::Unfinished));
    memchr2_iter(b'\\', b'^', tail).any(open) || memchr_iter(b'[', bytes).any(|at| ends_spelled(bytes, at))
}

/// Whether the bracket there ends the spelled begin of an order.
fn ends_spelled(bytes: &[u8], bracket: usize) -> bool {
    let before = bytes.get(..=bracket).unwrap_or_default();
    let is_behind = |sign: &&[u8]| before.strip_suffix(*sign).is_some_and(|rest| rest.ends_with(b"\\"));
    before.ends_with(CARET) || SPELLED.iter().any(is_behind)
}

/// The spelled begin of an order.
#[derive(Debug, PartialEq, Eq)]
enum Spelled {
    /// Behind so many backslashes; up to the end of the bracket it is so long.
    Whole(usize, usize),
    /// The bytes end before that can be told.
    Unfinished,
}

/// Whether these bytes begin with the spelled begin of an order.
fn spelled(bytes: &[u8]) -> Option<Spelled> {
    let slashes = bytes.iter().take_while(|byte| **byte == b'\\').count();
    let rest = bytes.get(slashes..)?;
    let signs: &[&[u8]] = if slashes == 0 { &[CARET] } else { &SPELLED };
    match signs.iter().find(|sign| rest.starts_with(sign)) {
        Some(sign) => Some(Spelled::Whole(slashes, slashes + sign.len())),
        None => signs.iter().any(|sign| sign.starts_with(rest)).then_some(Spelled::Unfinished),
    }
}

fn has_control(bytes: &[u8]) -> bool {
    let plain =
        bytes.chunks(1024).all(|chunk| !chunk.iter().fold(false, |any, byte| any | is_control(*byte)));
    !plain
        || memchr_iter(0xc2, bytes).any(|at| bytes.get(at + 1).is_none_or(|next| (0x80..0xa0).contains(next)))
}

/// Whether it is open how many of the backslashes before a spelled order are letters.
pub(super) fn has_doubled(bytes: &[u8]) -> bool {
    memmem::find(bytes, br"\\").is_some()
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
    /// The letters of an output. What may be the begin of a spelled order at its end is both, letters and open.
    pub(super) fn of(bytes: &[u8], reading: Reading) -> Self {
        let mut letters =
            Self { bytes: Vec::with_capacity(bytes.len()), runs: vec![], open: bytes.len(), sure: 0 };
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            match piece(rest, reading) {
                Piece::Letters(length) => {
                    letters.push(at, rest.get(..length).unwrap_or_default());
                    at += length;
                }
                Piece::Order(length) => {
                    if reading == Reading::Shown && rest.first() == Some(&BACKSPACE) {
                        letters.erase();
                    }
                    at += length;
                }
                Piece::Unfinished => {
                    (letters.open, letters.sure) = (at, letters.bytes.len());
                    if let [b'\\' | b'^', ..] = rest {
                        letters.push(at, rest);
                    }
                    return letters;
                }
            }
        }
        letters.sure = letters.bytes.len();
        letters
    }

    /// The letters before what is open.
    pub(super) fn sure(&self) -> &[u8] {
        self.bytes.get(..self.sure).unwrap_or_default()
    }

    /// Where a letter stands in what they were taken from.
    pub(super) fn place(&self, letter: usize) -> Option<usize> {
        let run = self.runs.partition_point(|(first, _)| *first <= letter).checked_sub(1)?;
        let (first, place) = self.runs.get(run)?;
        (letter < self.bytes.len()).then_some(place + (letter - first))
    }

    fn push(&mut self, place: usize, letters: &[u8]) {
        self.runs.push((self.bytes.len(), place));
        self.bytes.extend_from_slice(letters);
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
        at += match piece(rest, Reading::Printed) {
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

fn piece(rest: &[u8], reading: Reading) -> Piece {
    match rest {
        [ESCAPE | 0xc2] => Piece::Unfinished,
        [ESCAPE, b'[', rest @ ..] | [0xc2, 0x9b, rest @ ..] => numbers(rest, 2),
        [ESCAPE, b']' | b'P' | b'X' | b'^' | b'_', rest @ ..]
        | [0xc2, 0x90 | 0x98 | 0x9d..=0x9f, rest @ ..] => string(rest),
        [ESCAPE, rest @ ..] => short(rest),
        [b'\\' | b'^', after @ ..] => match spelled(rest) {
            Some(Spelled::Whole(slashes, length)) => spelled_order(rest, (slashes, length), reading),
            Some(Spelled::Unfinished) => Piece::Unfinished,
            None => letters(after),
        },
        [0xc2, 0x80..=0x9f, ..] => Piece::Order(2),
        [first, ..] if is_control(*first) => Piece::Order(1),
        [_, rest @ ..] => letters(rest),
        [] => Piece::Letters(0),
    }
}

/// JSON within JSON has two backslashes, a backslash before the order has its own in front.
fn spelled_order(rest: &[u8], (slashes, length): (usize, usize), reading: Reading) -> Piece {
    let of_order = if reading == Reading::Joined { slashes.min(1) } else { slashes & slashes.wrapping_neg() };
    match slashes - of_order {
        0 => numbers(rest.get(length..).unwrap_or_default(), length),
        before => Piece::Letters(before),
    }
}

/// A letter, and those that follow it.
fn letters(rest: &[u8]) -> Piece {
    let next = rest.iter().position(|byte| is_control(*byte) || matches!(byte, 0xc2 | b'\\' | b'^'));
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

    fn letters(text: &str, reading: Reading) -> String {
        let letters = Letters::of(text.as_bytes(), reading);
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
            "a\\u001B[1mb\\x1B[0mc\\u{1b}[31md",
            "a\\E[1mb\\\\e[0mc^[[31md",
        ] {
            assert_eq!(letters(text, Reading::Printed), "abcd", "{text:?}");
            assert!(has_orders(text.as_bytes()), "{text:?}");
        }
    }

    #[test]
    fn a_backslash_before_a_spelled_order_is_a_letter() {
        assert_eq!(letters(r"a\\\u001b[1mb", Reading::Printed), r"a\\b");
        assert_eq!(letters(r"a\\u001b[1mb", Reading::Printed), "ab");
        assert_eq!(letters(r"a\\\E[1mb^^[[1mc\^[[1m", Reading::Printed), r"a\\b^c\");
        assert!(has_doubled(br"a\\E[1m") && !has_doubled(br"a\E[1m\n"));
    }

    #[test]
    fn a_backslash_before_an_order_that_was_put_behind_it_is_a_letter() {
        for spelled in ["u001B", "x1B", "033", "E", "e", "u{1b}"] {
            let text = format!("a\\\\{spelled}[1mb\\{spelled}[0mc");
            assert_eq!(letters(&text, Reading::Joined), "a\\bc", "{text}");
        }
    }

    #[test]
    fn text_is_left_as_it_is() {
        for text in [
            "",
            "plain",
            "C:\\ux\\u0041 \\n \\\\ \\.",
            "C:\\Ex\\e \\E ^[a-z] E[0] \\[ [",
            "two\n\tlines",
            "°C «é» 漢字 §",
        ] {
            assert_eq!(letters(text, Reading::Printed), text);
            assert!(!has_orders(text.as_bytes()), "{text:?}");
        }
    }

    #[test]
    fn what_is_gone_back_over_makes_room() {
        assert_eq!(letters("a\u{8}ab\u{8}b_\u{8}cé\u{8}d", Reading::Shown), "abcd");
        assert_eq!(letters("x\n\u{8}\u{8}ab", Reading::Shown), "x\nab");
    }

    #[test]
    fn a_string_without_an_end_is_text() {
        assert_eq!(letters("\u{1b}]0;ab\ncd", Reading::Printed), "0;ab\ncd");
        let long = "x".repeat(LONGEST_STRING);
        assert_eq!(letters(&format!("\u{1b}]{long}"), Reading::Printed), long);
    }

    #[test]
    fn what_is_not_whole_is_open() {
        for (text, open) in
            [("ab\u{1b}", 2), ("ab\u{1b}[1;", 2), ("a\u{1b}]0;t", 1), ("ab\u{1b}]0;t\u{1b}", 2)]
        {
            assert_eq!(Letters::of(text.as_bytes(), Reading::Printed).open, open, "{text:?}");
        }
        assert_eq!(Letters::of(b"ab\xc2", Reading::Printed).open, 2);
        for text in ["ab\\", "ab\\\\E", "ab^[", "ab^[[3", "ab\\u{1b}"] {
            assert!(has_orders(text.as_bytes()), "{text}");
            let letters = Letters::of(text.as_bytes(), Reading::Printed);
            assert_eq!(
                (letters.open, letters.bytes.as_slice()),
                (2, text.as_bytes()),
                "as letters, if it ends there"
            );
        }
    }
}
