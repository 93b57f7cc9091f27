//! The scan before the parser: cuts a text into top-level statements, collects comments, and bounds nesting.
//!
//! Knows brackets, strings, prose, fences and comments, and nothing else. Linear in the text.

use super::habit;
use super::tree::Comment;
use crate::diag::{Diagnostic, codes};
use crate::text::{SourceId, Span};

/// Deeper nesting of anything is refused.
const MAX_DEPTH: usize = 256;
/// What nests deeper needs more stack than a thread usually has.
const DEEP: usize = 48;
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
        let message = format!("this {what} is never closed");
        let help = format!("close it with {close} alone on a line");
        self.diagnostics.push(Diagnostic::error(codes::UNCLOSED, span, message).help(help));
        ChunkKind::Reported
    }
}

/// What the lines of a text open and close.
pub(super) struct Outline<'a> {
    walk: Walk<'a>,
    /// Where the last line ends that holds more than a comment.
    last: usize,
    continued: bool,
}

/// A line of code, as its brackets have it.
pub(super) struct Outlined {
    /// Where it begins, and where its code ends.
    pub(super) range: std::ops::Range<usize>,
    /// Where the last line before it ends that holds more than a comment.
    pub(super) before: usize,
    pub(super) brackets: Brackets,
    /// Whether it goes on a line before it, or begins inside of prose or a script.
    pub(super) continued: bool,
    /// Whether the next line goes on with it, or stands inside of prose or a script.
    pub(super) goes_on: bool,
}

/// What a line opens and closes beyond its ends, and what does not agree inside of it.
#[derive(Clone, Default)]
pub(super) struct Brackets {
    /// What it opens and does not close.
    pub(super) open: Vec<Bracket>,
    /// Where it closes what it did not open.
    pub(super) stray: Vec<usize>,
    /// How often a bracket closes one of another kind.
    pub(super) crossed: usize,
    /// Where the text begins that it does not close.
    pub(super) text: Option<usize>,
}

/// A bracket that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bracket {
    pub(super) at: usize,
    pub(super) sign: char,
    /// Whether it stands in a text, which goes on behind what closes it.
    pub(super) in_text: bool,
}

impl Brackets {
    /// Those of a line by itself.
    pub(super) fn of(line: &str) -> Self {
        let mut walk = Walk::new(SourceId(0), line, 0);
        walk.walk_line(line);
        walk.brackets
    }

    /// How many more brackets the line opens than it closes.
    pub(super) fn opens(&self) -> isize {
        self.open.len().cast_signed() - self.stray.len().cast_signed()
    }
}

impl<'a> Outline<'a> {
    pub(super) fn new(id: SourceId, text: &'a str) -> Self {
        Self { walk: Walk::new(id, text, 0), last: 0, continued: false }
    }

    /// Where the last line of all ends that holds more than a comment.
    pub(super) fn end(&self) -> usize {
        self.last
    }

    /// The next line of code; those inside of prose and scripts are none, unless what stands behind opens or closes something.
    pub(super) fn line(&mut self) -> Option<Outlined> {
        while self.walk.at < self.walk.text.len() {
            let (line, start, before) = (self.walk.line(), self.walk.at, self.last);
            let (inside, continued) = (self.walk.inside.is_some(), self.continued);
            self.walk.brackets = Brackets::default();
            let code = self.walk.walk_line(line);
            self.walk.at += line.len();
            let end = start + code.len();
            if !code.trim_start().is_empty() {
                self.last = end;
                self.continued = code.ends_with('\\') && self.walk.inside.is_none();
                let goes_on = self.continued || self.walk.inside.is_some();
                let brackets = std::mem::take(&mut self.walk.brackets);
                if !inside || brackets.opens() != 0 {
                    let continued = continued || inside;
                    return Some(Outlined { range: start..end, before, brackets, continued, goes_on });
                }
            }
        }
        None
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

/// What the walk stands in, besides brackets.
enum Inside {
    /// `"""`, opened there.
    Prose(usize),
    /// So many backticks, opened there.
    Fence(usize, usize),
}

/// A walk over one chunk.
struct Walk<'a> {
    id: SourceId,
    text: &'a str,
    at: usize,
    brackets: Brackets,
    /// Where the last text begins that stands in no other.
    quote: usize,
    /// The greatest depth so far.
    deepest: usize,
    inside: Option<Inside>,
    comments: Vec<Comment>,
    too_deep: Option<usize>,
    chain: usize,
    odd: usize,
}

impl<'a> Walk<'a> {
    fn new(id: SourceId, text: &'a str, at: usize) -> Self {
        let (brackets, comments) = (Brackets::default(), vec![]);
        let (inside, too_deep) = (None, None);
        let (quote, deepest, chain, odd) = (0, 0, 0, 0);
        Self { id, text, at, brackets, quote, deepest, inside, comments, too_deep, chain, odd }
    }

    /// Walks to the end of the statement; true where the text ended inside of it.
    fn chunk(&mut self) -> bool {
        let (mut goes_on, mut bracket) = (false, false);
        while self.at < self.text.len() {
            let (line, inside) = (self.line(), self.inside.is_some());
            let code = self.walk_line(line);
            self.at += line.len();
            let trimmed = code.trim_start();
            if !inside && !goes_on && !trimmed.is_empty() {
                self.odd += usize::from(habit::is_doubtful(trimmed, bracket));
                bracket = habit::ends_with_bracket(trimmed);
            }
            goes_on = code.ends_with('\\') && self.inside.is_none();
            self.odd += usize::from(self.brackets.text.take().is_some());
            if self.brackets.open.is_empty() && self.inside.is_none() && !goes_on {
                return false;
            }
        }
        !self.brackets.open.is_empty() || self.inside.is_some()
    }

    fn line(&self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or("");
        rest.split_inclusive('\n').next().unwrap_or("")
    }

    /// Walks over a line; what it holds besides a comment and the blanks before that.
    fn walk_line(&mut self, line: &'a str) -> &'a str {
        self.count_words(line);
        let mut from = 0;
        match self.inside {
            Some(Inside::Fence(ticks, _)) => {
                let Some(behind) = after_fence(line, ticks) else { return line.trim_end() };
                self.inside = None;
                from = line.len() - behind.len();
            }
            Some(Inside::Prose(_)) => match line.find("\"\"\"") {
                Some(end) => {
                    self.inside = None;
                    from = end + 3;
                }
                None => return line.trim_end(),
            },
            None => {}
        }
        let (programs, comments) = (line.contains("run "), self.comments.len());
        while let Some(next) = self.token(line, from, programs) {
            from = next;
        }
        if self.is_in_text() {
            self.brackets.text.get_or_insert(self.quote);
        }
        let comment = self.comments.get(comments).map(|comment| comment.span.range().start - self.at);
        line.get(..comment.unwrap_or(line.len())).unwrap_or_default().trim_end()
    }

    /// Nesting that has no brackets: `if … then if …`, `list of list of …`, `else if` chains.
    fn count_words(&mut self, line: &str) {
        let chained = line.trim_start().starts_with("} else if");
        self.chain = if chained { self.chain + 1 } else { self.chain };
        // Of a line that is too short to nest deep nothing is counted: that would be half of the scan.
        let long = line.len() > DEEP * " of ".len();
        let repeated =
            [" then ", " of ", "not "].iter().filter(|_| long).map(|word| line.matches(word).count()).max();
        let nested = self.chain.max(repeated.unwrap_or_default());
        self.deepest = self.deepest.max(nested);
        if self.inside.is_none() && nested > MAX_DEPTH {
            self.too_deep.get_or_insert(self.at);
        }
    }

    /// Passes over one token of a line; `None` at its end.
    fn token(&mut self, line: &'a str, from: usize, programs: bool) -> Option<usize> {
        let rest = line.get(from..)?;
        let first = rest.chars().next()?;
        let spaced = line.get(..from).is_none_or(|before| before.is_empty() || before.ends_with([' ', '\t']));
        match first {
            '#' if spaced => {
                self.comment(rest, from);
                None
            }
            '"' if rest.starts_with("\"\"\"") => self.prose(rest, from),
            '"' => {
                if !self.is_in_text() {
                    self.quote = self.at + from;
                }
                Some(self.string(line, from + 1))
            }
            '\'' => Some(self.verbatim(line, from + 1)),
            '`' if rest.starts_with("```") => {
                let ticks = rest.bytes().take_while(|byte| *byte == b'`').count();
                self.inside = Some(Inside::Fence(ticks, self.at + from));
                None
            }
            '/' if !programs && spaced => Some(after_pattern(rest).map_or(from + 1, |end| from + end)),
            '{' | '[' | '(' => {
                self.open(from, first, false);
                Some(from + 1)
            }
            '}' | ']' | ')' => Some(self.close(line, from, first)),
            other => Some(from + other.len_utf8()),
        }
    }

    /// Whether it stands in a value of a text of this line.
    fn is_in_text(&self) -> bool {
        self.brackets.open.iter().any(|open| open.in_text && open.at >= self.at)
    }

    fn open(&mut self, from: usize, sign: char, in_text: bool) {
        let at = self.at + from;
        self.brackets.open.push(Bracket { at, sign, in_text });
        let depth = self.brackets.open.len();
        self.deepest = self.deepest.max(depth);
        if depth > MAX_DEPTH {
            self.too_deep.get_or_insert(at);
        }
    }

    /// Passes over a bracket that closes, and goes on in the text whose interpolation it ended.
    fn close(&mut self, line: &str, from: usize, sign: char) -> usize {
        let Some(open) = self.brackets.open.pop() else {
            self.brackets.stray.push(self.at + from);
            return from + 1;
        };
        self.brackets.crossed += usize::from(closing(open.sign) != sign);
        // A text ends with its line, whatever is open in it.
        if open.in_text && open.at >= self.at { self.string(line, from + 1) } else { from + 1 }
    }

    fn comment(&mut self, rest: &str, from: usize) {
        let start = self.at + from;
        let text = rest.trim_end_matches(['\n', '\r']);
        let span = Span::new(self.id, start, start + text.len());
        let text = text.trim_start_matches('#').trim().to_owned();
        self.comments.push(Comment { span, text });
    }

    fn prose(&mut self, rest: &str, from: usize) -> Option<usize> {
        let end = rest.get(3..).and_then(|inner| inner.find("\"\"\""));
        if end.is_none() {
            self.inside = Some(Inside::Prose(self.at + from));
        }
        end.map(|end| from + end + 6)
    }

    /// Passes over a string up to its end or its next `{`.
    fn string(&mut self, line: &str, from: usize) -> usize {
        let rest = line.get(from..).unwrap_or("");
        let mut chars = rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => drop(chars.next()),
                '"' => return from + at + 1,
                '{' if chars.peek().is_some_and(|(_, next)| *next == '{') => drop(chars.next()),
                '{' => {
                    self.open(from + at, c, true);
                    return from + at + 1;
                }
                _ => {}
            }
        }
        self.brackets.text.get_or_insert(self.quote);
        line.len()
    }

    /// Passes over a text in which nothing counts, up to its end.
    fn verbatim(&mut self, line: &str, from: usize) -> usize {
        let end = line.get(from..).and_then(|rest| rest.find('\''));
        if end.is_none() {
            self.brackets.text.get_or_insert(self.at + from - 1);
        }
        end.map_or(from, |end| from + end + 1)
    }

    fn unclosed_text(&self) -> Option<(usize, &'static str, &'static str)> {
        match self.inside.as_ref()? {
            Inside::Prose(at) => Some((*at, "prose", "`\"\"\"`")),
            Inside::Fence(_, at) => Some((*at, "script", "the same backticks")),
        }
    }
}

/// What closes a bracket.
pub(super) fn closing(open: char) -> char {
    match open {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

/// What stands behind the backticks that close a script, if this line of it does: nothing, or a block.
pub(crate) fn after_fence(line: &str, ticks: usize) -> Option<&str> {
    let trimmed = line.trim_start_matches([' ', '\t']);
    let behind = trimmed.trim_start_matches('`');
    let block = behind.trim();
    (trimmed.len() - behind.len() == ticks && (block.is_empty() || block.starts_with('{'))).then_some(behind)
}

/// The end of a regular expression that begins a text, if it is one: at the first `/` with no `\` right before it, as the
/// grammar has it.
pub(crate) fn after_pattern(rest: &str) -> Option<usize> {
    let body = rest.get(1..)?;
    if body.starts_with([' ', '/', '\n']) {
        return None;
    }
    let line = body.split('\n').next()?;
    let end =
        line.match_indices('/').find(|(at, _)| line.get(..*at).is_some_and(|before| !before.ends_with('\\')));
    end.map(|(at, _)| at + 2)
}
