//! Bytes of a document to its text, whatever they are: nothing is refused, and every repair is noted with its line.

use super::remark::{Kind, Remark};

/// The text of a document, with line ends of one kind, and what had to be repaired.
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) remarks: Vec<Remark>,
}

/// Reads UTF-8, and UTF-16 where a byte order mark or every second byte says so; a byte that fits neither is read as
/// Windows-1252.
pub(super) fn decode(bytes: &[u8]) -> Decoded {
    let mut remarks = vec![];
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes, MARKED, &mut remarks),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes, MARKED, &mut remarks),
        rest if is_wide(rest, 1) => wide(rest, u16::from_le_bytes, UNMARKED, &mut remarks),
        rest if is_wide(rest, 0) => wide(rest, u16::from_be_bytes, UNMARKED, &mut remarks),
        rest => narrow(rest.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(rest), &mut remarks),
    };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    remarks.extend(controls(&text));
    let text: String = text.chars().map(shown).collect();
    remarks.extend(twice_encoded(&text));
    Decoded { text, remarks }
}

/// Whether bytes without a mark are pairs whose half at this place is zero where the sign is of ASCII: in any language these
/// are a part of a document, and the other half is never zero.
fn is_wide(bytes: &[u8], high: usize) -> bool {
    let zeros = |half: usize| bytes.iter().skip(half).step_by(2).filter(|byte| **byte == 0).count();
    zeros(1 - high) == 0 && zeros(high) * 4 >= bytes.len() / 2 && zeros(high) > 1
}

/// What is said of a file in UTF-16.
const MARKED: &str = "the file is UTF-16";
const UNMARKED: &str = "the file is read as UTF-16, though no mark says so: every second byte is zero";

fn wide(bytes: &[u8], join: fn([u8; 2]) -> u16, said: &str, remarks: &mut Vec<Remark>) -> String {
    let pairs = bytes.chunks(2).map(|pair| match pair {
        [a, b] => join([*a, *b]),
        _ => 0xfffd,
    });
    remarks.push(Remark::new(1, Kind::Repair, said));
    char::decode_utf16(pairs).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn narrow(bytes: &[u8], remarks: &mut Vec<Remark>) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let read = windows_1252(*byte);
            let line = text.matches('\n').count() + 1;
            remarks.push(Remark::new(
                line,
                Kind::Repair,
                format!("byte {byte:#04x} is not UTF-8; read as `{read}`"),
            ));
            text.push(read);
        }
    }
    text
}

/// A runbook holds no control characters: those that part words are blanks, of the others it is seen that they were there.
fn shown(c: char) -> char {
    match c {
        '\n' | '\t' => c,
        '\u{b}' | '\u{c}' => ' ',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

/// The lines in which some are replaced.
fn controls(text: &str) -> Vec<Remark> {
    let found =
        |line: &str| line.chars().find(|c| shown(*c) == char::REPLACEMENT_CHARACTER && c.is_control());
    let told = |(line, number): (&str, usize)| {
        let replaced = format!("the control character U+{:04X} is replaced here", u32::from(found(line)?));
        Some(Remark::new(number, Kind::Repair, replaced))
    };
    text.split('\n').zip(1..).filter_map(told).collect()
}

/// What a byte above 127 means in Windows-1252.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}',
        '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
    ];
    let high = byte.checked_sub(0x80).and_then(|at| HIGH.get(usize::from(at)));
    high.copied().unwrap_or(char::from(byte))
}

/// Signs that were encoded twice somewhere on their way; they stay, and are pointed at.
fn twice_encoded(text: &str) -> Vec<Remark> {
    let damaged = |line: &str| {
        let mut signs = line.chars();
        let found = signs.by_ref().find(|c| matches!(c, 'Ã' | 'Â' | 'â'))?;
        let next: String = signs.take(2).collect();
        let looks = next.chars().next().is_some_and(|c| !c.is_ascii() && !c.is_lowercase() || c == '€');
        looks
            .then(|| format!("`{found}{next}` looks like a sign that was encoded twice; it is kept as it is"))
    };
    let lines = text.lines().zip(1..);
    lines.filter_map(|(line, number)| Some(Remark::new(number, Kind::Repair, damaged(line)?))).collect()
}
