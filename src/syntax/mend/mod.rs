//! Brackets, quotes and blocks that are opened or closed wrongly, found by how lines are indented: one mistake, where it
//! was made.
//!
//! Asked only where brackets and quotes do not tell what belongs together. What is to be read instead is given as edits.
//! Knows no statement kind.

mod closers;
mod crooked;
mod lines;
mod lost;
mod over;
mod prose;
mod slips;
mod told;

use super::edits::Instead;
use super::habit;
use super::walk::{Brackets, blanks_behind, closing, opens_map};
use crate::diag::Diagnostic;
use crate::text::SourceId;
use crooked::Place;
use lines::{Line, lines};
pub(super) use prose::{quotes, unclosed, unopened};
use told::Telling;

/// What is to be read instead of parts of a text, so that braces agree with how its lines are indented, as far as that
/// could be told; nothing where it could not. Where as many close as open, only crooked lines and what opens a block
/// without a brace are held against it. `reads` tells whether a text is one statement with nothing wrong in it.
pub(super) fn mend(
    id: SourceId,
    text: &str,
    unbalanced: bool,
    reads: &dyn Fn(&str) -> bool,
) -> (Vec<Instead>, Vec<Diagnostic>) {
    let (lines, end) = lines(id, text);
    let telling = Telling::new(id, text);
    let mut reader = Reader { text, lines, unbalanced, reads, open: vec![], until: 0, crooked: 0, telling };
    let mut at = 0;
    while at < reader.lines.len() {
        reader.line(at);
        at += 1;
    }
    reader.end(end);
    reader.telling.done()
}

/// What a line opened.
#[derive(Clone, Copy)]
struct Open {
    /// How far that line is indented.
    indent: usize,
    by: By,
}

#[derive(Clone, Copy)]
enum By {
    /// A brace at the end of the line, there.
    Brace(usize),
    /// What opens a block elsewhere; the number of the report.
    Habit(usize),
    /// A bracket in which values stand, there.
    Bracket(char, usize),
}

impl Open {
    fn is_habit(&self) -> bool {
        matches!(self.by, By::Habit(_))
    }

    fn is_block(&self) -> bool {
        !matches!(self.by, By::Bracket(..))
    }
}

struct Reader<'a> {
    text: &'a str,
    lines: Vec<Line<'a>>,
    /// Whether more is opened than closed, or the reverse.
    unbalanced: bool,
    reads: &'a dyn Fn(&str) -> bool,
    open: Vec<Open>,
    /// Up to this line the innermost block goes on, however its lines are indented.
    until: usize,
    /// How many lines were tried to be straightened.
    crooked: usize,
    telling: Telling<'a>,
}

/// So many lines are tried to be straightened.
const CROOKED: usize = 16;

impl Reader<'_> {
    fn line(&mut self, at: usize) {
        if !self.is_of_words(at) && !self.goes_over_lines(at) {
            self.straighten(at);
        }
        self.closes_too_much(at);
        let Some(line) = self.lines.get(at) else { return };
        let (indent, start, before, code) = (line.indent, line.start, line.before, line.code.clone());
        let mut opens = line.opens();
        let blanks = blanks_behind(self.text.get(line.end..).unwrap_or_default());
        if line.goes_on && blanks > 0 && code.ends_with('\\') {
            self.telling.blanks_behind(line.end - 1, blanks);
        }
        if line.continued {
            return self.opens(at, opens, false);
        }
        if let Some(closed) = self.closes_oddly(at) {
            opens += closed;
        } else if self.ends_list(&code) {
            self.open.pop();
            opens += 1;
        } else if code.starts_with('}') {
            self.close(at, indent, start);
            self.telling.other_word(start, &code);
            opens += 1;
        } else if !self.goes_on(at) {
            self.not_closed(at, before, indent);
        }
        let joined = self.joins(at);
        self.opens(at, opens, joined);
    }

    /// Whether brackets that seem to be open in a line are words of a program: then it opens nothing.
    fn is_of_words(&mut self, at: usize) -> bool {
        let Some(line) = self.lines.get_mut(at) else { return false };
        let brackets = &line.brackets;
        let seems = !brackets.open.is_empty() && brackets.stray.is_empty() && brackets.text.is_none();
        let words = seems
            && !line.continued
            && !line.goes_on
            && !line.code.ends_with('{')
            && line.code.contains("run ")
            && (self.reads)(&line.code);
        if words {
            line.brackets = Brackets::default();
        }
        words
    }

    /// Reads a line as it was meant whose brackets or quotes do not agree.
    fn straighten(&mut self, at: usize) {
        let Some(line) = self.lines.get(at) else { return };
        let behind = self.lines.get(at + 1..).unwrap_or_default();
        let bracket = match self.open.last().map(|open| open.by) {
            Some(By::Bracket(sign, _)) => Some(sign),
            Some(By::Brace(at)) if opens_map(self.text.get(..at).unwrap_or_default()) => Some('{'),
            _ => None,
        };
        let outer = self.open.iter().rev().nth(1).map(|open| open.indent);
        let place = Place { line, next: behind.iter().find(|next| !next.continued), outer, bracket };
        if self.crooked >= CROOKED || !place.is_crooked() {
            return;
        }
        self.crooked += 1;
        let Some(straight) = place.straightened(self.reads) else { return };
        self.telling.crooked(line.start, &line.code, &straight);
        if let Some(line) = self.lines.get_mut(at) {
            line.becomes(straight.code);
        }
    }

    /// What a line opens at its end.
    fn opens(&mut self, at: usize, opens: isize, joined: bool) {
        let Some(line) = self.lines.get(at) else { return };
        let indent = line.indent;
        let by = if let Some(sign) = line.odd_opening(self.lines.get(at + 1)) {
            By::Habit(self.telling.odd(line.end - sign.len(), sign))
        } else if self.unbalanced && line.lacks_block(self.lines.get(at + 1)) {
            let behind = line.behind_brace().unwrap_or_default();
            self.telling.not_opened(line.end - behind.len(), line.end, behind);
            By::Brace(line.end)
        } else if line.opens_block(opens) && (joined || line.code != "{") {
            if let Some(sign) = line.surplus() {
                self.telling.surplus_sign(line.end - 1, &line.code, sign);
            }
            By::Brace(line.end - 1)
        } else {
            let brackets = line.brackets.open.iter().rev().take(opens.max(0).cast_unsigned()).rev();
            self.open.extend(
                brackets.map(|open| Open { indent, by: By::Bracket(open.sign, line.place(open.at)) }),
            );
            let left = self.open.len().saturating_sub((-opens).max(0).cast_unsigned());
            return self.open.truncate(left);
        };
        self.open.push(Open { indent, by });
    }

    /// A line is not indented further than the head of a block in which it would stand: that block was to end before,
    /// unless what closes it is yet to come.
    fn not_closed(&mut self, at: usize, before: usize, indent: usize) {
        while at >= self.until
            && let Some(open) = self.ending(indent).copied()
        {
            if let Some(closed) = self.closed_at(at, &open) {
                self.until = closed;
                return;
            }
            self.open.pop();
            let sign = if let By::Bracket(sign, _) = open.by { closing(sign) } else { "}" };
            let with = format!("{}{}{sign}", self.telling.line_end(), " ".repeat(open.indent));
            self.end_of(&open, before, 0, &with);
        }
    }

    /// The innermost block, where its head is not indented less than that, and braces alone do not tell its end.
    fn ending(&self, indent: usize) -> Option<&Open> {
        let mut inner = self.open.iter().rev();
        let open = inner.next().filter(|open| open.indent >= indent)?;
        // Of several on one line nobody can tell which is closed, and a brace that opens nothing closes nothing, either.
        let several = inner.next().is_some_and(|outer| !outer.is_block() && outer.indent == open.indent);
        if !open.is_block() && (several || matches!(open.by, By::Bracket('{', _))) {
            return None;
        }
        (self.unbalanced || open.is_habit()).then_some(open)
    }

    /// The line that closes a block, from there on and before another opens.
    fn closed_at(&self, at: usize, open: &Open) -> Option<usize> {
        let behind = self.lines.get(at..).unwrap_or_default();
        let number = behind.iter().position(|line| {
            line.indent <= open.indent
                && (line.closes() || line.opens() > 0 || habit::opening(&line.code).is_some())
        })?;
        behind.get(number).filter(|line| line.indent == open.indent && line.closes()).map(|_| at + number)
    }

    /// A block that is open ends there, by words instead of so many bytes.
    fn end_of(&mut self, open: &Open, at: usize, length: usize, with: &str) {
        match open.by {
            By::Brace(brace) => self.telling.unclosed(brace, at, length, with),
            By::Habit(report) => self.telling.close(report, at, length, with),
            By::Bracket(sign, place) => self.telling.unclosed_list(sign, place, at, with),
        }
    }

    /// A line begins with what closes a block elsewhere, or another bracket: how much more it closes than its brackets
    /// tell.
    fn closes_oddly(&mut self, at: usize) -> Option<isize> {
        let line = self.lines.get(at)?;
        let open = *self.open.last().filter(|open| open.indent == line.indent)?;
        let sign = line.code.chars().next().filter(|sign| matches!(sign, ')' | ']' | '}'));
        let inside = self.ends_inside(at);
        let opener = inside && matches!(&*line.code, "{" | "(" | "[" | "\"");
        let word = habit::closes(&line.code);
        let signs = word || is_of_signs(&line.code);
        let length = match (open.by, line.wide()) {
            (By::Bracket(bracket, _), None)
                if opener || sign.is_some_and(|sign| !closing(bracket).starts_with(sign)) =>
            {
                1
            }
            (By::Bracket(..), _) => return None,
            (_, Some(sign)) => sign.len_utf8(),
            (By::Habit(_), None) if sign.is_some_and(|sign| sign != '}') => 1,
            (By::Brace(_), None) if opener || matches!(&*line.code, ")" | "]") => 1,
            (By::Habit(_), None) if word => line.code.len(),
            (By::Brace(_), None) if signs && inside && self.unbalanced => line.code.len(),
            _ => return None,
        };
        let brackets = if opener { -line.opens() } else { isize::from(sign.is_some()) };
        match open.by {
            By::Habit(report) => self.telling.close(report, line.start, length, "}"),
            By::Brace(_) => self.telling.closes_no_block(line.start, length),
            By::Bracket(bracket, place) => self.telling.closes_another(bracket, place, line.start),
        }
        self.open.pop();
        Some(brackets)
    }

    /// Whether a line begins with what closes the innermost list or call, and opens a block behind it.
    fn ends_list(&self, code: &str) -> bool {
        let Some(By::Bracket(sign @ ('(' | '['), _)) = self.open.last().map(|open| open.by) else {
            return false;
        };
        code.starts_with(closing(sign)) && code.ends_with('{')
    }

    /// Whether what is open ends there, by how the lines around are indented.
    fn ends_inside(&self, at: usize) -> bool {
        let Some(line) = self.lines.get(at) else { return false };
        let before = at.checked_sub(1).and_then(|before| self.lines.get(before));
        let goes_on =
            |next: &Line<'_>| next.indent > line.indent || next.indent == line.indent && next.closes();
        let behind = self.lines.get(at + 1).is_none_or(|next| !goes_on(next));
        behind && before.is_some_and(|before| before.indent > line.indent)
    }

    /// A line that begins with `else` or its like, where the block before it ends.
    fn goes_on(&mut self, at: usize) -> bool {
        let Some(line) = self.lines.get(at) else { return false };
        let Some((word, written)) = habit::goes_on(&line.code).filter(|_| !line.words) else { return false };
        // Behind which nothing stands yet, it is no better on the line above.
        let opens_below = || self.lines.get(at + 1).is_some_and(|next| next.code.starts_with('{'));
        if line.code == word && !opens_below() {
            return false;
        }
        let (start, indent, before) = (line.start, line.indent, line.before);
        if self.joined_to(at).is_some_and(|last| last.code.ends_with('}')) {
            self.telling.joined(before, start, word, written);
            return true;
        }
        self.not_closed(at, before, indent + 1);
        let Some(open) = self.ending(indent).filter(|open| open.indent == indent).copied() else {
            return false;
        };
        self.open.pop();
        self.end_of(&open, start, word.len(), &format!("}} {written}"));
        true
    }

    /// A brace that begins the line below the statement whose block it opens.
    fn joins(&mut self, at: usize) -> bool {
        let next = self.lines.get(at + 1).map_or("", |next| &next.code);
        let Some(line) = self.lines.get(at).filter(|line| habit::opens_below(&line.code, next)) else {
            return false;
        };
        let gap = self.text.get(line.before..line.start).unwrap_or_default();
        let joined = gap.matches('\n').count() == 1
            && self
                .joined_to(at)
                .is_some_and(|above| above.awaits_block() && !(above.words && line.code.ends_with('}')))
            && self.open.last().is_none_or(Open::is_block);
        if joined {
            self.telling.brace_below(line.before, line.start);
        }
        joined
    }

    /// The line of code above, so far indented and with nothing but blanks between.
    fn joined_to(&self, at: usize) -> Option<&Line<'_>> {
        let (line, last) = (self.lines.get(at)?, self.lines.get(at.checked_sub(1)?)?);
        let blank = self.text.get(last.end..line.start)?.trim().is_empty();
        // A brace that opens a block below its statement may have lost what indents it.
        let brace = line.code.starts_with('{') && line.indent < last.indent;
        Some(last).filter(|last| blank && (brace || last.indent == line.indent))
    }

    /// A line begins with a brace that closes.
    fn close(&mut self, at: usize, indent: usize, start: usize) {
        let before = self.lines.get(at).map_or(start, |line| line.before);
        // Where another block is indented as far, that is the one which ends there.
        let outer = self.unbalanced && self.open.iter().any(|open| open.is_block() && open.indent == indent);
        let inner = |open: &Open| (outer || open.is_habit() || !open.is_block()) && open.indent > indent;
        if at >= self.until && self.open.last().is_some_and(inner) {
            self.not_closed(at, before, indent + 1);
        }
        if !self.unbalanced || self.open.last().is_some_and(|open| open.indent == indent) {
            self.open.pop();
            return;
        }
        if self.lost_head(at, indent)
            || self.headless(at, indent)
            || self.open.is_empty() && self.closes_nothing(at)
        {
            return;
        }
        let deeper = self.open.last().is_some_and(|open| open.indent < indent);
        match self.above(at, indent).and_then(|above| self.lines.get(above)) {
            Some(line) if line.code == "}" => self.telling.too_early(line.start, line.end),
            Some(line) if line.is_head() => self.telling.not_opened(line.start, line.end, &line.code),
            None if deeper => {
                self.telling.too_early(start, self.lines.get(at).map_or(start, |line| line.end));
            }
            _ => drop(self.open.pop()),
        }
    }

    /// The line so far indented above another, where all lines between are indented further and there are some.
    fn above(&self, at: usize, indent: usize) -> Option<usize> {
        let inside = self.inside(at, indent);
        let above = at.checked_sub(inside + 1).filter(|_| inside > 0)?;
        self.lines.get(above).filter(|line| line.indent == indent).map(|_| above)
    }

    /// How many lines right above another are indented further than so far.
    fn inside(&self, at: usize, indent: usize) -> usize {
        let before = self.lines.get(..at).unwrap_or_default();
        before.iter().rev().take_while(|line| line.indent > indent).count()
    }

    /// What is open where the text ends: blocks that are opened as elsewhere, and what stands in them.
    fn end(&mut self, end: usize) {
        let by_habit = self.open.iter().position(Open::is_habit).unwrap_or(self.open.len());
        let inside = self.open.get(by_habit..).unwrap_or_default();
        if let Some(open) = inside.first().filter(|_| inside.iter().all(Open::is_block)) {
            let indent = open.indent;
            self.unbalanced = true;
            self.not_closed(self.lines.len(), end, indent);
        }
    }
}

/// Whether a line is one word that begins with a sign, and no statement, comment, text or list item begins so.
fn is_of_signs(code: &str) -> bool {
    let first = code.starts_with(|c: char| c.is_ascii_punctuation() && !"#\"'`-_/{}()[]".contains(c));
    first && !code.contains(char::is_whitespace)
}
