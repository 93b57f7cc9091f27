//! Line by line: indentation by what is open, blank lines, prose and scripts moved as a whole.

use super::kept::Kept;
use super::programs::Programs;
use super::spaces::{Opens, Spaced, spaced};
use crate::syntax::after_fence;

/// A line of the canonical form.
pub(super) struct Laid {
    pub(super) text: String,
    /// Whether it stands as it was written.
    pub(super) kept: bool,
}

/// What a multi-line text is moved by.
struct Moved {
    /// Bytes of indentation that are taken away where they are blank.
    from: usize,
    /// Blanks that are put in their place.
    to: usize,
    /// What closes it.
    close: Close,
}

enum Close {
    Prose,
    Fence(usize),
}

/// Lays out a text; lines with something that is kept stay as they are.
pub(super) fn lay(text: &str, kept: &Kept, programs: &Programs) -> Vec<Laid> {
    let mut layout = Layout { programs, out: vec![], open: vec![], moved: None, continued: false };
    let mut at = 0;
    let all = text.split_inclusive('\n').map(|line| {
        let range = at..at + line.len();
        at = range.end;
        (line, range.start, kept.stand_on(&range))
    });
    let all: Vec<(&str, usize, bool)> = all.collect();
    for (number, (line, start, stays)) in all.iter().enumerate() {
        if *stays {
            layout.keep(line);
        } else {
            let rest = all.get(number + 1..).unwrap_or_default().iter();
            // What is moved with this line ends before what stays.
            let rest = rest.take_while(|(_, _, stays)| !stays).map(|(line, ..)| *line);
            layout.line(line, *start, rest);
        }
    }
    layout.end()
}

struct Layout<'p> {
    programs: &'p Programs,
    out: Vec<Laid>,
    /// For each open bracket, whether it was the first of its line: only that one indents.
    open: Vec<bool>,
    moved: Option<Moved>,
    /// Whether the line before ended in a backslash.
    continued: bool,
}

impl Layout<'_> {
    fn push(&mut self, text: String, kept: bool) {
        self.out.push(Laid { text, kept });
    }

    /// A line that cannot be read, or belongs to one: as it is, and what it opens indents nothing.
    fn keep(&mut self, line: &str) {
        self.moved = None;
        self.continued = false;
        self.open.clear();
        self.push(line.trim_end_matches('\n').to_owned(), true);
    }

    /// A line that begins at that byte.
    fn line<'t>(&mut self, line: &str, at: usize, rest: impl Iterator<Item = &'t str>) {
        if self.moved.is_some() {
            return self.inside(line);
        }
        let code = line.trim_matches([' ', '\t', '\r', '\n']);
        if code.is_empty() {
            return self.blank();
        }
        let spaced =
            spaced(code, at + line.len() - line.trim_start_matches([' ', '\t', '\r']).len(), self.programs);
        let indent = self.indent(&spaced);
        self.bracket(&spaced);
        self.continued = spaced.text.ends_with('\\') && !spaced.commented;
        self.moved = spaced.opens.map(|opens| moved(opens, line, rest, indent));
        self.push(format!("{:indent$}{}", "", spaced.text), false);
    }

    /// At most one blank line in a row, none where a block opens.
    fn blank(&mut self) {
        let after = self.out.last();
        let useless =
            after.is_none_or(|last| !last.kept && (last.text.is_empty() || last.text.ends_with('{')));
        if !useless {
            self.push(String::new(), false);
        }
    }

    fn indent(&mut self, spaced: &Spaced) -> usize {
        if spaced.closes_first > 0 && !self.out.last().is_none_or(|last| last.kept || !last.text.is_empty()) {
            self.out.pop();
        }
        let left = self.open.len().saturating_sub(spaced.closes_first);
        let levels = self.open.iter().take(left).filter(|first| **first).count();
        2 * (levels + usize::from(self.continued))
    }

    fn bracket(&mut self, spaced: &Spaced) {
        let mut first = true;
        for opens in &spaced.brackets {
            if *opens {
                self.open.push(first);
                first = false;
            } else {
                // What closes on the line that opened it leaves the next bracket to indent.
                first = first || self.open.last().is_some_and(|indents| *indents);
                self.open.pop();
            }
        }
    }

    /// A line of prose or of a script.
    fn inside(&mut self, line: &str) {
        let Some(moved) = &self.moved else { return };
        let text = line.strip_suffix('\n').map_or(line, |text| text.strip_suffix('\r').unwrap_or(text));
        let blanks = blanks(text);
        let closed = match moved.close {
            Close::Prose => text.contains("\"\"\""),
            Close::Fence(ticks) => after_fence(text, ticks).is_some(),
        };
        let (to, own) = (moved.to, text.get(blanks.min(moved.from)..).unwrap_or(""));
        let closing = closed && own.trim_start().starts_with(['"', '`']);
        let own = if closing { own.trim() } else { own };
        let text = if own.is_empty() { String::new() } else { format!("{:to$}{own}", "") };
        if closed {
            self.moved = None;
            // Behind the closing quotes a block may still close, behind the backticks one may open.
            let behind = text.rsplit_once("\"\"\"").or_else(|| text.rsplit_once("```"));
            let behind = behind.map_or("", |(_, behind)| behind).trim().to_owned();
            self.bracket(&spaced(&behind, 0, &Programs::NONE));
        }
        self.push(text, true);
    }

    fn end(mut self) -> Vec<Laid> {
        while self.out.last().is_some_and(|last| last.text.trim().is_empty()) {
            self.out.pop();
        }
        self.out
    }
}

/// Bytes of blanks that a line begins with.
fn blanks(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// How prose moves by its least indented line, a script by the indentation of its opening.
fn moved<'t>(opens: Opens, line: &str, rest: impl Iterator<Item = &'t str>, to: usize) -> Moved {
    match opens {
        Opens::Fence(ticks) => Moved { from: blanks(line), to, close: Close::Fence(ticks) },
        Opens::Prose => {
            let mut from = usize::MAX;
            for line in rest {
                // The last line counts where text stands before the quotes.
                if !line.trim().is_empty() && !line.trim_start().starts_with("\"\"\"") {
                    from = from.min(blanks(line));
                }
                if line.contains("\"\"\"") {
                    break;
                }
            }
            Moved { from, to, close: Close::Prose }
        }
    }
}
