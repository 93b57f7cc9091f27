//! A line while it is typed, where the terminal does not keep it: what stands there can be drawn once more.
//!
//! Knows keys and columns, no terminal. Erasing goes as in a terminal's own lines: a letter, a word, all of it.

use unicode_width::UnicodeWidthStr;

/// Keys of a terminal's own lines: Ctrl-D, Backspace (two of them), Enter, Ctrl-U, Ctrl-W.
const END: u8 = 0x04;
const ERASE: [u8; 2] = [0x08, 0x7f];
const ENTER: u8 = b'\n';
const KILL: u8 = 0x15;
const WORD: u8 = 0x17;

/// What a key came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hit {
    /// The line goes on.
    On,
    /// It is there.
    Line,
    /// Nothing stands there, and nothing will.
    Left,
}

/// A line that is being typed.
#[derive(Debug, Default)]
pub(super) struct Draft {
    typed: Vec<u8>,
    /// What of it stands on the screen.
    drawn: String,
}

impl Draft {
    /// Takes in a key. A line holds at most so many bytes; further ones are dropped.
    pub(super) fn hit(&mut self, key: u8, most: usize) -> Hit {
        match key {
            ENTER => return Hit::Line,
            END if self.typed.is_empty() => return Hit::Left,
            END => {}
            KILL => self.typed.clear(),
            WORD => {
                self.erase_while(|byte| byte.is_ascii_whitespace());
                self.erase_while(|byte| !byte.is_ascii_whitespace());
            }
            key if ERASE.contains(&key) => {
                self.erase_while(|byte| byte & 0xc0 == 0x80);
                self.typed.pop();
            }
            key if self.typed.len() < most => self.typed.push(if key == b'\t' { b' ' } else { key }),
            _ => {}
        }
        Hit::On
    }

    fn erase_while(&mut self, goes: impl Fn(u8) -> bool) {
        while self.typed.last().copied().is_some_and(&goes) {
            self.typed.pop();
        }
    }

    /// The line as it is shown: a letter that is not whole yet is not, and what a terminal would obey is spelled.
    pub(super) fn shown(&self) -> String {
        let text = match std::str::from_utf8(&self.typed) {
            Err(error) if error.error_len().is_none() => {
                String::from_utf8_lossy(self.typed.get(..error.valid_up_to()).unwrap_or_default())
            }
            _ => String::from_utf8_lossy(&self.typed),
        };
        let mut shown = String::with_capacity(text.len());
        for char in text.chars() {
            match char {
                '\0'..='\u{1f}' => {
                    shown.push('^');
                    shown.extend(char::from_u32(u32::from(char) + 0x40));
                }
                char if char.is_control() => shown.push('?'),
                char => shown.push(char),
            }
        }
        shown
    }

    /// What makes the screen show the line as it is now.
    pub(super) fn echo(&mut self) -> String {
        let shown = self.shown();
        let both = shown.chars().zip(self.drawn.chars()).take_while(|(one, other)| one == other);
        let same: usize = both.map(|(char, _)| char.len_utf8()).sum();
        let gone = self.drawn.get(same..).unwrap_or_default().width();
        let echo = "\u{8} \u{8}".repeat(gone) + shown.get(same..).unwrap_or_default();
        self.drawn = shown;
        echo
    }

    /// The line; the next one begins.
    pub(super) fn line(&mut self) -> Vec<u8> {
        self.drawn.clear();
        std::mem::take(&mut self.typed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the line is after those keys, and what a screen shows of it that draws after each.
    fn after(keys: &str) -> (String, String) {
        let (mut draft, mut screen) = (Draft::default(), String::new());
        for key in keys.bytes() {
            assert_eq!(draft.hit(key, 64), Hit::On);
            for char in draft.echo().chars() {
                match char {
                    '\u{8}' => _ = screen.pop(),
                    // A blank over what goes, and back.
                    char => screen.push(char),
                }
            }
        }
        (String::from_utf8(draft.line()).unwrap(), screen)
    }

    #[test]
    fn a_line_is_edited_as_a_terminal_does() {
        let line = |text: &str| (text.to_owned(), text.to_owned());
        assert_eq!(after("fial\u{7f}\u{7f}\u{7f}ail"), line("fail"));
        assert_eq!(after("pass, two  words\u{17}one"), line("pass, two  one"));
        assert_eq!(after("pass\u{15}fail"), line("fail"));
        assert_eq!(after("caf\u{e9}\u{7f}e\t!"), line("cafe !"));
        assert_eq!(after("\u{7f}\u{17}a\u{4}"), line("a"));
    }

    #[test]
    fn wide_letters_go_with_both_their_columns() {
        let mut draft = Draft::default();
        "漢".bytes().for_each(|byte| _ = draft.hit(byte, 64));
        assert_eq!(draft.echo(), "漢");
        draft.hit(0x7f, 64);
        assert_eq!(draft.echo(), "\u{8} \u{8}\u{8} \u{8}");
    }

    #[test]
    fn half_a_letter_and_keys_that_are_none_are_not_drawn() {
        let mut draft = Draft::default();
        draft.hit(0xe6, 64);
        assert_eq!(draft.echo(), "");
        let mut draft = Draft::default();
        "\u{1b}[A".bytes().for_each(|byte| _ = draft.hit(byte, 64));
        assert_eq!(draft.shown(), "^[[A");
        assert_eq!((draft.hit(b'\n', 64), draft.line()), (Hit::Line, b"\x1b[A".to_vec()));
        assert_eq!(Draft::default().hit(4, 64), Hit::Left);
    }

    #[test]
    fn a_line_has_an_end() {
        let mut draft = Draft::default();
        "abc".bytes().for_each(|byte| _ = draft.hit(byte, 2));
        assert_eq!(draft.line(), b"ab");
    }
}
