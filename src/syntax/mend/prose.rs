//! Prose and scripts that are not closed, or by other quotes than three: where they were to begin or end. Knows no statement.

use super::super::edits::Instead;
use super::super::habit::is_ours;
use super::super::leftover::never_closed;
use super::super::walk::Walk;
use crate::diag::{Diagnostic, Edit, codes};
use crate::text::{SourceId, Span};

/// Each line of one, two, four or five quotes, or of one and a bracket, with `"""` to be read instead; where prose is never
/// closed, that may be why.
pub(in super::super) fn quotes(id: SourceId, text: &str) -> impl Iterator<Item = (Instead, Diagnostic)> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(move |line| {
        at += line.len();
        (at - line.trim_start().len(), line.trim())
    });
    let is_wrong = |line: &str| {
        matches!(line.len(), 1 | 2 | 4 | 5) && line.bytes().all(|c| c == b'"')
            || matches!(line, "(\"" | ")\"" | "[\"" | "]\"" | "{\"" | "}\"")
    };
    let wrong = lines.filter(move |(_, line)| is_wrong(line));
    wrong.map(move |(at, line)| {
        let span = Span::new(id, at, at + line.len());
        let with = "\"\"\"".to_owned();
        let told =
            Diagnostic::error(codes::UNCLOSED, span, format!("`{line}` neither opens nor closes prose"))
                .help("prose of several lines stands between `\"\"\"` lines")
                .guesses("write three quotes", vec![Edit { span, text: with.clone() }]);
        (Instead { at, length: line.len(), with }, told)
    })
}

/// Each line of three quotes with prose above it that nothing opens, and where that was to begin; where prose is never
/// closed, that may be why.
pub(in super::super) fn unopened(id: SourceId, text: &str) -> Vec<(Instead, Diagnostic)> {
    let (mut start, mut begins, mut before, mut found) = (0, None, true, vec![]);
    let (mut inside, mut within) = (false, 0);
    if text.matches("\"\"\"").count().is_multiple_of(2) {
        return found;
    }
    for line in text.split_inclusive('\n') {
        let (at, code) = (start + line.len() - line.trim_start().len(), line.trim());
        start += line.len();
        if code == "\"\"\"" {
            found.extend(begins.map(|begin| unopened_there(id, text, (begin, at))));
            // Prose that goes on over lines of this language was to end before.
            if inside && within >= CODE {
                return vec![];
            }
            (inside, within) = (!inside && begins.is_none(), 0);
        }
        within += usize::from(inside && is_ours(code));
        let between = inside || code == "\"\"\"" || is_code(code);
        if between {
            begins = None;
        } else if begins.is_none() && before && begins_prose(code) {
            begins = Some(at);
        }
        before = between || code.is_empty();
    }
    found
}

fn unopened_there(id: SourceId, text: &str, (begin, at): (usize, usize)) -> (Instead, Diagnostic) {
    let indent = text.get(..begin).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let with = format!("\"\"\"{line_end}{indent}");
    let edit = Edit { span: Span::new(id, begin, begin), text: with.clone() };
    let told = Diagnostic::error(codes::STRAY_CLOSE, Span::new(id, at, at + 3), "nothing opens this prose")
        .help("prose of several lines stands between `\"\"\"` lines")
        .guesses("open it where its words begin", vec![edit]);
    (Instead { at: begin, length: 0, with }, told)
}

/// Whether a line cannot be prose.
fn is_code(code: &str) -> bool {
    code.ends_with(['{', '}']) || code.starts_with('#') || is_ours(code)
}

/// Whether prose begins with a line, rather than a statement.
fn begins_prose(code: &str) -> bool {
    code.starts_with(|c: char| c.is_uppercase() || matches!(c, '-' | '*' | '`' | '(') || c.is_ascii_digit())
        && code.contains(' ')
}

/// So many lines of what cannot be prose show that it was to end before.
const CODE: usize = 2;
/// So few bytes are the end of a line, with a blank before it: what follows is the very next line.
const LINE_END: usize = 3;

/// All prose, and all scripts, that go on over lines of this language, each closed before the first of them: where
/// another begins, which closes it as it stands, that was not meant.
pub(in super::super) fn unclosed(id: SourceId, text: &str) -> Vec<(Instead, Diagnostic)> {
    let (mut walk, mut found) = (Walk::new(id, text, 0), vec![]);
    let mut open: Option<Opened> = None;
    while walk.at < text.len() {
        let (line, start) = (walk.line(), walk.at);
        if let Some(open) = &mut open {
            open.reads(start, line);
        }
        let was = walk.inside.is_some();
        walk.walk_line(line);
        walk.at += line.len();
        if was && walk.inside.is_none() {
            found.extend(open.take().and_then(|open| open.told(id, text)));
        } else if let Some(inside) = walk.unclosed_text().filter(|_| !was) {
            open = Some(Opened::by(inside, text, line));
        }
    }
    found.extend(open.and_then(|open| open.told(id, text)));
    found
}

/// Prose or a script, and what it goes on over.
struct Opened {
    at: usize,
    what: &'static str,
    /// How what closes it is told, and what that is.
    close: &'static str,
    closer: String,
    indent: usize,
    /// How many lines of this language stand in it.
    code: usize,
    /// Where the first does that is not indented further.
    end: Option<usize>,
    /// What was meant to close a script, and has more behind it: a fourth backtick, or the language again.
    wrong: Option<(usize, usize)>,
    /// Whether a line of this language stands behind that.
    left: bool,
}

impl Opened {
    fn by((at, what, close): (usize, &'static str, &'static str), text: &str, line: &str) -> Self {
        let begin = text.get(at..).unwrap_or_default();
        let ticks = begin.len() - begin.trim_start_matches('`').len();
        let closer = begin.get(..ticks.max(3)).unwrap_or_default();
        let indent = line.len() - line.trim_start().len();
        Self {
            at,
            what,
            close,
            closer: closer.to_owned(),
            indent,
            code: 0,
            end: None,
            wrong: None,
            left: false,
        }
    }

    fn reads(&mut self, start: usize, line: &str) {
        let (code, indent) = (line.trim(), line.len() - line.trim_start().len());
        // What closes a script has no language behind it.
        let another =
            self.what == "script" && code.len() > self.closer.len() && code.starts_with(&self.closer);
        let ours = code == "}" || is_ours(code);
        match self.wrong {
            None if another => self.wrong = Some((start + indent, code.len())),
            Some((at, length)) => self.left |= ours && start - at - length <= LINE_END,
            None => {}
        }
        if another || ours {
            self.code += if another || code.ends_with(" {") { CODE } else { 1 };
            self.end = self.end.or(Some(start).filter(|_| indent <= self.indent));
        }
    }

    fn told(self, id: SourceId, text: &str) -> Option<(Instead, Diagnostic)> {
        self.closed_wrongly(id).or_else(|| self.closed_before(id, text))
    }

    /// Closed by the line that was meant to.
    fn closed_wrongly(&self, id: SourceId) -> Option<(Instead, Diagnostic)> {
        let (at, length) = self.wrong.filter(|_| self.left)?;
        let with = self.closer.clone();
        let edit = Edit { span: Span::new(id, at, at + length), text: with.clone() };
        let span = Span::new(id, self.at, self.at + with.len());
        let told = never_closed(span, self.what, self.close).guesses("write the backticks alone", vec![edit]);
        Some((Instead { at, length, with }, told))
    }

    /// Closed before the first line of this language.
    fn closed_before(self, id: SourceId, text: &str) -> Option<(Instead, Diagnostic)> {
        let at = self.end.filter(|_| self.code >= CODE)?;
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let with = format!("{}{}{line_end}", " ".repeat(self.indent), self.closer);
        let span = Span::new(id, self.at, self.at + self.closer.len());
        let edit = Edit { span: Span::new(id, at, at), text: with.clone() };
        let told = never_closed(span, self.what, self.close).guesses("close it here", vec![edit]);
        Some((Instead { at, length: 0, with }, told))
    }
}
