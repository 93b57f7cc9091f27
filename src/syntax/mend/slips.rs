//! How a hand slips in a line of brackets and quotes, and the edits that may have been meant, the likeliest first. Knows
//! signs, and neither what a statement is nor the lines around.

use std::borrow::Cow;

use super::super::habit;
use super::super::walk::Brackets;

/// What is wrong with a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// A sign was typed twice.
    Doubled,
    /// A brace stands in quotes.
    Quoted,
    /// A quote stands inside of a word, and belongs where that begins or ends.
    Moved,
    /// A quote stands inside of a word, and does not belong there.
    Glued,
    /// A blank is missing between a word and a text.
    BlankMissing,
    /// JSON stands in double quotes.
    Json,
    /// A bracket closes one of another kind.
    Crossed,
    /// What closes a bracket or a text is missing.
    Unclosed,
    /// What opens it is missing.
    Unopened,
    /// It does not belong there.
    Spare,
    /// What closes nothing begins the line, which nothing else makes readable.
    Unread,
    /// Which of all these cannot be told.
    Tangled,
}

impl Flaw {
    /// What the edit does.
    pub(super) fn remedy(self) -> &'static str {
        match self {
            Self::Doubled => "take one out",
            Self::Quoted => "take the quotes out",
            Self::Moved => "move it",
            Self::BlankMissing => "write a blank",
            Self::Json => "write it in single quotes",
            Self::Crossed => "write the bracket that agrees",
            Self::Unclosed => "close it",
            Self::Unopened => "open it",
            Self::Spare | Self::Glued => "take it out",
            Self::Tangled | Self::Unread => "leave it out",
        }
    }

    /// What to do, where that sign is meant.
    pub(super) fn help(self, with: &str) -> String {
        match self {
            Self::Doubled | Self::Spare => format!("{}, or write what it belongs to", self.remedy()),
            Self::Quoted => {
                "a block opens with `{` at the end of the line and ends with `}`, without quotes".to_owned()
            }
            Self::Moved => format!("write `{with}`: a text begins and ends with its quotes"),
            Self::BlankMissing => "a blank stands between a word and a text".to_owned(),
            Self::Json => format!("write `{with}`: a text in single quotes is verbatim"),
            Self::Glued => "take it out: a text begins and ends with its quotes".to_owned(),
            Self::Crossed => format!("write `{with}`: a bracket is closed by one of its own kind"),
            Self::Unread => "take it out, or write the word that was meant".to_owned(),
            Self::Tangled => "look for one too many, one too few, or one of another kind".to_owned(),
            Self::Unclosed | Self::Unopened => format!("add `{with}`, or take out what it belongs to"),
        }
    }
}

/// An edit of a line: so many bytes there become others.
#[derive(Clone, Debug)]
pub(super) struct Straightening {
    pub(super) flaw: Flaw,
    pub(super) at: usize,
    pub(super) length: usize,
    pub(super) with: Cow<'static, str>,
}

impl Straightening {
    pub(super) fn new(flaw: Flaw, at: usize, length: usize, with: &'static str) -> Self {
        Self { flaw, at, length, with: Cow::Borrowed(with) }
    }

    pub(super) fn of(&self, code: &str) -> Option<String> {
        let (before, behind) = (code.get(..self.at)?, code.get(self.at + self.length..)?);
        Some([before, &self.with, behind].concat())
    }

    /// What is open where the edit is, and whether that is a brace in a text.
    pub(super) fn open(&self, code: &str) -> Option<(usize, bool)> {
        let before = Brackets::of(code.get(..self.at)?);
        let bracket = before.open.last().map(|open| (open.at, open.in_text));
        let text = before.text.map(|at| (at, false));
        if matches!(&*self.with, "\"" | "'") { text.or(bracket) } else { bracket.or(text) }
    }
}

/// The braces of a line that stand in quotes, alone.
pub(super) fn quoted(code: &str) -> impl Iterator<Item = (usize, &'static str)> + '_ {
    let signs = [("\"{\"", "{"), ("\"}\"", "}"), ("'{'", "{"), ("'}'", "}")];
    signs.into_iter().flat_map(|(written, brace)| code.match_indices(written).map(move |(at, _)| (at, brace)))
}

/// All that may have slipped in a line, the likeliest first.
pub(super) fn slips(code: &str) -> impl Iterator<Item = Straightening> + '_ {
    let signs: Vec<(usize, char)> = code.char_indices().filter(|(_, c)| is_sign(*c)).collect();
    let twice = doubled(code, &signs);
    let doubled = twice.into_iter().map(|(at, length)| Straightening::new(Flaw::Doubled, at, length, ""));
    let in_quotes = quoted(code).map(|(at, brace)| Straightening::new(Flaw::Quoted, at, 3, brace));
    let spare = signs.clone().into_iter().rev().map(|(at, _)| Straightening::new(Flaw::Spare, at, 1, ""));
    let (closers, openers): (Vec<_>, Vec<_>) =
        signs.iter().copied().rev().partition(|(_, c)| matches!(c, ')' | ']' | '}'));
    let text_first = if lacks_its_first_quote(code, &signs) { starts(code) } else { vec![] };
    let first =
        braced(code).into_iter().chain(glued(code)).chain(two_behind(code)).chain(block_not_opened(code));
    let opened = added(code, text_first, &["\""]);
    let likely = first.chain(doubled).chain(in_quotes).chain(replaced(closers, crossed)).chain(opened);
    let unclosed = ends(code).into_iter().flat_map(|at| {
        let signs = [")", "]", "}", "\"", "'"];
        signs.into_iter().map(move |sign| Straightening::new(Flaw::Unclosed, at, 0, sign))
    });
    let unopened = added(code, starts(code), &["(", "[", "\"", "'"]);
    let others = replaced(openers, crossed).chain(replaced(signs, turned));
    likely.chain(unclosed).chain(spare).chain(open_word(code)).chain(unopened).chain(others)
}

/// A quote that stands inside of a word: moved to where that begins or ends, or taken out.
fn glued(code: &str) -> Vec<Straightening> {
    let Some(at) = Brackets::of(code).glued else { return vec![] };
    let (before, behind) = (code.get(..at).unwrap_or_default(), code.get(at + 1..).unwrap_or_default());
    let head = before.len() - before.trim_end_matches(habit::is_word).len();
    let tail = behind.len() - behind.trim_start_matches(habit::is_word).len();
    let moved = |at: usize, length: usize, with: String| Straightening {
        flaw: Flaw::Moved,
        at,
        length,
        with: Cow::Owned(with),
    };
    let word = |from: usize, length: usize| code.get(from..from + length).unwrap_or_default();
    let sentence = sentence(before);
    let ends = behind.is_empty()
        || behind.starts_with([',', ')', ']'])
        || sentence.is_some() && behind.starts_with(' ');
    let unopened = (head > 0 && ends)
        .then(|| Straightening::new(Flaw::Unopened, sentence.unwrap_or(at - head), 0, "\""));
    let listed = listed(before).map(|at| Straightening::new(Flaw::Unclosed, at, 0, "\""));
    let joined = blank_missing(code, at).map(|at| Straightening::new(Flaw::BlankMissing, at, 0, " "));
    let others = [
        moved(at - head, head + 1, format!("\"{}", word(at - head, head))),
        moved(at, tail + 1, format!("{}\"", word(at + 1, tail))),
        Straightening::new(Flaw::Glued, at, 1, ""),
    ];
    listed.into_iter().chain(joined).chain(unopened).chain(others).collect()
}

/// Where the text before a quote ends, if that opens the next one of a list: `["a", "b, "c"]`.
fn listed(before: &str) -> Option<usize> {
    let words = before.strip_suffix(' ')?.strip_suffix(',')?;
    let text = words.rsplit('"').next()?;
    (!text.is_empty() && !text.ends_with(' ') && words.len() > text.len()).then_some(words.len())
}

/// Where the words begin that stand like a sentence at the end of what stands before a quote: behind a gap, or with a capital.
fn sentence(before: &str) -> Option<usize> {
    let at = *starts(before).first()?;
    let (head, words) = before.split_at_checked(at)?;
    let begins = head.ends_with("  ") || words.starts_with(|c: char| c.is_uppercase());
    (begins && !words.contains(is_sign)).then_some(at)
}

/// Where only a blank is missing beside a quote, in a line with all its texts closed: behind the word with which it begins, or
/// before a word behind a text.
fn blank_missing(code: &str, quote: usize) -> Option<usize> {
    let (before, behind) = (code.get(..quote)?, code.get(quote + 1..)?);
    let is_small = |c: char| c.is_ascii_lowercase() || c == '_';
    let closed = code.matches('"').count().is_multiple_of(2);
    let ends_text = before.matches('"').count() % 2 == 1;
    let rest = behind.trim_start_matches(is_small);
    let word = behind.len() - rest.len() > 1 && rest.starts_with(' ');
    let fits = if ends_text { word } else { !before.is_empty() && before.chars().all(is_small) };
    (closed && fits).then_some(quote + usize::from(ends_text))
}

/// An object or a list of JSON in double quotes, in which a brace begins a value.
pub(super) fn braced(code: &str) -> Option<Straightening> {
    let quotes: Vec<usize> = code.match_indices('"').map(|(at, _)| at).collect();
    let begins = |at: &&usize| {
        let inside = code.get(*at + 1..).unwrap_or_default().trim_start();
        let first = inside.trim_start_matches(['{', '[', ' ']);
        first.len() < inside.len() && first.starts_with(['"', '\\'])
    };
    let json = |at: usize, end: usize| {
        let plain = code.get(at + 1..end)?.replace("\\\"", "\"");
        let whole = !plain.contains('\'') && serde_json::from_str::<serde::de::IgnoredAny>(&plain).is_ok();
        let with = Cow::Owned(format!("'{plain}'"));
        whole.then_some(Straightening { flaw: Flaw::Json, at, length: end + 1 - at, with })
    };
    // The first quote opens a text, the second closes it.
    let openers = quotes.iter().step_by(2).filter(begins);
    openers
        .flat_map(|at| quotes.iter().rev().map(|end| (*at, *end)))
        .filter(|(at, end)| end > at)
        .find_map(|(at, end)| json(at, end))
}

/// Two braces behind a block that stands on one line.
fn two_behind(code: &str) -> Option<Straightening> {
    let before = code.strip_suffix("{{").or_else(|| code.strip_suffix("{ {"))?.trim_end();
    before
        .ends_with('}')
        .then(|| Straightening::new(Flaw::Spare, before.len(), code.len() - before.len(), ""))
}

/// What a program is given, from the bracket that it does not close to the end of that word.
fn open_word(code: &str) -> Option<Straightening> {
    let at = Brackets::of(code).open.first().filter(|_| habit::is_program(code))?.at;
    let word = code.get(at..)?.split([' ', '\t']).next()?;
    Some(Straightening::new(Flaw::Spare, at, word.len(), "\"\""))
}

/// The brace that is missing before `run`, in a block that stands on one line.
fn block_not_opened(code: &str) -> Option<Straightening> {
    let at = code.find(" run ").filter(|_| code.ends_with(" }"))? + 1;
    Some(Straightening::new(Flaw::Unopened, at, 0, "{ "))
}

/// Each bracket as each of some others.
fn replaced(
    signs: Vec<(usize, char)>,
    others: fn(char) -> &'static [&'static str],
) -> impl Iterator<Item = Straightening> {
    signs.into_iter().flat_map(move |(at, c)| {
        others(c).iter().map(move |with| Straightening::new(Flaw::Crossed, at, 1, with))
    })
}

/// The brackets of another kind that go the same way.
fn crossed(bracket: char) -> &'static [&'static str] {
    match bracket {
        ')' => &["]", "}"],
        ']' => &[")", "}"],
        '}' => &[")", "]"],
        '(' => &["[", "{"],
        '[' => &["(", "{"],
        '{' => &["(", "["],
        _ => &[],
    }
}

/// The brackets that go the other way.
fn turned(bracket: char) -> &'static [&'static str] {
    match bracket {
        '(' | '[' | '{' => &[")", "]", "}"],
        ')' | ']' | '}' => &["(", "[", "{"],
        _ => &[],
    }
}

/// What opens something, at any of those places.
fn added<'c>(
    code: &'c str,
    starts: Vec<usize>,
    signs: &'static [&'static str],
) -> impl Iterator<Item = Straightening> + 'c {
    // A text does not begin with a quote.
    let starts = starts.into_iter().filter(|at| code.get(*at..).is_none_or(|rest| !rest.starts_with('"')));
    starts.flat_map(|at| signs.iter().map(move |sign| Straightening::new(Flaw::Unopened, at, 0, sign)))
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

pub(super) fn is_sign(c: char) -> bool {
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
pub(super) fn end(code: &str) -> usize {
    let head = code.strip_suffix('{').filter(|head| Brackets::of(head).text.is_none());
    head.unwrap_or(code).trim_end().len()
}

/// Where something may end: before the brace of a block or a last comma, at the end of the line, and behind each word, the
/// last first.
fn ends(code: &str) -> Vec<usize> {
    let behind = |at: &usize| {
        let next = code.get(*at..).and_then(|rest| rest.chars().next());
        let last = code.get(..*at).and_then(|before| before.chars().next_back());
        last.is_some_and(|c| !c.is_whitespace())
            && next.is_none_or(|c| c.is_whitespace() || matches!(c, ')' | ']' | '}' | ',' | ':' | '"'))
    };
    let all = (0..=code.len()).rev().filter(|at| code.is_char_boundary(*at)).filter(behind);
    let end = code.strip_suffix(',').map_or_else(|| end(code), str::len);
    std::iter::once(end).chain(all).collect()
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
