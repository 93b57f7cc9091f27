//! A walk over a text, line by line: what each line opens and closes, and where a statement ends.
//!
//! Knows brackets, strings, prose, fences and comments, and nothing else.

use super::habit::{self, is_prefix, is_word};
use super::tree::Comment;
use crate::text::{SourceId, Span};

/// Deeper nesting of anything is refused.
pub(super) const MAX_DEPTH: usize = 256;
/// What nests deeper needs more stack than a thread usually has.
pub(super) const DEEP: usize = 48;

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
    /// Where a quote begins or ends a text inside of a word.
    pub(super) glued: Option<usize>,
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

/// What the walk stands in, besides brackets.
pub(super) enum Inside {
    /// `"""`, opened there.
    Prose(usize),
    /// So many backticks, opened there.
    Fence(usize, usize),
}

/// A walk over a text, line by line.
pub(super) struct Walk<'a> {
    id: SourceId,
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) brackets: Brackets,
    /// Where the last text begins that stands in no other.
    quote: usize,
    /// The greatest depth so far.
    pub(super) deepest: usize,
    pub(super) inside: Option<Inside>,
    pub(super) comments: Vec<Comment>,
    pub(super) too_deep: Option<usize>,
    /// How often `else if` went on so far.
    chain: usize,
    /// How many lines open or close something as other languages do, or a text that they do not close.
    pub(super) odd: usize,
    /// Whether a line may begin a piece that was pasted.
    pub(super) foreign: bool,
    /// Where the words of a program may begin in the line.
    words: Option<usize>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(id: SourceId, text: &'a str, at: usize) -> Self {
        let (brackets, comments) = (Brackets::default(), vec![]);
        let (inside, too_deep) = (None, None);
        let (quote, deepest, chain, odd) = (0, 0, 0, 0);
        let (foreign, words) = (false, None);
        Self {
            id,
            text,
            at,
            brackets,
            quote,
            deepest,
            inside,
            comments,
            too_deep,
            chain,
            odd,
            foreign,
            words,
        }
    }

    /// Walks to the end of the statement; true where the text ended inside of it.
    pub(super) fn chunk(&mut self) -> bool {
        let (mut goes_on, mut bracket) = (false, false);
        while self.at < self.text.len() {
            let (line, inside) = (self.line(), self.inside.is_some());
            let ticks = if let Some(Inside::Fence(ticks, _)) = self.inside { Some(ticks) } else { None };
            let code = self.walk_line(line);
            self.at += line.len();
            let trimmed = code.trim_start();
            self.foreign |= habit::is_odd_fence(line, ticks)
                || !inside
                    && !goes_on
                    && (habit::begins_script(line.trim_start()) || habit::begins_piece(trimmed));
            if !inside && !goes_on && !trimmed.is_empty() {
                self.odd += usize::from(habit::is_doubtful(trimmed, bracket));
                bracket = habit::ends_with_bracket(trimmed);
            }
            goes_on = code.ends_with('\\') && self.inside.is_none();
            self.odd += usize::from(goes_on && blanks_behind(line.get(code.len()..).unwrap_or_default()) > 0);
            let (text, glued) = (self.brackets.text.take(), self.brackets.glued.take());
            self.odd += usize::from(text.is_some()) + usize::from(glued.is_some());
            if self.brackets.open.is_empty() && self.inside.is_none() && !goes_on {
                return false;
            }
        }
        !self.brackets.open.is_empty() || self.inside.is_some()
    }

    pub(super) fn line(&self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or("");
        rest.split_inclusive('\n').next().unwrap_or("")
    }

    /// Walks over a line; what it holds besides a comment and the blanks before that.
    pub(super) fn walk_line(&mut self, line: &'a str) -> &'a str {
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
        self.words = line.find("run ");
        let comments = self.comments.len();
        while let Some(next) = self.token(line, from) {
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
    fn token(&mut self, line: &'a str, from: usize) -> Option<usize> {
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
                    let before = line.get(..from).unwrap_or_default();
                    let word = before.rsplit(|c| !is_word(c)).next().unwrap_or_default();
                    // Before a text that is closed it is told as what it is, where values are read.
                    if !(is_prefix(word) && rest.get(1..).is_some_and(|behind| behind.contains('"'))) {
                        self.glued(from, word.chars().next_back());
                    }
                }
                Some(self.string(line, from + 1))
            }
            '\'' => Some(self.verbatim(line, from + 1)),
            '`' if rest.starts_with("```") => {
                let ticks = rest.bytes().take_while(|byte| *byte == b'`').count();
                self.inside = Some(Inside::Fence(ticks, self.at + from));
                None
            }
            '/' if self.words.is_none() && spaced => {
                Some(after_pattern(rest).map_or(from + 1, |end| from + end))
            }
            '{' | '[' | '(' => {
                self.open(from, first, false);
                Some(from + 1)
            }
            '}' | ']' | ')' => Some(self.close(line, from, first)),
            other => Some(from + other.len_utf8()),
        }
    }

    /// A quote there, at which a text begins or ends, and the letter beside it that is none of the text: of a word, if it is
    /// no program's.
    fn glued(&mut self, quote: usize, beside: Option<char>) {
        if beside.is_some_and(is_word) && self.words.is_none_or(|words| quote < words) {
            self.brackets.glued.get_or_insert(self.at + quote);
        }
    }

    /// Whether the innermost bracket that is open holds values, and no lines.
    pub(super) fn is_in_list(&self) -> bool {
        let is_map = |at: usize| opens_map(self.text.get(..at).unwrap_or_default());
        let holds = |open: &Bracket| matches!(open.sign, '(' | '[') || open.sign == '{' && is_map(open.at);
        self.brackets.open.last().is_some_and(holds)
    }

    /// Whether it stands in a value of a text of this line.
    fn is_in_text(&self) -> bool {
        // Those of this line were opened last: what a text never closes may be open by the thousand.
        self.brackets.open.iter().rev().take_while(|open| open.at >= self.at).any(|open| open.in_text)
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
        self.brackets.crossed += usize::from(!closing(open.sign).starts_with(sign));
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
                '"' => {
                    let end = from + at + 1;
                    if !self.is_in_text() {
                        self.glued(end - 1, line.get(end..).and_then(|behind| behind.chars().next()));
                    }
                    return end;
                }
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

    pub(super) fn unclosed_text(&self) -> Option<(usize, &'static str, &'static str)> {
        match self.inside.as_ref()? {
            Inside::Prose(at) => Some((*at, "prose", "`\"\"\"`")),
            Inside::Fence(_, at) => Some((*at, "script", "the same backticks")),
        }
    }
}

/// How many blanks stand behind what a line holds, and nothing else.
pub(super) fn blanks_behind(rest: &str) -> usize {
    let line = rest.split('\n').next().unwrap_or_default().trim_end_matches('\r');
    if line.trim().is_empty() { line.len() } else { 0 }
}

/// Whether a brace behind this opens a map, and no block.
pub(super) fn opens_map(before: &str) -> bool {
    let before = before.trim_end();
    // Behind a colon it is the type of what a block returns.
    let json = before.ends_with(" json") && !before.ends_with(": json");
    json || before.ends_with(['=', ':', ',', '(', '['])
}

/// What closes a bracket.
pub(super) fn closing(open: char) -> &'static str {
    match open {
        '(' => ")",
        '[' => "]",
        _ => "}",
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
