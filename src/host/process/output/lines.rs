//! The last lines that a program printed, for reports and for the screen.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Lines kept for a report.
const TAIL_LINES: usize = 20;

/// Characters kept of a line.
const LINE_CHARS: usize = 400;

/// Bytes kept in memory to make the last lines of.
const TAIL_BYTES: usize = 32 * 1024;

/// The screen gets one line in so long.
const LINE_EVERY: Duration = Duration::from_millis(100);

/// The end of what was printed.
#[derive(Debug, Default)]
pub(super) struct Tail {
    bytes: VecDeque<u8>,
}

impl Tail {
    pub(super) fn take(&mut self, bytes: &[u8]) {
        let bytes = bytes.get(bytes.len().saturating_sub(TAIL_BYTES)..).unwrap_or(bytes);
        let too_many = (self.bytes.len() + bytes.len()).saturating_sub(TAIL_BYTES);
        self.bytes.drain(..too_many);
        self.bytes.extend(bytes);
    }

    /// The last lines with remarks of ours below them.
    pub(super) fn text(&mut self, remarks: &[String]) -> String {
        let text = String::from_utf8_lossy(self.bytes.make_contiguous()).into_owned();
        let lines: Vec<String> = text.lines().map(printable).collect();
        let last = lines.get(lines.len().saturating_sub(TAIL_LINES)..).unwrap_or(&lines);
        let remarks = remarks.iter().map(|remark| format!("[bowline] {remark}"));
        last.iter().cloned().chain(remarks).collect::<Vec<_>>().join("\n")
    }
}

/// The latest whole line, for the screen; not every line is shown.
#[derive(Debug, Default)]
pub(super) struct Latest {
    begun: Vec<u8>,
    unseen: Option<Vec<u8>>,
    shown: Option<Instant>,
}

impl Latest {
    pub(super) fn take(&mut self, bytes: &[u8]) {
        let Some(end) = memchr::memrchr2(b'\n', b'\r', bytes) else { return self.begin(bytes) };
        let (lines, rest) = (bytes.get(..end).unwrap_or_default(), bytes.get(end + 1..).unwrap_or_default());
        match memchr::memrchr2(b'\n', b'\r', lines) {
            Some(start) => {
                self.begun.clear();
                self.begin(lines.get(start + 1..).unwrap_or_default());
            }
            None => self.begin(lines),
        }
        let line = std::mem::take(&mut self.begun);
        if !line.is_empty() {
            self.unseen = Some(line);
        }
        self.begin(rest);
    }

    fn begin(&mut self, bytes: &[u8]) {
        let room = (LINE_CHARS * 4).saturating_sub(self.begun.len());
        self.begun.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    }

    pub(super) fn due(&self) -> Option<Instant> {
        let shown = self.shown;
        self.unseen.as_ref().map(|_| shown.map_or_else(Instant::now, |shown| shown + LINE_EVERY))
    }

    pub(super) fn line(&mut self, now: Instant) -> Option<String> {
        if self.shown.is_some_and(|shown| now < shown + LINE_EVERY) {
            return None;
        }
        let line = self.unseen.take()?;
        self.shown = Some(now);
        Some(printable(&String::from_utf8_lossy(&line)))
    }
}

/// A line as a screen may have it: no control characters, no escape sequences, not too long; of a
/// line that was written over (`\r`) what stood there last.
fn printable(line: &str) -> String {
    let line = line.trim_end_matches('\r').rsplit('\r').next().unwrap_or_default();
    let mut chars = line.chars();
    let mut shown = String::new();
    let mut count = 0;
    while let Some(char) = chars.next() {
        if char == '\u{1b}' {
            skip_escape(&mut chars);
        } else if char == '\t' || !char.is_control() {
            count += 1;
            if count > LINE_CHARS {
                shown.push('…');
                break;
            }
            shown.push(char);
        }
    }
    shown
}

/// Steps over what follows an ESC: a control sequence up to its final byte, a title up to its BEL
/// or ESC `\`, or one character.
fn skip_escape(chars: &mut std::str::Chars) {
    match chars.next() {
        Some('[') => {
            chars.find(|char| ('@'..='~').contains(char));
        }
        Some(']') if chars.find(|char| matches!(char, '\u{7}' | '\u{1b}')) == Some('\u{1b}') => {
            chars.next();
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latest(pieces: &[&str]) -> Option<String> {
        let mut latest = Latest::default();
        for piece in pieces {
            latest.take(piece.as_bytes());
        }
        latest.line(Instant::now())
    }

    #[test]
    fn the_latest_whole_line_is_shown() {
        assert_eq!(latest(&["one\ntwo\nthr"]).as_deref(), Some("two"));
        assert_eq!(latest(&["one\ntw", "o\n"]).as_deref(), Some("two"));
        assert_eq!(latest(&["on", "e", "\n"]).as_deref(), Some("one"));
        assert_eq!(latest(&["10 %\r20 %\r"]).as_deref(), Some("20 %"));
        assert_eq!(latest(&["no end"]), None);
    }

    #[test]
    fn lines_are_throttled() {
        let mut latest = Latest::default();
        let start = Instant::now();
        latest.take(b"one\n");
        assert!(latest.line(start).is_some());
        latest.take(b"two\nthree\n");
        assert_eq!(latest.line(start + Duration::from_millis(50)), None);
        assert_eq!(latest.due(), Some(start + LINE_EVERY));
        assert_eq!(latest.line(start + LINE_EVERY).as_deref(), Some("three"));
    }

    #[test]
    fn the_tail_is_bounded_in_lines_and_in_width() {
        let mut tail = Tail::default();
        for line in 0..1000 {
            tail.take(format!("line {line}\n").as_bytes());
        }
        tail.take("x".repeat(10_000).as_bytes());
        let text = tail.text(&["a remark".into()]);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), TAIL_LINES + 1);
        assert_eq!(lines[0], "line 981");
        assert_eq!(lines[19].chars().count(), LINE_CHARS + 1);
        assert_eq!(lines[20], "[bowline] a remark");
    }

    #[test]
    fn escapes_and_controls_are_left_out() {
        assert_eq!(printable("\u{1b}[1;31mred\u{1b}[0m \u{1b}]0;title\u{7}x\u{8}\ty"), "red x\ty");
        assert_eq!(printable("10 %\r20 %\r"), "20 %");
    }
}
