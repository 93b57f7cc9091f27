//! The lines of code of a text, as they are indented.

use std::borrow::Cow;

use super::super::habit;
use super::super::pasted::TOLD;
use super::super::walk::{Brackets, Walk};
use crate::text::SourceId;

/// How far a tab goes.
const TAB: usize = 8;

/// A line that holds code.
pub(super) struct Line<'a> {
    /// Where its code begins and ends, without blanks and comment.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Where the last line before it ends that holds more than a comment.
    pub(super) before: usize,
    /// How far it is indented, in columns.
    pub(super) indent: usize,
    pub(super) code: Cow<'a, str>,
    pub(super) brackets: Brackets,
    /// Whether it goes on a line before it, or begins inside of prose or a script.
    pub(super) continued: bool,
    /// Whether the next line goes on with it, or stands inside of prose or a script.
    pub(super) goes_on: bool,
    /// Whether its words are those of a program, or belong to the line before.
    pub(super) words: bool,
}

/// What the lines of a text open and close, as far as it was walked.
struct Outline<'a> {
    walk: Walk<'a>,
    /// Where the last line ends that holds more than a comment.
    last: usize,
    continued: bool,
}

/// All lines of code, and where the last of all ends that holds more than a comment.
pub(super) fn lines(id: SourceId, text: &str) -> (Vec<Line<'_>>, usize) {
    let mut outline = Outline { walk: Walk::new(id, text, 0), last: 0, continued: false };
    let lines = std::iter::from_fn(|| outline.line()).collect();
    (lines, outline.last)
}

impl<'a> Outline<'a> {
    /// The next line of code; those inside of prose and scripts are none, unless what stands behind opens or closes something.
    fn line(&mut self) -> Option<Line<'a>> {
        while self.walk.at < self.walk.text.len() {
            let (line, start, before) = (self.walk.line(), self.walk.at, self.last);
            let (inside, continued) = (self.walk.inside.is_some(), self.continued);
            self.walk.brackets = Brackets::default();
            let written = self.walk.walk_line(line);
            self.walk.at += line.len();
            let (code, end) = (written.trim_start(), start + written.len());
            // How a piece is indented that was pasted tells nothing.
            if code.is_empty() || code.starts_with(TOLD) {
                continue;
            }
            self.last = end;
            self.continued = code.ends_with('\\') && self.walk.inside.is_none();
            let goes_on = self.continued || self.walk.inside.is_some();
            let brackets = std::mem::take(&mut self.walk.brackets);
            if inside && brackets.opens() == 0 {
                continue;
            }
            let (start, continued) = (end - code.len(), continued || inside);
            let words = continued || habit::is_program(code);
            let (indent, code) = (indent(written), Cow::Borrowed(code));
            return Some(Line { start, end, before, indent, code, brackets, continued, goes_on, words });
        }
        None
    }
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(habit::is_word)
}

/// How far a line is indented, in columns.
fn indent(line: &str) -> usize {
    line.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { TAB } else { 1 }).sum()
}

impl Line<'_> {
    /// Where something of its brackets stands in the text: those of other code that is read count from its beginning.
    pub(super) fn place(&self, at: usize) -> usize {
        if matches!(self.code, Cow::Owned(_)) { (self.start + at).min(self.end) } else { at }
    }

    /// How many more brackets it opens than it closes.
    pub(super) fn opens(&self) -> isize {
        self.brackets.opens()
    }

    /// Reads other code there. Its place stays that of what was written; its brackets count from its beginning.
    pub(super) fn becomes(&mut self, code: String) {
        self.brackets = Brackets::of(&code);
        self.code = Cow::Owned(code);
    }

    /// What follows the brace that it begins with.
    pub(super) fn behind_brace(&self) -> Option<&str> {
        self.code.strip_prefix('}').map(str::trim_start)
    }

    /// Whether a block is to follow behind the one that it closes, and it opens none.
    pub(super) fn lacks_block(&self, next: Option<&Self>) -> bool {
        let tail = self.behind_brace().and_then(habit::goes_on);
        tail.is_some_and(|(_, written)| written != "until")
            && self.opens() == -1
            && next.is_some_and(|next| next.indent > self.indent)
    }

    /// Whether it may be the head of a block that it does not open.
    pub(super) fn is_head(&self) -> bool {
        self.opens() == 0 && self.code.starts_with(|first: char| first.is_ascii_lowercase())
    }

    /// Whether a block may follow on the next line: it is the head of one, or goes on behind one.
    pub(super) fn awaits_block(&self) -> bool {
        let behind = self.behind_brace().filter(|_| self.opens() == -1);
        self.is_head() || behind.and_then(habit::goes_on).is_some()
    }

    /// Whether it begins with what closes a block, here or elsewhere.
    pub(super) fn closes(&self) -> bool {
        self.code.starts_with(['}', ')', ']']) || self.wide().is_some() || habit::closes(&self.code)
    }

    /// The wide sign that it begins with, which closes something.
    pub(super) fn wide(&self) -> Option<char> {
        ['\u{ff5d}', '\u{ff09}', '\u{ff3d}'].into_iter().find(|sign| self.code.starts_with(*sign))
    }

    /// What at its end is meant to open a block: a brace of another keyboard, or another sign before a line that is
    /// indented further.
    pub(super) fn odd_opening(&self, next: Option<&Self>) -> Option<&str> {
        let wide = self.code.ends_with('\u{ff5b}');
        let next = next.filter(|next| wide || next.indent > self.indent)?;
        let begins = self.code.starts_with(|first: char| first.is_ascii_lowercase() || first == '}')
            && !["runbook", "module", "use"].contains(&habit::first_word(&self.code));
        let bracket = habit::ends_with_bracket(&self.code) && next.begins_block()
            || self.words
                && (self.code.ends_with(" (") || self.code.ends_with(" ["))
                && habit::is_statement(&next.code);
        let last = self.code.get(self.code.len() - 1..);
        if bracket {
            return last.filter(|_| begins && self.opens() == 1);
        }
        if self.words {
            return None;
        }
        // Behind what it closes first nothing may be open.
        let opens = self.opens() + isize::from(self.code.starts_with('}'));
        let closer = [" }", " )", " ]"].iter().any(|closer| self.code.ends_with(closer));
        if closer && next.indent > self.indent && self.brackets.open.is_empty() {
            return last.filter(|_| begins && opens == -1);
        }
        if self.code.ends_with(" \"") && self.brackets.text.is_some_and(|at| self.place(at) + 1 == self.end) {
            return last.filter(|_| begins && opens == 0);
        }
        habit::opening(&self.code).filter(|_| begins && opens == 0)
    }

    /// Whether it is the first of a block rather than of the values in a bracket.
    fn begins_block(&self) -> bool {
        let calls = self.code.ends_with(')') && self.opens() == 0;
        let word = self.code.split('(').next().unwrap_or_default();
        let named = word
            .split_once('.')
            .is_some_and(|(module, name)| [module, name].iter().all(|part| is_name(part)));
        habit::is_statement(&self.code) || self.code.starts_with("\"\"\"") || calls && named
    }

    /// What stands before the brace that opens a block at its end, and does not belong there.
    pub(super) fn surplus(&self) -> Option<&str> {
        habit::surplus(&self.code)
            .filter(|_| !self.words && self.code.starts_with(|c: char| c.is_ascii_lowercase() || c == '}'))
    }

    /// Whether all that it opens is a block, by a brace at its end.
    pub(super) fn opens_block(&self, opens: isize) -> bool {
        opens == 1 && self.code.ends_with('{')
    }
}
