//! Signs of other languages in words that could not be read, and what is written here: operators, comments, numbers with
//! commas in them, lists and maps without commas. Knows signs, and no statement kind.

use super::RESERVED;
use super::edits::Instead;
use super::equals::no_comparison;
use super::habit::is_word;
use super::sign::{CONDITIONS, is_quote, outside_quotes, stands_at};
use crate::diag::{Diagnostic, codes};
use crate::text::Span;

/// An operator elsewhere, here, and whether nothing else can be meant.
type Operator = (&'static str, &'static str, bool);

/// Operators of other languages, what is written here, and whether nothing else can be meant.
const OPERATORS: &[Operator] = &[
    ("===", "==", true),
    ("!==", "!=", true),
    ("&&", "and", true),
    ("||", "or", true),
    ("<>", "!=", true),
    ("=<", "<=", true),
    ("=>", ">=", false),
    ("=~", "matches", true),
    ("~", "matches", false),
    ("!", "not", true),
    (":=", "=", true),
    ("=", "==", false),
];

/// So many signs are mended in one pair of brackets.
const MOST: usize = 64;

/// What begins a comment elsewhere, at the beginning of a line.
const COMMENTS: &[&str] = &["//", "-- "];

/// The operator of another language with which words begin, or that stands in the brackets with which they begin; of an
/// argument, anywhere in it.
pub(super) fn operator(text: &str, words: Span, argument: bool) -> Option<Diagnostic> {
    if let Some(told) = shell_test(text, words).or_else(|| bounded_type(text, words)) {
        return Some(told);
    }
    let (before, written) = (text.get(..words.range().start)?, text.get(words.range())?);
    // The home folder of a shell.
    if written.starts_with("~/") && before.trim_end().ends_with('=') {
        return None;
    }
    let (at, (sign, here, sure)) = first_operator(written, argument)?;
    let start = words.range().start + at;
    if let Some(told) = curled(text, Span::new(words.source, start, words.range().end), words) {
        return Some(told);
    }
    let (before, behind) = (text.get(..start)?, text.get(start + sign.len()..)?);
    if let Some(told) = no_comparison(text, words, (start, sign)) {
        return Some(told);
    }
    let apart = |blank: bool| if blank { "" } else { " " };
    let space = here.starts_with(|c: char| c.is_ascii_alphabetic());
    let left = apart(!space || before.ends_with([' ', '\t', '(', '[', '{']));
    let right = apart(!space || behind.starts_with([' ', '\t', '\n']));
    let place = Span::new(words.source, start, start + sign.len());
    let told =
        Diagnostic::error(codes::LEFTOVER, place, format!("`{sign}` is written `{here}`")).hides(words);
    let (title, with) = (format!("write `{here}`"), format!("{left}{here}{right}"));
    Some(if *sure { told.fix(title, place, with) } else { told.guess(title, place, with) })
}

/// What a value may be, in brackets behind its type (`int(1..10)`).
fn bounded_type(text: &str, words: Span) -> Option<Diagnostic> {
    let (before, written) = (text.get(..words.range().start)?, text.get(words.range())?);
    let line = before.rsplit('\n').next()?;
    let end = written.strip_prefix('(')?.find(')')? + 2;
    let (_, ty) = line.strip_prefix("input ")?.split_once(": ")?;
    ty.trim_end().chars().all(is_word).then_some(())?;
    let brackets = Span::new(words.source, words.range().start, words.range().start + end);
    let told = Diagnostic::error(codes::LEFTOVER, brackets, "a type stands without brackets").hides(words);
    Some(told.help("what a value must be stands behind its default: `where (name > 0)`"))
}

/// Quotes of a text processor behind a sign: they are what cannot be read, and not the sign.
fn curled(text: &str, behind: Span, words: Span) -> Option<Diagnostic> {
    let quotes = ['\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}'];
    let (at, quote) = text.get(behind.range())?.char_indices().find(|(_, sign)| quotes.contains(sign))?;
    let start = behind.range().start + at;
    let place = Span::new(words.source, start, start + quote.len_utf8());
    let told = Diagnostic::error(codes::LEFTOVER, place, format!("`{quote}` opens no text"));
    Some(told.help("write straight quotes").hides(words))
}

/// The test of a shell (`[ "$a" = "b" ]`) where a condition stands.
fn shell_test(text: &str, words: Span) -> Option<Diagnostic> {
    let (brackets, before) = (text.get(words.range())?, text.get(..words.range().start)?);
    let (open, close) =
        [("[[ ", " ]]"), ("[ ", " ]")].into_iter().find(|(open, _)| brackets.starts_with(open))?;
    let condition = before.rsplit(is_blank).find(|word| !word.is_empty());
    condition.filter(|word| CONDITIONS.contains(word))?;
    let line = brackets.lines().next()?;
    let end = line.find(close).filter(|end| *end >= open.len())? + close.len();
    let whole = Span::new(words.source, words.range().start, words.range().start + end);
    let rest = text.get(words.range().start..)?.lines().next()?.len();
    let line = Span::new(words.source, words.range().start, words.range().start + rest);
    let told = Diagnostic::error(codes::LEFTOVER, whole, "this is a test of a shell").hides(line);
    Some(told.help("a condition stands without brackets: `a == \"b\"`, `exists(…)`, `a matches /^b/`"))
}

fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

fn first_operator(words: &str, argument: bool) -> Option<(usize, &'static Operator)> {
    let anywhere = argument || words.starts_with(['(', '[', '{']);
    let mut places = outside_quotes(words).filter(|(at, _)| anywhere || *at == 0);
    // What stands behind `=` in a call is a value under a name.
    let operators = || OPERATORS.iter().filter(|(sign, ..)| !argument || !matches!(*sign, "=" | ":="));
    places.find_map(|(at, _)| Some((at, operators().find(|(sign, ..)| stands_at(words, at, sign))?)))
}

/// Whether a text is not closed on its line: that is told as what it is.
fn leaves_text_open(words: &str) -> bool {
    let open = |line| outside_quotes(line).filter(|(_, c)| is_quote(*c)).count() % 2 == 1;
    words.lines().any(open)
}

/// What a line begins with that is a comment elsewhere.
pub(super) fn comment(line: &str) -> Option<&'static str> {
    COMMENTS.iter().find(|sign| line.starts_with(**sign)).map(|sign| sign.trim_end())
}

/// A number with commas between its digits, behind the first of which words were left over.
pub(super) fn number(text: &str, leftover: Span) -> Option<Diagnostic> {
    let (before, rest) = text.split_at_checked(leftover.range().start)?;
    let begins = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let digits = |group: &str| group.bytes().take_while(u8::is_ascii_digit).count() == 3;
    let mut end = 0;
    while rest.get(end..).and_then(|rest| rest.strip_prefix(',')).is_some_and(digits) {
        end += 4;
    }
    let over = rest.get(end..).is_some_and(|behind| !behind.starts_with(|c: char| is_word(c) || c == ','));
    let whole = Span::new(leftover.source, begins, before.len() + end);
    let written = text.get(whole.range())?;
    let plain = written.replace(',', "");
    (begins < before.len() && end > 0 && over).then(|| {
        Diagnostic::error(codes::LEFTOVER, whole, format!("`{written}` is not a number"))
            .fix(format!("write `{plain}`"), whole, plain)
            .hides(leftover)
    })
}

/// What keeps brackets from being a list or a map: a comma that is missing, `;` in its place, or `=` where `:` belongs. The
/// span begins with the bracket, and may go on behind the end.
pub(crate) fn in_brackets(text: &str, span: Span) -> Option<Diagnostic> {
    let words = text.get(span.range())?;
    // A bracket with a blank behind it is rather a test of a shell.
    let map = words.starts_with('{');
    let list = words.starts_with('[') && !words.starts_with("[ ") && !words.starts_with("[[ ");
    let (at, written, meant) = (map || list).then(|| wrong_sign(words, map)).flatten()?;
    let line_end = words.get(at..)?.find('\n').map_or(words.len(), |end| at + end);
    if leaves_text_open(words.get(..line_end)?) {
        return None;
    }
    let start = span.range().start + at;
    let place = Span::new(span.source, start, start + written.len());
    let whole = Span::new(span.source, span.range().start, span.range().start + bracket_end(words)?);
    let kind = if map { "a map" } else { "a list" };
    let message = match written {
        ":" => "no value stands behind the name and its `:`".to_owned(),
        "//" => "a comment begins with `#`".to_owned(),
        "- " => "what stands in a list has no `-` before it".to_owned(),
        sign if sign.ends_with('=') => "in a map `:` stands between a name and its value".to_owned(),
        ";" => format!("between the values of {kind} stands `,`"),
        "," => format!("no value stands before a comma of {kind}"),
        _ => format!("a comma is missing between two values of {kind}"),
    };
    let shown = if written.is_empty() { Span::new(span.source, start - 1, start) } else { place };
    let open = Span { end: whole.start + 1, ..whole };
    let told = Diagnostic::error(codes::BAD_LITERAL, open, message).also(shown, "here").hides(whole);
    if written == ":" {
        return Some(told.help("write the value, or take the name out"));
    }
    let title = if meant.is_empty() { "remove it".to_owned() } else { format!("write `{}`", meant.trim()) };
    // Where a value ends that has no comma behind it may be another matter.
    Some(if written.is_empty() || meant.is_empty() {
        told.guess(title, place, meant)
    } else {
        told.fix(title, place, meant)
    })
}

/// What is read instead of brackets in which signs between the values are wrong: all of them mended.
pub(super) fn mended(text: &str, brackets: Span) -> Vec<Instead> {
    let words = text.get(brackets.range()).unwrap_or_default();
    let (mut read, mut edits, map) = (words.to_owned(), vec![], words.starts_with('{'));
    while let Some((place, written, meant)) = wrong_sign(&read, map).filter(|_| edits.len() < MOST) {
        // Those before it made the text longer, or shorter.
        let at = (brackets.range().start + place + words.len()).saturating_sub(read.len());
        let length = written.len();
        edits.push(Instead { at, length, with: meant.to_owned() });
        read.replace_range(place..place + length, meant);
    }
    edits
}

/// The first sign between the values of brackets that does not belong there; where, what is written, what is meant.
fn wrong_sign(words: &str, map: bool) -> Option<(usize, &str, &'static str)> {
    let (mut depth, mut ended, mut colon) = (0_usize, None, None);
    let mut quoted = false;
    for (at, c) in outside_quotes(words) {
        let rest = words.get(at..)?;
        if !quoted
            && depth == 1
            && matches!(c, '/' | '-')
            && let Some((written, meant)) = foreign_mark(words.get(..at)?, rest, map)
        {
            return Some((at, written, meant));
        }
        match (c, colon) {
            (',' | '}', Some(colon)) if depth == 1 => return Some((colon, ":", ": null")),
            (':', _) if map && depth == 1 && ended.is_some() => colon = Some(at),
            _ if c.is_whitespace() => {}
            _ => colon = None,
        }
        let below = || ended.and_then(|end| words.get(end..at)).is_some_and(|gap| gap.contains('\n'));
        let begins =
            !quoted && (c.is_alphanumeric() || matches!(c, '"' | '\'' | '{' | '[') || c == '-' && below());
        if let Some(end) = ended.filter(|end| depth == 1 && begins && at > *end)
            && is_next(words.get(..end)?, rest, map)
        {
            return Some((end, "", ","));
        }
        match c {
            '"' | '\'' => {
                quoted = !quoted;
                ended = Some(at + 1);
            }
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' => {
                depth = depth.checked_sub(1).filter(|depth| *depth > 0)?;
                ended = Some(at + 1);
            }
            ';' if depth == 1 => return Some((at, ";", ",")),
            '=' if depth == 1 && map && ended.is_some() && is_assignment(words, at) => {
                let (end, last) = (ended?, at + usize::from(rest.starts_with("=>")));
                return Some((end, words.get(end..=last)?, ":"));
            }
            ',' if depth == 1 && ended.is_none() => return Some((at, ",", "")),
            _ if is_word(c) => ended = Some(at + c.len_utf8()),
            _ if c.is_whitespace() => {}
            _ => ended = None,
        }
    }
    None
}

/// What other languages write before a comment, or before an item of a list, where it stands there; and what is meant.
fn foreign_mark(before: &str, rest: &str, map: bool) -> Option<(&'static str, &'static str)> {
    if rest.starts_with("//") && before.ends_with([' ', '\t', '\n']) {
        return Some(("//", "#"));
    }
    let line = before.rsplit('\n').next().unwrap_or_default();
    let begins = line.len() < before.len() && line.trim().is_empty();
    let item =
        rest.strip_prefix("- ").is_some_and(|item| item.trim_start().starts_with(['"', '\'', '[', '{']));
    (begins && !map && item).then_some(("- ", ""))
}

/// Whether another value begins behind one that ended: in a map a name with its colon, in a list no operator.
fn is_next(before: &str, rest: &str, map: bool) -> bool {
    if map {
        let name = rest.trim_start_matches(['"', '\'']);
        let name = name.trim_start_matches(|c| is_word(c) || matches!(c, '-' | '.'));
        return name.len() < rest.len() && name.trim_start_matches(['"', '\'']).trim_start().starts_with(':');
    }
    let word = |text: &str| text.split(|c| !is_word(c)).next().is_some_and(|word| RESERVED.contains(&word));
    let last = before.rsplit(|c| !is_word(c)).next().unwrap_or_default();
    !word(rest) && !RESERVED.contains(&last) && last != "for" && !rest.starts_with("for ")
}

fn is_assignment(words: &str, at: usize) -> bool {
    let (before, behind) = words.split_at_checked(at).unwrap_or_default();
    let name = before.trim_end().trim_end_matches(['"', '\'']).trim_end_matches(is_word);
    let first = name.trim_end_matches(['"', '\'']).trim_end().ends_with(['{', ',']);
    first && !behind.starts_with("==")
}

/// Where the bracket with which words begin is closed; what closes no open one is passed over.
pub(crate) fn bracket_end(words: &str) -> Option<usize> {
    let mut open = vec![];
    let mut close = outside_quotes(words).filter(|(_, c)| {
        match c {
            '{' => open.push('}'),
            '[' => open.push(']'),
            '(' => open.push(')'),
            _ => return open.pop_if(|closer| closer == c).is_some() && open.is_empty(),
        }
        false
    });
    close.next().map(|(at, _)| at + 1)
}
