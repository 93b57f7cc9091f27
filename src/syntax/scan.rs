//! The scan before the parser: cuts a text into top-level statements, collects comments, and bounds nesting.
//!
//! Knows where statements begin and end, and nothing else. Linear in the text.

use super::leftover;
use super::tree::Comment;
use super::walk::{DEEP, MAX_DEPTH, Walk};
use crate::diag::{Diagnostic, codes};
use crate::text::{SourceId, Span};

/// So many statements may be cut out of broken text before the rest is taken as one.
const MAX_RESTARTS: usize = 100;

/// What the scan found.
pub(super) struct Scan {
    pub(super) chunks: Vec<Chunk>,
    pub(super) comments: Vec<Comment>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Whether something nests so deep that reading it needs a larger stack.
    pub(super) deep: bool,
    /// How often something closes that nothing has opened.
    pub(super) stray: usize,
    /// How often the text ends inside of something.
    pub(super) open: usize,
    /// How many lines open or close something as other languages do, or a text that they do not close, and how often a
    /// bracket closes one of another kind.
    pub(super) odd: usize,
    /// Whether a line may begin a piece that was pasted.
    pub(super) foreign: bool,
}

/// One top-level statement, as bytes of the text.
pub(super) struct Chunk {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: ChunkKind,
}

/// Whether the parser may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChunkKind {
    Readable,
    /// Already reported; parsing it would only repeat the mistake.
    Reported,
}

/// Cuts a text.
pub(super) fn scan(id: SourceId, text: &str) -> Scan {
    let mut scan = Scan {
        chunks: vec![],
        comments: vec![],
        diagnostics: vec![],
        deep: false,
        stray: 0,
        open: 0,
        odd: 0,
        foreign: false,
    };
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut restarts = 0;
    while at < text.len() {
        let mut walk = Walk::new(id, text, at);
        let open = walk.chunk();
        let mut end = walk.at;
        if open && restarts < MAX_RESTARTS {
            restarts += 1;
            end = next_statement(text, at).unwrap_or(end);
        }
        scan.deep |= walk.deepest > DEEP;
        scan.stray += walk.brackets.stray.len();
        scan.open += usize::from(open);
        scan.foreign |= walk.foreign;
        scan.odd += walk.odd + walk.brackets.crossed;
        let kind = scan.judge(id, text, &walk);
        scan.comments.extend(walk.comments.into_iter().filter(|comment| comment.span.range().start < end));
        if text.get(at..end).is_some_and(|piece| !piece.trim().is_empty()) {
            scan.chunks.push(Chunk { start: at, end, kind });
        }
        at = end;
    }
    scan
}

impl Scan {
    /// How often braces do not tell what belongs together.
    pub(super) fn doubts(&self) -> usize {
        self.stray + self.open + self.odd
    }

    fn judge(&mut self, id: SourceId, text: &str, walk: &Walk<'_>) -> ChunkKind {
        if let Some(at) = walk.too_deep {
            let span = Span::new(id, at, text.ceil_char_boundary(at + 1));
            let message = format!("nesting goes deeper than {MAX_DEPTH}");
            let help = "split it: name inner parts with `let`, or move steps to a module";
            self.diagnostics.push(Diagnostic::error(codes::TOO_DEEP, span, message).help(help));
            return ChunkKind::Reported;
        }
        let Some((at, what, close)) = walk.unclosed_text() else { return ChunkKind::Readable };
        let span = Span::new(id, at, text.ceil_char_boundary(at + 3));
        self.diagnostics.push(leftover::never_closed(span, what, close));
        ChunkKind::Reported
    }
}

/// The start of the next line after `at` that begins with a letter in its first column.
fn next_statement(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let mut offset = at;
    for line in rest.split_inclusive('\n') {
        if offset > at && line.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Some(offset);
        }
        offset += line.len();
    }
    None
}
