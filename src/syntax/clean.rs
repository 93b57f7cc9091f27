//! What stands in a text and can be no part of it: two versions that were not merged, and control characters.
//!
//! It is reported and read as blanks, so that places stay what they are.

use crate::diag::{Diagnostic, Edit, codes};
use crate::text::{SourceId, Span};

/// A text without what can be no part of it.
pub(super) struct Cleaned {
    pub(super) text: String,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Cleans a text; `None` where nothing is to be done.
pub(super) fn clean(id: SourceId, text: &str) -> Option<Cleaned> {
    let (controls, conflicts) = (has_controls(text.as_bytes()), text.contains("<<<<<<<"));
    if !controls && !conflicts {
        return None;
    }
    let mut cleaning = Cleaning { id, text, bytes: text.as_bytes().to_vec(), diagnostics: vec![] };
    if text.bytes().filter(|byte| *byte == 0).count() > text.len() / 4 {
        cleaning.wide();
    } else {
        let lines: Vec<_> = lines(text).collect();
        if conflicts {
            cleaning.conflicts(&lines);
        }
        if controls {
            lines.iter().for_each(|line| cleaning.controls(line));
        }
    }
    let Cleaning { bytes, diagnostics, .. } = cleaning;
    let text = String::from_utf8(bytes).ok()?;
    (!diagnostics.is_empty()).then_some(Cleaned { text, diagnostics })
}

/// A line with the place where it begins, without its end.
pub(super) type Line<'a> = (usize, &'a str);

pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end_matches(['\n', '\r']))
    })
}

struct Cleaning<'a> {
    id: SourceId,
    text: &'a str,
    bytes: Vec<u8>,
    diagnostics: Vec<Diagnostic>,
}

impl Cleaning<'_> {
    fn span(&self, (start, line): Line<'_>) -> Span {
        Span::new(self.id, start, start + line.len())
    }

    /// Reads blanks instead; lines stay.
    fn blank(&mut self, part: std::ops::Range<usize>) {
        let bytes = self.bytes.get_mut(part).unwrap_or_default();
        bytes.iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
    }

    /// Each conflict is one report; of its versions the first that says anything is read.
    fn conflicts(&mut self, lines: &[Line<'_>]) {
        let mut rest = lines;
        while let Some(begin) = rest.iter().position(|line| is_marker(line, '<')) {
            rest = rest.get(begin..).unwrap_or_default();
            let find = |sign| rest.iter().position(|line| is_marker(line, sign));
            if let (Some(middle), Some(end)) = (find('='), find('>'))
                && middle < end
            {
                let base = find('|').filter(|base| *base < middle);
                self.conflict(rest, [base.unwrap_or(middle), middle, end]);
                rest = rest.get(end..).unwrap_or_default();
            }
            rest = rest.get(1..).unwrap_or_default();
        }
    }

    /// A conflict that begins with the first of those lines: where its first version ends, its last begins and ends.
    fn conflict(&mut self, lines: &[Line<'_>], [first, middle, end]: [usize; 3]) {
        let line = |at: usize| lines.get(at).copied().unwrap_or_default();
        let message = "two versions of these lines were not merged";
        let told = Diagnostic::error(codes::BAD_LINE, self.span(line(0)), message);
        let told =
            if first < middle { told.also(self.span(line(first)), "what both come from") } else { told };
        let told = told
            .also(self.span(line(middle)), "the other version")
            .also(self.span(line(end)), "its end")
            .help("keep one, and remove the lines of `<`, `=` and `>`");
        self.diagnostics.push(told);
        let inside = lines.get(1..first).unwrap_or_default();
        let is_empty = inside.iter().all(|(_, line)| line.trim().is_empty());
        let after = line(end).0 + line(end).1.len();
        if is_empty {
            self.blank(line(0).0..line(middle).0 + line(middle).1.len());
            self.blank(line(end).0..after);
        } else {
            self.blank(line(0).0..line(0).0 + line(0).1.len());
            self.blank(line(first).0..after);
        }
    }

    /// All control characters of a line are one report.
    fn controls(&mut self, line: &Line<'_>) {
        let (start, written) = *line;
        if !has_controls(written.as_bytes()) {
            return;
        }
        let mut parts: Vec<std::ops::Range<usize>> = vec![];
        for (at, c) in written.char_indices().filter(|(_, c)| is_control(*c)) {
            let end = at
                + if c == '\u{1b}' { sequence(written.get(at..).unwrap_or_default()) } else { c.len_utf8() };
            match parts.last_mut() {
                Some(last) if start + at <= last.end => last.end = last.end.max(start + end),
                _ => parts.push(start + at..start + end),
            }
        }
        let first = written.chars().find(|c| is_control(*c)).unwrap_or_default();
        let message = format!("the control character U+{:04X} stands here", u32::from(first));
        let help = match first {
            '\u{1b}' => {
                "colours of a terminal stand here: take them out, or copy the text from the file itself"
            }
            _ => "take it out: nothing that a runbook says or runs can hold it",
        };
        let Some(at) = parts.first().map(|part| part.start) else { return };
        let span = Span::new(self.id, at, at + first.len_utf8());
        let out = |part: &std::ops::Range<usize>| Edit {
            span: Span::new(self.id, part.start, part.end),
            text: String::new(),
        };
        let told = Diagnostic::error(codes::CONTROL, span, message).help(help);
        self.diagnostics.push(told.fixes("take it out", parts.iter().map(out).collect()));
        parts.into_iter().for_each(|part| self.replace(part));
    }

    /// Inside of a word a letter is read instead, so that it stays one word.
    fn replace(&mut self, part: std::ops::Range<usize>) {
        let is_word =
            |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let before = part.start.checked_sub(1).and_then(|at| self.bytes.get(at));
        if is_word(before) && is_word(self.bytes.get(part.end)) {
            self.bytes.get_mut(part).unwrap_or_default().fill(b'_');
        } else {
            self.blank(part);
        }
    }

    /// Every letter is two bytes, one of them zero.
    fn wide(&mut self) {
        let (all, first) = (Span::new(self.id, 0, self.text.len()), Span::new(self.id, 0, 0));
        let told = Diagnostic::error(codes::NOT_UTF8, first, "the file looks like UTF-16");
        self.diagnostics.push(told.help("save it as UTF-8").hides(all));
        self.blank(0..self.text.len());
    }
}

/// Whether a line is that marker of a merge.
fn is_marker((_, line): &Line<'_>, sign: char) -> bool {
    let behind = line.trim_start_matches(sign);
    line.len() - behind.len() == 7 && (behind.is_empty() || behind.starts_with(' '))
}

/// Whether a terminal obeys a character, and no text holds it.
fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}

fn has_controls(bytes: &[u8]) -> bool {
    let mut before = 0;
    bytes.iter().any(|byte| {
        let high = before == 0xc2 && matches!(byte, 0x80..=0x9f);
        before = *byte;
        high || *byte == 0x7f || *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')
    })
}

/// How long what begins with an escape character is: all that steers the terminal.
fn sequence(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("\u{1b}[") else { return 1 };
    rest.find(|c: char| matches!(c, '@'..='~')).map_or(2, |end| end + 3)
}
