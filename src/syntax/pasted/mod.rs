//! Pieces of other languages, and of Markdown, that were pasted between statements: each is one report, on its first line.
//!
//! A piece is known by signs of its own: by what opens and closes it elsewhere, or by lines one after the other that begin
//! alike. How lines are indented ends a block of Python; else it only says which `}` closes a function and what goes on below
//! an item. A statement of this language ends a piece, unless signs around it say that it belongs there (a comment, `'''`,
//! `<<EOF`, a diff). The lines are read as [`TOLD`], so that places stay what they are.

mod fences;
mod pieces;

use std::ops::Range;

use super::clean::{Cleaned, Line, lines};
use super::habit::{first_word, is_ours};
use super::leftover::{ITEM, PROSE};
use super::walk::Walk;
use crate::diag::{Diagnostic, Edit, codes};
use crate::text::{SourceId, Span};
use fences::Sign;
use pieces::Kind;

/// What each letter of a pasted piece is read as: nothing else is, since control characters are read as blanks.
pub(super) const TOLD: char = '\u{1}';

impl Kind {
    fn message(self) -> &'static str {
        match self {
            Self::Shell => "a piece of a shell script stands here",
            Self::Python => "a piece of Python stands here",
            Self::Comment => "a comment of another language begins here",
            Self::Quotes => "`'''` opens no prose",
            Self::Items => "a list of Markdown stands here",
            Self::Diff => "the lines of a diff stand here",
            Self::Commands => "commands with the prompt of a terminal stand here",
            Self::Marked => "text with the signs of Markdown stands here",
        }
    }

    fn help(self) -> &'static str {
        match self {
            Self::Shell => "what needs a shell stands in a `step`, between a line ```sh and a line ```",
            Self::Python => "a script stands in a `step`, between a line ```python3 and a line ```",
            Self::Comment => "a comment begins with `#`, on each of its lines",
            Self::Items => ITEM,
            Self::Diff => "keep the lines that are meant, without `+` and `-` before them",
            Self::Commands => "a command is written `run …`, in a `step` that says how to undo it",
            Self::Quotes | Self::Marked => PROSE,
        }
    }
}

/// The text with all pieces told; `None` where there are none, or where it does not begin as it must: what it is then is
/// another matter.
pub(super) fn find(id: SourceId, text: &str) -> Option<Cleaned> {
    let lines: Vec<Line<'_>> = lines(text).collect();
    let first = lines
        .iter()
        .map(|(_, line)| line.trim_start_matches('\u{feff}').trim())
        .find(|line| is_code(line))?;
    if !["runbook", "module"].contains(&first_word(first)) {
        return None;
    }
    let mut finding = Finding { id, bytes: text.as_bytes().to_vec(), diagnostics: vec![] };
    let (mut walk, mut number, mut continued) = (Walk::new(id, text, 0), 0, false);
    // Whether a script ended above, in the same block at the margin.
    let mut closed = false;
    while let Some(rest) = lines.get(number..).filter(|rest| !rest.is_empty()) {
        let code = rest.first().map(|(_, line)| *line).unwrap_or_default();
        // A statement at the margin: whatever was left open.
        if walk.inside.is_none() && code.starts_with(|c: char| c.is_ascii_lowercase()) && is_ours(code) {
            walk.brackets.open.clear();
        }
        let apart = !continued && walk.inside.is_none() && !walk.is_in_list();
        if let Some(count) = Some(rest).filter(|_| apart).and_then(|rest| finding.piece(rest, closed)) {
            number += count;
            walk.at = lines.get(number).map_or(text.len(), |(start, _)| *start);
            closed = true;
            continue;
        }
        let line = walk.line();
        closed = walk.inside.is_some() || closed && !line.starts_with('}');
        continued = walk.walk_line(line).ends_with('\\') && walk.inside.is_none();
        walk.at += line.len();
        number += 1;
    }
    let text = String::from_utf8(finding.bytes).ok()?;
    (!finding.diagnostics.is_empty()).then_some(Cleaned { text, diagnostics: finding.diagnostics })
}

struct Finding {
    id: SourceId,
    bytes: Vec<u8>,
    diagnostics: Vec<Diagnostic>,
}

impl Finding {
    /// Reports the piece that begins with the first of those lines; how many of them it is.
    fn piece(&mut self, rest: &[Line<'_>], closed: bool) -> Option<usize> {
        if let Some((signs, count)) = fences::script(rest) {
            let (start, last) = *rest.get(count - 1)?;
            self.script(signs, start + last.len());
            return Some(count);
        }
        if closed && fences::closes_again(rest) {
            rest.first().into_iter().for_each(|line| self.spare(*line));
            return Some(1);
        }
        let (kind, count) = pieces::piece(rest)?;
        self.tell(kind, rest.get(..count)?);
        Some(count)
    }

    /// Reports a piece on its first line, and reads nothing in it.
    fn tell(&mut self, kind: Kind, lines: &[Line<'_>]) {
        let (Some((start, first)), Some((last_start, last))) = (lines.first(), lines.last()) else { return };
        let span = |start: usize, line: &str| {
            let blanks = line.len() - line.trim_start().len();
            Span::new(self.id, start + blanks, start + line.trim_end().len())
        };
        let (begin, end) = (span(*start, first), span(*last_start, last));
        let told = Diagnostic::error(codes::BAD_LINE, begin, kind.message()).help(kind.help());
        let told = if lines.len() > 1 { told.also(end, "up to here") } else { told };
        let told = told.hides(begin.to(end));
        let (begin, end) = (begin.range().start, end.range().end);
        if kind == Kind::Quotes {
            return self.prose(told, [begin, end - 3]);
        }
        self.diagnostics.push(told);
        let bytes = self.bytes.get_mut(begin..end).unwrap_or_default();
        bytes.iter_mut().filter(|byte| !byte.is_ascii_whitespace()).for_each(|byte| *byte = TOLD as u8);
    }

    /// Prose is meant, between other signs.
    fn prose(&mut self, told: Diagnostic, places: [usize; 2]) {
        let edit = |at: usize| Edit { span: Span::new(self.id, at, at + 3), text: "\"\"\"".to_owned() };
        self.diagnostics.push(told.guesses("write double quotes", places.map(edit).to_vec()));
        for at in places {
            self.write(at..at + 3, "\"\"\"");
        }
    }

    /// A script is meant, between other signs, up to there. Whether one may stand there is said once that is mended.
    fn script(&mut self, signs: Vec<Sign>, end: usize) {
        let span = |sign: &Sign| Span::new(self.id, sign.written.start, sign.written.end);
        let Some(first) = signs.first() else { return };
        let written = String::from_utf8_lossy(self.bytes.get(first.written.clone()).unwrap_or_default());
        let closes = first.meant.ends_with('`');
        let (does, help) = if closes {
            ("does not close this script", "close it with the same backticks alone on a line")
        } else {
            ("opens no script", "a script stands between a line ```sh and a line ```")
        };
        let quote = if written.contains('`') { '"' } else { '`' };
        let message = format!("{quote}{written}{quote} {does}");
        let told = Diagnostic::error(codes::BAD_LINE, span(first), message).help(help);
        let edits = signs.iter().map(|sign| Edit { span: span(sign), text: sign.meant.clone() });
        let edits = edits.collect();
        let told = told.guesses("write backticks", edits);
        let told = if closes { told } else { told.hides(Span::new(self.id, first.written.start, end)) };
        self.diagnostics.push(told);
        for Sign { room, meant, .. } in signs {
            let blanks = room.len().saturating_sub(meant.len());
            self.write(room, &format!("{}{meant}", " ".repeat(blanks)));
        }
    }

    /// A script that is closed already is closed once more.
    fn spare(&mut self, (start, line): Line<'_>) {
        let at = start + line.len() - line.trim_start().len();
        let (signs, whole) =
            (Span::new(self.id, at, start + line.trim_end().len()), start..start + line.len());
        let told = Diagnostic::error(codes::BAD_LINE, signs, "the script is closed above")
            .help("take one of the two lines out")
            .fix("take this one out", Span::new(self.id, start, whole.end + 1), "");
        self.diagnostics.push(told);
        self.write(whole, &" ".repeat(line.len()));
    }

    /// Reads something else there, of the same length.
    fn write(&mut self, place: Range<usize>, text: &str) {
        let bytes = self.bytes.get_mut(place).unwrap_or_default();
        bytes.iter_mut().zip(text.bytes()).for_each(|(byte, written)| *byte = written);
    }
}

/// Whether a line holds more than a comment.
fn is_code(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}
