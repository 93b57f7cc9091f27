//! Within a line: one blank where there were several, brackets counted, texts left alone.

use super::programs::Programs;
use crate::syntax::after_pattern;

/// A line with its blanks settled.
pub(super) struct Spaced {
    pub(super) text: String,
    /// Brackets in their order: opening or closing.
    pub(super) brackets: Vec<bool>,
    /// How many close before anything else stands.
    pub(super) closes_first: usize,
    /// A text of several lines that it opens.
    pub(super) opens: Option<Opens>,
    /// Whether it ends in a comment.
    pub(super) commented: bool,
}

/// What goes on over several lines.
#[derive(Clone, Copy)]
pub(super) enum Opens {
    /// `"""`.
    Prose,
    /// So many backticks.
    Fence(usize),
}

/// Settles a line without its indentation, which begins at byte `from` of the text.
pub(super) fn spaced(code: &str, from: usize, programs: &Programs) -> Spaced {
    let mut walk = Walk {
        code,
        from,
        programs,
        out: String::new(),
        at: 0,
        strings: vec![],
        brackets: vec![],
        opens: None,
        commented: false,
    };
    while let Some(c) = walk.rest().chars().next() {
        walk.step(c);
    }
    let closing = code.chars().take_while(|c| ['}', ']', ')', ' '].contains(c)).filter(|c| *c != ' ');
    let closes_first = closing.count();
    let text = walk.out.trim_end().to_owned();
    Spaced { text, brackets: walk.brackets, closes_first, opens: walk.opens, commented: walk.commented }
}

struct Walk<'a> {
    code: &'a str,
    /// Where that begins in the text.
    from: usize,
    programs: &'a Programs,
    out: String,
    at: usize,
    /// For each interpolation: how many brackets were open when it began.
    strings: Vec<usize>,
    brackets: Vec<bool>,
    opens: Option<Opens>,
    commented: bool,
}

impl<'a> Walk<'a> {
    fn rest(&self) -> &'a str {
        self.code.get(self.at..).unwrap_or("")
    }

    fn take(&mut self, length: usize) {
        let taken = self.rest().get(..length).unwrap_or(self.rest());
        self.out.push_str(taken);
        self.at += taken.len().max(1);
    }

    fn step(&mut self, c: char) {
        let rest = self.rest();
        let program = self.programs.holds(self.from + self.at);
        let after_blank = self.out.is_empty() || self.out.ends_with([' ', '(', '[', '{', ',']);
        match c {
            ' ' | '\t' => self.blank(program),
            '#' if !program => {
                self.commented = true;
                self.take(rest.len());
            }
            '"' if rest.starts_with("\"\"\"") => self.prose(),
            '"' => {
                self.take(1);
                self.string();
            }
            '\'' => self.raw(),
            '`' if rest.starts_with("```") => {
                let ticks = rest.bytes().take_while(|byte| *byte == b'`').count();
                self.opens = Some(Opens::Fence(ticks));
                self.take(ticks);
            }
            '/' if !program && after_blank => self.pattern(),
            '{' | '[' | '(' => {
                self.brackets.push(true);
                self.take(1);
            }
            '}' | ']' | ')' => self.close(),
            other => self.take(other.len_utf8()),
        }
    }

    /// One blank for several; but a comment stays where a person lined it up, and a text after operands may
    /// stand two blanks off (`expect x > 1  "too few"`).
    fn blank(&mut self, program: bool) {
        let blanks = self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        let width = match self.rest().get(blanks..).and_then(|behind| behind.chars().next()) {
            Some('#') => blanks,
            Some('"') if !program && self.follows_operands() => blanks.min(2),
            _ => 1,
        };
        self.out.extend(std::iter::repeat_n(' ', width));
        self.at += blanks;
    }

    /// A verbatim text.
    fn raw(&mut self) {
        let rest = self.rest();
        let end = rest.get(1..).and_then(|inner| inner.find('\''));
        self.take(end.map_or(rest.len(), |end| end + 2));
    }

    /// Whether more than the keyword stands before, and no operator that wants a value.
    fn follows_operands(&self) -> bool {
        self.out.contains(' ') && !self.out.ends_with(['=', ':', ',', '+', '<', '>'])
    }

    /// Prose of one line stays; that of several lines opens.
    fn prose(&mut self) {
        let rest = self.rest();
        if let Some(end) = rest.get(3..).and_then(|inner| inner.find("\"\"\"")) {
            self.take(end + 6);
        } else {
            self.opens = Some(Opens::Prose);
            self.take(rest.len());
        }
    }

    /// A regular expression: its blanks count. Or a division.
    fn pattern(&mut self) {
        self.take(after_pattern(self.rest()).unwrap_or(1));
    }

    fn close(&mut self) {
        self.take(1);
        self.brackets.push(false);
        let open = self.depth();
        if self.strings.last() == Some(&open) {
            self.strings.pop();
            self.string();
        }
    }

    fn depth(&self) -> usize {
        let opened = self.brackets.iter().filter(|opens| **opens).count();
        (opened * 2).saturating_sub(self.brackets.len())
    }

    /// A text up to its end, or to its next value in braces.
    fn string(&mut self) {
        while let Some(c) = self.rest().chars().next() {
            let pair = self.rest().get(..2);
            match c {
                '\\' => {
                    let next = self.rest().chars().nth(1).map_or(0, char::len_utf8);
                    self.take(1 + next);
                }
                '"' => return self.take(1),
                '{' if pair == Some("{{") => self.take(2),
                '{' => {
                    self.strings.push(self.depth());
                    self.brackets.push(true);
                    return self.take(1);
                }
                other => self.take(other.len_utf8()),
            }
        }
    }
}
