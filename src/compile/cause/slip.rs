//! Slips of a hand near a place of a text, taken back: a blank, a sign or the end of a line that stands in a word, and a
//! blank or a sign one letter off. Whether one of them is what was meant is for the caller to find out.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::compile::bundled;
use crate::diag::Edit;
use crate::forms;
use crate::syntax::is_word;
use crate::text::{Source, Sources, Span};

/// More signs between two words are no slip.
const MOST_SIGNS: usize = 4;
/// Of long words only the ends are looked at.
const MOST_GAPS: usize = 12;

/// What may have been meant.
pub(super) struct Slip {
    /// What takes it back.
    pub(super) edit: Edit,
    /// The words there as they are then; empty where they go over lines.
    pub(super) meant: String,
}

/// What stands between two lines that are joined.
const JOINED: &str = " ";
/// What stands between two that were one.
const PARTED: &str = "\n";

impl Slip {
    /// What to know, where that is not the words that are meant.
    pub(super) fn help(&self) -> Option<String> {
        match (self.meant.as_str(), self.edit.text.as_str()) {
            ("", JOINED) => {
                Some("a statement stands on one line; with `\\` at its end it goes on in the next".to_owned())
            }
            ("", PARTED) => Some("what stands in a block of several lines has lines of its own".to_owned()),
            ("", _) => None,
            (meant, _) => Some(format!("did you mean `{meant}`?")),
        }
    }

    /// What the edit does, in the imperative.
    pub(super) fn title(&self, text: &str) -> String {
        match (self.meant.as_str(), self.edit.text.as_str()) {
            ("", JOINED) => "join the lines".to_owned(),
            ("", PARTED) => "begin a line behind the `{`".to_owned(),
            ("", "") => {
                format!("take `{}` away", text.get(self.edit.span.range()).unwrap_or_default().trim())
            }
            ("", sign) => format!("write `{sign}`"),
            (words, _) => format!("write `{words}`"),
        }
    }
}

/// The words that may be meant: those of some texts, and of the modules in bowline itself, and how often they stand there.
#[derive(Debug, Default)]
pub(super) struct Known<'t>(HashMap<&'t str, usize>);

impl<'t> Known<'t> {
    pub(super) fn of(sources: &'t Sources) -> Self {
        let bundled = bundled::STDLIB.iter().map(|module| module.text);
        let mut known = HashMap::new();
        let written = sources.iter().map(Source::text).chain(bundled).flat_map(words);
        for word in written.chain(keywords().map(|word| -> &'t str { word })) {
            *known.entry(word).or_default() += 1;
        }
        Self(known)
    }

    /// Where a word may be parted into two such words.
    pub(super) fn parted(&self, word: &str) -> Vec<usize> {
        let known = |(one, other): (&str, &str)| [one, other].iter().all(|part| self.0.contains_key(part));
        (1..word.len()).filter(|at| word.split_at_checked(*at).is_some_and(known)).collect()
    }

    /// Those that a word is near to, the nearest first, and of these what stands there often.
    pub(super) fn near(&self, word: &str) -> Vec<&'t str> {
        let limit = (word.len() / 3).max(1);
        let alike =
            self.0.iter().filter(|(other, _)| other.len().abs_diff(word.len()) <= limit && **other != word);
        let far =
            alike.map(|(other, count)| (strsim::damerau_levenshtein(word, other), Reverse(*count), *other));
        let mut near: Vec<_> = far.filter(|(far, ..)| *far <= limit).collect();
        near.sort_unstable();
        near.into_iter().map(|(.., other)| other).collect()
    }

    /// How often a word stands there.
    pub(super) fn count(&self, word: &str) -> usize {
        self.0.get(word).copied().unwrap_or_default()
    }

    /// Whether all words stand elsewhere than on a line, or are amounts.
    fn are_elsewhere(&self, meant: &str, line: &str) -> bool {
        let here = |word: &str| words(line).filter(|other| *other == word).count();
        let elsewhere = |word: &str| self.0.get(word).is_some_and(|count| *count > here(word));
        words(meant).all(|word| word.starts_with(|c: char| c.is_ascii_digit()) || elsewhere(word))
    }
}

/// The words that statements begin with.
pub(super) fn keywords() -> impl Iterator<Item = &'static str> {
    forms::SCHEMAS
        .iter()
        .map(|schema| schema.word)
        .filter(|word| word.chars().all(is_word))
        .chain(["let", "use"])
}

pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_word(c)).filter(|word| !word.is_empty())
}

/// The slips around the words at both ends of a part of a text and those beside it, and between the words in it, that leave
/// only known words.
pub(super) fn near(source: &Source, span: Span, known: &Known<'_>) -> Vec<Slip> {
    let (text, range) = (source.text(), span.range());
    let before = around(text, range.start).map(|[before, _]| before.start);
    let behind = around(text, range.end).map(|[_, behind]| behind.end);
    let ends = [Some(range.start), Some(range.end), before, behind];
    let at_ends = ends.into_iter().flatten().filter_map(|at| around(text, at)).flatten();
    let mut seen = HashSet::new();
    let gaps = at_ends.chain(inside(text, span)).filter(|gap| seen.insert(*gap)).take(MOST_GAPS);
    let line = source.line_at(span.start);
    let here = |slip: &Slip| {
        let edit = slip.edit.span.range();
        let joins = slip.edit.text.is_empty() && text.get(edit.clone()).is_some_and(|cut| cut.contains('\n'));
        joins || line.start <= edit.start && edit.end <= line.end
    };
    let words = text.get(line.clone()).unwrap_or_default();
    let likely = |slip: &Slip| here(slip) && known.are_elsewhere(&slip.meant, words);
    gaps.flat_map(|gap| gap.slips(text, span)).filter(likely).collect()
}

/// What stands between the words of a part of a text that is a few words of one line, the last first.
fn inside(text: &str, span: Span) -> Vec<Gap> {
    let words = text.get(span.range()).filter(|words| !words.contains('\n')).unwrap_or_default();
    let mut gaps = vec![];
    let mut start = None;
    for (at, c) in words.char_indices().map(|(at, c)| (span.range().start + at, c)) {
        if !is_word(c) {
            start.get_or_insert(at);
        } else if let Some(start) = start.take() {
            gaps.push(Gap { start, end: at });
        }
    }
    gaps.reverse();
    gaps
}

/// What stands between two words.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Gap {
    start: usize,
    end: usize,
}

/// What stands before and behind the word at a place.
fn around(text: &str, at: usize) -> Option<[Gap; 2]> {
    let (before, behind) = text.split_at_checked(at)?;
    let word = before.trim_end_matches(is_word).len()..text.len() - behind.trim_start_matches(is_word).len();
    let ends = text.get(..word.start)?.trim_end_matches(|c| !is_word(c)).len();
    let begins = text.len() - text.get(word.end..)?.trim_start_matches(|c| !is_word(c)).len();
    Some([Gap { start: ends, end: word.start }, Gap { start: word.end, end: begins }])
}

impl Gap {
    fn slips(self, text: &str, span: Span) -> Vec<Slip> {
        let gap = text.get(self.start..self.end).unwrap_or_default();
        let signs = gap.chars().filter(|c| !c.is_whitespace()).count();
        if signs > MOST_SIGNS || gap.contains("\n\n") {
            return vec![];
        }
        let slip = |(start, end, with): (usize, usize, String)| {
            let (before, behind) = (text.get(self.first(text)..start)?, text.get(end..self.last(text))?);
            let words = [before, &with, behind].concat();
            let meant = if words.contains('\n') { String::new() } else { words };
            Some(Slip { edit: Edit { span: Span::new(span.source, start, end), text: with }, meant })
        };
        self.edits(text).into_iter().filter_map(slip).collect()
    }

    /// The parts of the text that are replaced, and by what.
    fn edits(self, text: &str) -> Vec<(usize, usize, String)> {
        let gap = text.get(self.start..self.end).unwrap_or_default();
        let mut edits = vec![];
        let between = text.get(..self.start).is_some_and(|before| before.ends_with(is_word));
        if between && (gap == " " || gap.trim_matches(' ') == "\n") {
            edits.push((self.start, self.end, String::new()));
        }
        for (at, c) in gap.char_indices().map(|(at, c)| (self.start + at, c)) {
            let (end, before) =
                (at + c.len_utf8(), text.get(..at).and_then(|before| before.chars().next_back()));
            let behind = text.get(end..).and_then(|behind| behind.chars().next());
            let indented = before.is_none_or(char::is_whitespace);
            let alone = indented && behind.is_none_or(char::is_whitespace);
            if !c.is_whitespace() {
                edits.extend((!alone).then(|| (at, end, String::new())));
                if matches!(c, '(' | ')' | '[' | ']' | '}') && behind == Some('\n') {
                    edits.push((at, end, "{".to_owned()));
                }
                let [before, behind] = [before, behind].map(|c| c.filter(|c| is_word(*c)));
                edits.extend(before.map(|before| (at - before.len_utf8(), end, format!("{c}{before}"))));
                edits.extend(behind.map(|behind| (at, end + behind.len_utf8(), format!("{behind}{c}"))));
            } else if c == ' ' {
                let [before, behind] = [before, behind].map(|c| c.filter(|c| is_word(*c)));
                edits.extend(before.map(|c| (at - c.len_utf8(), end, format!(" {c}"))));
                let behind = behind.filter(|_| !indented);
                edits.extend(behind.map(|c| (at, end + c.len_utf8(), format!("{c} "))));
            }
        }
        edits
    }

    /// Where the word before begins.
    fn first(self, text: &str) -> usize {
        text.get(..self.start).unwrap_or_default().trim_end_matches(is_word).len()
    }

    /// Where the word behind ends.
    fn last(self, text: &str) -> usize {
        text.len() - text.get(self.end..).unwrap_or_default().trim_start_matches(is_word).len()
    }
}
