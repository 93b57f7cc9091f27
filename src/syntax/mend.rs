//! A brace too few or too many, found by how lines are indented: one mistake, where it was made.
//!
//! Asked only where something closes that nothing opened, or nothing closes what is open. The text is mended without moving a byte, so that places
//! stay what they are. Knows no statement kind.

use super::scan::{Outline, Outlined};
use crate::diag::{Diagnostic, codes};
use crate::text::{SourceId, Span};

/// A text in which braces agree with how its lines are indented, as far as that could be told.
pub(super) struct Mended {
    pub(super) text: String,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Mends a text; as it is where nothing can be told.
pub(super) fn mend(id: SourceId, text: &str) -> Mended {
    let mut reader =
        Reader { id, text, lines: vec![], open: vec![], mended: text.to_owned(), diagnostics: vec![] };
    Outline::new(id, text).for_each(|line| reader.line(&line));
    Mended { text: reader.mended, diagnostics: reader.diagnostics }
}

/// A line that holds code.
struct Line<'a> {
    start: usize,
    end: usize,
    indent: usize,
    code: &'a str,
    opens: isize,
    commented: bool,
}

/// What a line opened.
#[derive(Clone, Copy)]
struct Open {
    /// How far that line is indented.
    indent: usize,
    /// The brace, where that is the one thing that the line opened.
    brace: Option<usize>,
}

struct Reader<'a> {
    id: SourceId,
    text: &'a str,
    lines: Vec<Line<'a>>,
    open: Vec<Open>,
    mended: String,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn line(&mut self, outlined: &Outlined) {
        let written = self.text.get(outlined.range.clone()).unwrap_or_default();
        let code = written.trim();
        if code.is_empty() || code.starts_with('#') {
            return;
        }
        let indent = written.len() - written.trim_start().len();
        let (start, end) = (outlined.range.start, outlined.range.end);
        let line = Line { start, end, indent, code, opens: outlined.opens, commented: outlined.commented };
        let mut opens = line.opens;
        if code.starts_with('}') {
            self.close(indent, start + indent);
            opens += 1;
        } else {
            self.not_closed(start, indent);
        }
        let brace = (opens == 1 && !line.commented && code.ends_with('{'))
            .then(|| start + written.trim_end().len() - 1);
        for _ in 0..opens.max(0) {
            self.open.push(Open { indent, brace });
        }
        for _ in 0..(-opens).max(0) {
            self.open.pop();
        }
        self.lines.push(line);
    }

    /// A line is not indented further than the head of a block in which it would stand: that block was to end before.
    /// Its brace goes into the blanks before the line.
    fn not_closed(&mut self, start: usize, indent: usize) {
        let ends =
            self.open.iter().rev().take_while(|open| open.indent >= indent && open.brace.is_some()).count();
        let room = self.text.get(start..start + indent).unwrap_or_default();
        if ends == 0 || ends >= indent || room.contains('\t') {
            return;
        }
        let closing = "}".repeat(ends) + ";";
        self.replace(start, closing.len(), &closing);
        for open in self.open.split_off(self.open.len() - ends) {
            let span = open.brace.map(|at| Span::new(self.id, at, at + 1));
            let told = span.map(|span| Diagnostic::error(codes::UNCLOSED, span, "this `{` is never closed"));
            self.diagnostics.extend(told.map(|told| told.help("add the missing `}`")));
        }
    }

    /// A line begins with a brace that closes.
    fn close(&mut self, indent: usize, start: usize) {
        if self.open.last().is_some_and(|open| open.indent == indent) {
            self.open.pop();
            return;
        }
        let deeper = self.open.last().is_some_and(|open| open.indent < indent);
        match self.above(indent) {
            Some(at) if self.lines.get(at).is_some_and(|line| line.code == "}") => self.too_early(at),
            Some(at) if self.lines.get(at).is_some_and(is_head) => self.not_opened(at),
            None if deeper => self.surplus(start),
            _ => drop(self.open.pop()),
        }
    }

    /// The line so far indented above, where all lines between are indented further and there are some.
    fn above(&self, indent: usize) -> Option<usize> {
        let inside = self.lines.iter().rev().take_while(|line| line.indent > indent).count();
        let at = self.lines.len().checked_sub(inside + 1).filter(|_| inside > 0)?;
        self.lines.get(at).filter(|line| line.indent == indent).map(|_| at)
    }

    fn not_opened(&mut self, at: usize) {
        let Some(line) = self.lines.get(at) else { return };
        let word = line.code.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        let start = line.start + line.indent;
        let (span, end) =
            (Span::new(self.id, start, start + word.len()), Span::new(self.id, line.end, line.end));
        let message = format!("`{word}` needs a block");
        let told = Diagnostic::error(codes::BAD_BLOCK, span, message).fix(
            "open one at the end of the line",
            end,
            " {",
        );
        let gap = self
            .text
            .get(line.end..)
            .map_or(0, |rest| rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        let gap =
            gap.min(if self.text.get(line.end..).is_some_and(|rest| rest.starts_with('\r')) { 2 } else { 1 });
        self.replace(line.end, gap, if gap == 2 { " {" } else { "{" });
        self.diagnostics.push(told);
    }

    fn too_early(&mut self, at: usize) {
        if let Some(line) = self.lines.get(at) {
            self.surplus(line.start + line.indent);
        }
    }

    fn surplus(&mut self, start: usize) {
        let span = Span::new(self.id, start, start + 1);
        let message = "this `}` closes its block before what belongs to it";
        self.replace(start, 1, " ");
        self.diagnostics.push(Diagnostic::error(codes::STRAY_CLOSE, span, message).fix(
            "remove it",
            span,
            "",
        ));
    }

    fn replace(&mut self, at: usize, length: usize, with: &str) {
        if length == with.len() && self.mended.get(at..at + length).is_some() {
            self.mended.replace_range(at..at + length, with);
        }
    }
}

/// Whether a line may be the head of a block that it does not open.
fn is_head(line: &Line<'_>) -> bool {
    line.opens == 0 && !line.commented && line.code.starts_with(|first: char| first.is_ascii_lowercase())
}
