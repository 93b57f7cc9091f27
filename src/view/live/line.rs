//! A line of a run.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use crate::text::is_unseen;
use crate::view::Style;
use crate::view::columns::{NARROWEST, wrapped};
use crate::view::paint::{Ink, paint};

/// What is told at once, without its time; a script is one with all its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub(super) depth: usize,
    ink: Option<Ink>,
    text: String,
}

impl Line {
    pub(super) fn new(depth: usize, text: impl AsRef<str>) -> Self {
        Self { depth, ink: None, text: clean(text.as_ref()).into_owned() }
    }

    pub(super) fn ink(self, ink: Ink) -> Self {
        Self { ink: Some(ink), ..self }
    }

    /// How deep it stands.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// What it is, if it stands out.
    pub(crate) fn mark(&self) -> Option<Ink> {
        self.ink
    }

    /// Its words; several lines of a script or an output.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// As text, each of its lines indented and behind the stamp, with an end of line. What is wider than the
    /// style goes on below itself.
    #[must_use]
    pub fn drawn(&self, stamp: &str, style: Style) -> String {
        let indent = "  ".repeat(self.depth);
        let room = style.width.saturating_sub(stamp.width() + 1 + indent.width()).max(NARROWEST);
        let painted =
            |text: &str| self.ink.map_or_else(|| text.to_owned(), |ink| paint(style.colour, ink, text));
        let stamp = paint(style.colour, Ink::Faint, stamp);
        let lines = self.text.lines().flat_map(|line| wrapped(line, room));
        lines.fold(String::new(), |all, text| all + &format!("{stamp} {indent}{}\n", painted(&text)))
    }
}

/// What stands over an output.
#[must_use]
pub fn heading_line(text: &str, style: Style) -> String {
    paint(style.colour, Ink::Strong, &format!("── {}", clean(text)))
}

/// Text of programs, made harmless: no escape sequences, of a line drawn over itself the last state,
/// other control characters as a mark, what is not seen or turns letters round as `\u{202e}`.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(|c: char| (c.is_control() && c != '\n') || is_unseen(c)) {
        return Cow::Borrowed(text);
    }
    let lines = text.split('\n').map(|line| {
        let line = line.trim_end_matches('\r');
        visible(line.rsplit('\r').next().unwrap_or(line))
    });
    Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
}

fn visible(line: &str) -> String {
    let (mut kept, mut chars) = (String::with_capacity(line.len()), line.chars());
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_sequence(&mut chars),
            '\t' => kept.push_str("    "),
            c if c.is_control() => kept.push('\u{fffd}'),
            c if is_unseen(c) => kept.extend(c.escape_unicode()),
            c => kept.push(c),
        }
    }
    kept
}

/// Behind an ESC: `[…m` and the like up to its letter, `]…` up to its end, else one character.
fn skip_sequence(chars: &mut std::str::Chars<'_>) {
    match chars.next() {
        Some('[') => _ = chars.find(|c| ('\u{40}'..='\u{7e}').contains(c)),
        Some(']') => {
            while let Some(c) = chars.next() {
                if c == '\u{7}' {
                    return;
                }
                if c == '\u{1b}' {
                    chars.next();
                    return;
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_print_cannot_move_the_cursor() {
        assert_eq!(clean("plain\ntext"), "plain\ntext");
        assert_eq!(clean("\u{1b}[1;31mred\u{1b}[0m"), "red");
        assert_eq!(clean("\u{1b}]0;title\u{7}after \u{1b}]8;;x\u{1b}\\link"), "after link");
        assert_eq!(clean("10 %\r50 %\r100 %\r\nnext\u{8}"), "100 %\nnext\u{fffd}");
        assert_eq!(
            clean("safe \u{202e}gnp.exe\u{61c} x\u{200b}y"),
            "safe \\u{202e}gnp.exe\\u{61c} x\\u{200b}y"
        );
        assert_eq!(clean("an end in the middle \u{1b}["), "an end in the middle ");
    }

    #[test]
    fn what_is_too_wide_goes_on_below() {
        let line = Line::new(
            1,
            "✓ Customer messages and change approvals reference it: yes (ana)\n  | one two three four five six seven",
        );
        let drawn = line.drawn("12:00:00", Style { colour: false, width: 40 });
        let expected = "\
12:00:00   ✓ Customer messages and
12:00:00       change approvals
12:00:00       reference it: yes (ana)
12:00:00     | one two three four five
12:00:00       six seven
";
        assert_eq!(drawn, expected);
    }

    #[test]
    fn each_line_of_a_script_has_its_stamp_and_indent() {
        let line = Line::new(1, "sh\na\n  b");
        assert_eq!(line.drawn("12:00:00", Style::PLAIN), "12:00:00   sh\n12:00:00   a\n12:00:00     b\n");
    }
}
