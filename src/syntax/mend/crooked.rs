//! Brackets and quotes that do not agree inside of one line: the edit, or the few, after which it can be read.
//!
//! Edits are tried in the order in which a hand slips, and the first that leaves a line that reads is what was meant.
//! Knows signs, and no statement kind.

use super::super::habit;
use super::super::walk::{Brackets, closing};
use super::lines::Line;

/// A longer line is not tried.
const LONGEST: usize = 1000;
/// What nests deeper than this is not tried.
const DEEPEST: usize = 32;
/// A line is not balanced by more edits.
const MOST: usize = 4;

/// A line that may be crooked, and what stands around it.
pub(super) struct Place<'a> {
    pub(super) line: &'a Line<'a>,
    pub(super) next: Option<&'a Line<'a>>,
    /// How far the head of the block around the innermost is indented.
    pub(super) outer: Option<usize>,
    /// The bracket, over several lines, in which it stands.
    pub(super) bracket: Option<char>,
}

/// How a hand slipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slip {
    /// A sign was typed twice.
    Doubled,
    /// A brace stands in quotes.
    Quoted,
    /// A bracket closes one of another kind.
    Crossed,
    /// What closes a bracket or a text is missing.
    Unclosed,
    /// What opens it is missing.
    Unopened,
    /// It does not belong there.
    Spare,
    /// Which of all these cannot be told.
    Tangled,
}

impl Slip {
    /// What the edit does.
    pub(super) fn remedy(self) -> &'static str {
        match self {
            Self::Doubled => "take one out",
            Self::Quoted => "take the quotes out",
            Self::Crossed => "write the bracket that agrees",
            Self::Unclosed => "close it",
            Self::Unopened => "open it",
            Self::Spare => "take it out",
            Self::Tangled => "leave it out",
        }
    }

    /// What to do, where that sign is meant.
    pub(super) fn help(self, with: &str) -> String {
        match self {
            Self::Doubled | Self::Spare => format!("{}, or write what it belongs to", self.remedy()),
            Self::Quoted => {
                "a block opens with `{` at the end of the line and ends with `}`, without quotes".to_owned()
            }
            Self::Crossed => format!("write `{with}`: a bracket is closed by one of its own kind"),
            Self::Tangled => "look for one too many, one too few, or one of another kind".to_owned(),
            Self::Unclosed | Self::Unopened => format!("add `{with}`, or take out what it belongs to"),
        }
    }
}

/// An edit of a line: so many bytes there become others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Straightening {
    pub(super) slip: Slip,
    pub(super) at: usize,
    pub(super) length: usize,
    pub(super) with: &'static str,
}

impl Straightening {
    fn new(slip: Slip, at: usize, length: usize, with: &'static str) -> Self {
        Self { slip, at, length, with }
    }

    fn of(&self, code: &str) -> Option<String> {
        let (before, behind) = (code.get(..self.at)?, code.get(self.at + self.length..)?);
        Some([before, self.with, behind].concat())
    }

    /// What is open where the edit is, and whether that is a brace in a text.
    pub(super) fn open(&self, code: &str) -> Option<(usize, bool)> {
        let before = Brackets::of(code.get(..self.at)?);
        let bracket = before.open.last().map(|open| (open.at, open.in_text));
        let text = before.text.map(|at| (at, false));
        if matches!(self.with, "\"" | "'") { text.or(bracket) } else { bracket.or(text) }
    }
}

/// A line as it was meant, and the edits that lead there, the last in it first.
pub(super) struct Straight {
    pub(super) code: String,
    pub(super) edits: Vec<Straightening>,
}

impl Straight {
    /// Whether it is sure what was meant, so that what else is found in the line has other causes.
    pub(super) fn is_sure(&self) -> bool {
        let sure = |edit: &Straightening| matches!(edit.slip, Slip::Doubled | Slip::Quoted);
        self.edits.len() == 1 && self.edits.iter().all(sure)
    }
}

impl Place<'_> {
    /// Whether something in the line cannot agree with the lines around it.
    pub(super) fn is_crooked(&self) -> bool {
        let (code, brackets) = (&*self.line.code, &self.line.brackets);
        let script = code.contains("```");
        if self.line.continued || self.line.goes_on && !script || code.len() > LONGEST {
            return false;
        }
        let nested = code.matches(['(', '[', '{']).count();
        let inside = self.bracket.is_some();
        nested <= DEEPEST
            && (brackets.crossed > 0
                || brackets.text.is_some()
                || quoted(code).next().is_some_and(|(at, _)| at == 0 || at + 3 == code.len())
                || !inside && self.closes_more(brackets)
                || !inside && brackets.stray.iter().any(|at| !is_leading(code, self.within(*at)))
                || self.opens_inside(brackets))
    }

    /// Whether the line closes two blocks, and what follows stands in the outer one.
    fn closes_more(&self, brackets: &Brackets) -> bool {
        let goes_on =
            |(next, outer): (&Line<'_>, usize)| next.indent > outer || next.indent == outer && next.closes();
        brackets.stray.len() == 2
            && brackets.open.is_empty()
            && self.line.code.starts_with('}')
            && self.next.zip(self.outer).is_some_and(goes_on)
    }

    /// Where something stands in the line.
    fn within(&self, at: usize) -> usize {
        at.saturating_sub(self.line.start)
    }

    /// Whether a bracket is open at the end of the line that cannot go on in the next.
    fn opens_inside(&self, brackets: &Brackets) -> bool {
        let code = &*self.line.code;
        if ends_with_two(code) {
            return true;
        }
        let inner = brackets.open.iter().rev().find(|open| !is_trailing(code, self.within(open.at)));
        let goes_on = |code: &str| code.ends_with([',', '(', '[', '{', ':', '=']);
        let closes = |sign| self.next.is_some_and(|next| next.code.starts_with(closing(sign)));
        match (inner, code.strip_suffix(" {").map(str::trim_end)) {
            // What opens at the end of the line, and the next neither stands in it nor closes it.
            (None, _) => brackets.open.last().is_some_and(|open| {
                let deeper = self.next.is_some_and(|next| next.indent > self.line.indent);
                open.sign != '{' && !deeper && !closes(open.sign)
            }),
            (Some(_), Some(head)) => !goes_on(head),
            (Some(open), None) => !goes_on(code) && !closes(open.sign),
        }
    }

    /// The line after the first edit with which it agrees with how the next is indented, and can be read. Where there is
    /// none, what at least lets the lines around be read: without what it closes and opens and should not.
    pub(super) fn straightened(&self, reads: &dyn Fn(&str) -> bool) -> Option<Straight> {
        let code = &*self.line.code;
        if self.bracket.is_none() && reads(code) {
            return None;
        }
        let deeper = self.next.is_some_and(|next| next.indent > self.line.indent);
        let straight = |edit: Straightening| {
            let code = edit.of(code).filter(|code| agrees(code, deeper) && reads(&self.whole(code)))?;
            Some(Straight { code, edits: vec![edit] })
        };
        let first = code.find(is_sign).filter(|at| *at < end(code));
        let tangled = first.map(|at| Straightening::new(Slip::Tangled, at, end(code) - at, "\"\""));
        slips(code)
            .find_map(straight)
            .or_else(|| self.balanced(deeper))
            .or_else(|| tangled.and_then(straight))
    }

    fn balanced(&self, deeper: bool) -> Option<Straight> {
        let mut code = self.line.code.clone().into_owned();
        let (last, mut edits) = (end(&code), vec![]);
        while !agrees(&code, deeper) {
            let brackets = Brackets::of(&code);
            let end = end(&code);
            let spare = brackets.stray.iter().rev().find(|at| !is_leading(&code, **at));
            let open = brackets.open.iter().rev().find(|open| !is_trailing(&code, open.at));
            let edit = match (brackets.text, spare, open) {
                (Some(_), _, _) => Straightening::new(Slip::Unclosed, end, 0, "\""),
                (None, Some(at), _) => Straightening::new(Slip::Spare, *at, 1, ""),
                (None, None, Some(open)) => Straightening::new(Slip::Unclosed, end, 0, closing(open.sign)),
                (None, None, None) => return None,
            };
            if edits.len() == MOST {
                return None;
            }
            code = edit.of(&code)?;
            // What is added stands where the line ended before, and what is taken out before that.
            edits.push(Straightening { at: edit.at.min(last), ..edit });
        }
        Some(Straight { code, edits })
    }

    /// The line as a statement of its own.
    fn whole(&self, code: &str) -> String {
        let before = match self.bracket {
            Some('(') => "x f(\n",
            Some('[') => "x [\n",
            Some(_) => "x {\n a: 1,\n",
            None if code.starts_with('}') => "x {\n",
            None => "",
        };
        let opened = Brackets::of(code).open;
        let mut whole = [before, code].concat();
        if code.contains("```") {
            whole.push_str("\n```");
        }
        let around = self.bracket.map(closing);
        let closers = opened.iter().rev().map(|open| closing(open.sign)).chain(around);
        closers.for_each(|sign| whole.extend(["\n", sign]));
        whole
    }
}

/// Whether all that a line closes stands at its beginning, and all that it opens at its end: something where the next
/// line is indented further, and nothing where not.
fn agrees(code: &str, deeper: bool) -> bool {
    let brackets = Brackets::of(code);
    brackets.crossed == 0
        && brackets.text.is_none()
        && brackets.open.is_empty() != deeper
        && brackets.open.iter().all(|open| is_trailing(code, open.at))
        && brackets.stray.iter().all(|at| is_leading(code, *at))
        && !ends_with_two(code)
}

/// Whether two braces end a line of which the second cannot be a map.
fn ends_with_two(code: &str) -> bool {
    code.ends_with("{ {") || code.ends_with("{{") && !habit::is_program(code)
}

fn is_trailing(code: &str, at: usize) -> bool {
    code.get(at..).is_some_and(|rest| rest.trim_start_matches(['{', '(', '[', ' ']).is_empty())
}

fn is_leading(code: &str, at: usize) -> bool {
    code.get(..at).is_some_and(|before| before.trim_end_matches(['}', ')', ']', ' ']).is_empty())
}

/// The braces of a line that stand in quotes, alone.
fn quoted(code: &str) -> impl Iterator<Item = (usize, &'static str)> + '_ {
    let signs = [("\"{\"", "{"), ("\"}\"", "}"), ("'{'", "{"), ("'}'", "}")];
    signs.into_iter().flat_map(|(written, brace)| code.match_indices(written).map(move |(at, _)| (at, brace)))
}

/// All that may have slipped in a line, the likeliest first.
fn slips(code: &str) -> impl Iterator<Item = Straightening> + '_ {
    let signs: Vec<(usize, char)> = code.char_indices().filter(|(_, c)| is_sign(*c)).collect();
    let twice = doubled(code, &signs);
    let doubled = twice.into_iter().map(|(at, length)| Straightening::new(Slip::Doubled, at, length, ""));
    let in_quotes = quoted(code).map(|(at, brace)| Straightening::new(Slip::Quoted, at, 3, brace));
    let spare = signs.clone().into_iter().rev().map(|(at, _)| Straightening::new(Slip::Spare, at, 1, ""));
    let (closers, openers): (Vec<_>, Vec<_>) =
        signs.iter().copied().rev().partition(|(_, c)| matches!(c, ')' | ']' | '}'));
    let text_first = if lacks_its_first_quote(code, &signs) { starts(code) } else { vec![] };
    let likely = doubled.chain(in_quotes).chain(crossed(closers)).chain(added(code, text_first, &["\""]));
    let unclosed = ends(code).into_iter().flat_map(|at| {
        let signs = [")", "]", "}", "\"", "'"];
        signs.into_iter().map(move |sign| Straightening::new(Slip::Unclosed, at, 0, sign))
    });
    let unopened = added(code, starts(code), &["(", "[", "\"", "'"]);
    likely.chain(unclosed).chain(spare).chain(unopened).chain(crossed(openers))
}

/// Each bracket as one of another kind.
fn crossed(signs: Vec<(usize, char)>) -> impl Iterator<Item = Straightening> {
    let others = |c| -> &'static [&'static str] {
        match c {
            ')' => &["]", "}"],
            ']' => &[")", "}"],
            '}' => &[")", "]"],
            '(' => &["[", "{"],
            '[' => &["(", "{"],
            '{' => &["(", "["],
            _ => &[],
        }
    };
    signs.into_iter().flat_map(move |(at, c)| {
        others(c).iter().map(move |with| Straightening::new(Slip::Crossed, at, 1, with))
    })
}

/// What opens something, at any of those places.
fn added<'c>(
    code: &'c str,
    starts: Vec<usize>,
    signs: &'static [&'static str],
) -> impl Iterator<Item = Straightening> + 'c {
    // A text does not begin with a quote.
    let starts = starts.into_iter().filter(|at| code.get(*at..).is_none_or(|rest| !rest.starts_with('"')));
    starts.flat_map(|at| signs.iter().map(move |sign| Straightening::new(Slip::Unopened, at, 0, sign)))
}

/// Whether the last quote of a line, of which it has an odd number, stands where a text ends.
fn lacks_its_first_quote(code: &str, signs: &[(usize, char)]) -> bool {
    let mut quotes = signs.iter().filter(|(_, c)| *c == '"').map(|(at, _)| *at);
    let (last, odd) = (quotes.clone().next_back(), quotes.by_ref().count() % 2 == 1);
    last.filter(|_| odd).is_some_and(|at| {
        let (before, behind) = (code.get(..at).unwrap_or_default(), code.get(at + 1..).unwrap_or_default());
        !before.ends_with([' ', '(', '[', '=', ','])
            && (behind.is_empty() || behind.starts_with([' ', ')', ',']))
    })
}

fn is_sign(c: char) -> bool {
    matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '"' | '\'')
}

/// Signs that stand twice, with nothing but blanks between: the second with the blanks before it.
fn doubled(code: &str, signs: &[(usize, char)]) -> Vec<(usize, usize)> {
    let pairs = signs.iter().zip(signs.iter().skip(1));
    let twice = pairs.filter(|((one, sign), (other, again))| {
        let between = code.get(one + 1..*other).unwrap_or_default();
        // Between two texts there are blanks.
        sign == again && between.trim().is_empty() && (between.is_empty() || !matches!(sign, '"' | '\''))
    });
    twice.map(|((one, _), (other, _))| (one + 1, other - one)).collect()
}

/// Where the words of a line end: before the brace of a block.
fn end(code: &str) -> usize {
    code.strip_suffix('{').map_or(code, str::trim_end).trim_end().len()
}

/// Where something may end: before the brace of a block, at the end of the line, and behind each word, the last first.
fn ends(code: &str) -> Vec<usize> {
    let behind = |at: &usize| {
        let next = code.get(*at..).and_then(|rest| rest.chars().next());
        let last = code.get(..*at).and_then(|before| before.chars().next_back());
        last.is_some_and(|c| !c.is_whitespace())
            && next.is_none_or(|c| c.is_whitespace() || matches!(c, ')' | ']' | '}' | ',' | ':' | '"'))
    };
    let all = (0..=code.len()).rev().filter(|at| code.is_char_boundary(*at)).filter(behind);
    std::iter::once(end(code)).chain(all).collect()
}

/// Where something may begin: at each word but the first; those behind a gap and those that begin like a sentence before
/// the others.
fn starts(code: &str) -> Vec<usize> {
    let begins = |at: &usize| {
        let last = code.get(..*at).and_then(|before| before.chars().next_back());
        let next = code.get(*at..).and_then(|rest| rest.chars().next());
        last.is_some_and(|c| c.is_whitespace() || matches!(c, '(' | '[' | '{' | ','))
            && next.is_some_and(|c| !c.is_whitespace() && !matches!(c, ')' | ']' | '}' | ','))
    };
    let mut all: Vec<usize> =
        (1..code.len()).filter(|at| code.is_char_boundary(*at)).filter(begins).collect();
    all.sort_by_key(|at| {
        let (before, behind) = code.split_at(*at);
        match (before.ends_with("  "), behind.starts_with(|c: char| c.is_uppercase())) {
            (true, _) => (0, code.len() - at),
            (false, true) => (1, *at),
            (false, false) => (2, *at),
        }
    });
    all
}
