//! Keywords by which a line is read, that are misspelt, have a blank inside, stand twice or are joined with what follows, and
//! values in braces outside of a text: the line is read as what was meant, so that nothing follows. And the words of what is said of these, and of operators in capitals, for whoever finds them.
//!
//! Only words that the grammar itself knows, or by which files and inputs are found. Any other keyword is a word like
//! the next one, and who resolves it reads a misspelt one as the nearest.

use super::edits::Instead;
use super::habit::is_word;
use super::tree::{Block, ExprKind, Head, Line, Stmt, Tail};
use crate::diag::{Diagnostic, codes, nearest};
use crate::text::{SourceId, Span};

/// A word that is no keyword, and the one that is meant; or one that stands twice.
pub(super) struct Misspelt {
    at: usize,
    word: String,
    meant: Meant,
}

/// What is read instead of a word.
enum Meant {
    Keyword(&'static str),
    /// The same, which stands so many bytes further on again.
    Once(usize),
    /// A keyword in which a blank stands; whether another stands behind it.
    Split(&'static str, bool),
    /// A keyword that is joined with what stands behind it.
    Joined(&'static str),
    /// A value without the braces around it.
    Value,
    /// What is bound to a name, with no sign between.
    Bound,
    /// The name of a definition, with no keyword before it.
    Defined(&'static str),
}

/// A shorter keyword is not looked for across a blank.
const LEAST_SPLIT: usize = 3;

/// A keyword by which a line is read, and whether what stands behind it is what it takes.
type Keyword = (&'static str, fn(&str) -> bool);

const BEGINNING: &[Keyword] = &[
    ("let", |rest| named(rest).is_some_and(binds)),
    ("input", |rest| named(rest).is_some_and(|rest| rest.starts_with(':'))),
    ("for", |rest| named(rest).is_some_and(|rest| rest.starts_with("in "))),
    ("if", |rest| rest.ends_with('{')),
    ("use", |rest| rest.starts_with('"')),
    ("call", |rest| rest.starts_with('"')),
    ("module", |rest| named(rest).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))),
    ("check", defines),
    ("step", defines),
    ("look", looks),
    ("run", runs),
];
/// Those that may stand behind `let name =` and behind `look`.
const BOUND: &[Keyword] = &[("look", looks), ("run", runs)];
/// Words that types begin with.
const TYPES: &[&str] = &[
    "text", "int", "number", "bool", "duration", "size", "time", "version", "url", "path", "secret", "json",
    "lines", "artifact", "list", "map", "one",
];
/// How that begins which a program or a script gives.
const BINDABLE: &[&str] = &["look run ", "look http ", "look ```", "run ", "```"];
/// Words near to one of those that are themselves something: keywords, and what other languages have.
const OTHERS: &[&str] = &["ran", "form", "set", "inputs"];

/// What stands behind the name that a text begins with.
fn named(text: &str) -> Option<&str> {
    let end = text.find(|c| !is_word(c)).unwrap_or(text.len());
    let is_name = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    is_name.then(|| text.get(end..).unwrap_or_default().trim_start())
}

/// Whether a type, if any, and a value follow.
fn binds(rest: &str) -> bool {
    let value = rest.strip_prefix(':').map_or(Some(rest), |ty| ty.find('=').and_then(|at| ty.get(at..)));
    value.is_some_and(|value| value.starts_with('=') && !value.starts_with("=="))
}

fn defines(rest: &str) -> bool {
    let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    end > 0 && rest.get(end..).is_some_and(|rest| rest.starts_with('('))
}

fn looks(rest: &str) -> bool {
    let word = rest.split([' ', '\t']).next().unwrap_or_default();
    rest.starts_with("```") || nearest(word, ["run", "http"]).is_some()
}

fn runs(rest: &str) -> bool {
    !rest.is_empty() && !rest.starts_with(['=', ':', '(', ',', ')', '#', ';', '}'])
}

/// The keywords in lines that were read that are misspelt, or stand twice.
pub(super) fn misspelt(text: &str, lines: &[Line]) -> Vec<Misspelt> {
    let mut found = vec![];
    in_lines(text, lines, &mut found);
    found
}

fn in_lines(text: &str, lines: &[Line], found: &mut Vec<Misspelt>) {
    for line in lines {
        let mut next = if let Line::Stmt(stmt) = line { Some(stmt) } else { None };
        while let Some(stmt) = next.take() {
            found.extend(at_head(text, stmt));
            let block = |block: &Block, found: &mut Vec<Misspelt>| in_lines(text, &block.lines, found);
            stmt.block.iter().for_each(|inner| block(inner, found));
            match stmt.tail.as_deref() {
                Some(Tail::Else(inner) | Tail::Otherwise(inner)) => block(inner, found),
                Some(Tail::ElseIf(stmt)) => next = Some(stmt),
                Some(Tail::Until(_)) | None => {}
            }
        }
    }
}

fn at_head(text: &str, stmt: &Stmt) -> Option<Misspelt> {
    let bound = stmt.bind.is_some() || stmt.look.is_some();
    let start = match &stmt.head {
        Head::Word(word) if word.text == "look" => stmt.look.unwrap_or(word.span).range().start,
        Head::Word(word) => word.span.range().start,
        Head::Call(call) => call.span.range().start,
        // A value that words are left over behind is none.
        Head::Expr(value) if !matches!(value.kind, ExprKind::Bad) && is_cut_short(text, stmt) => {
            value.span.range().start
        }
        _ => return None,
    };
    let line = text.get(start..)?.split(['\n', '\r']).next()?;
    let word = line.split(|c| !is_word(c)).next()?;
    if let Some(keyword) = joined(word, line).filter(|_| !bound) {
        return Some(Misspelt { at: start, word: word.to_owned(), meant: Meant::Joined(keyword) });
    }
    if let Some(keyword) = undefined(word, line).filter(|_| !bound) {
        return Some(Misspelt { at: start, word: word.to_owned(), meant: Meant::Defined(keyword) });
    }
    let rest = line.get(word.len()..).filter(|rest| rest.starts_with([' ', '\t']))?.trim();
    if let Some((at, value)) = braced(word, line) {
        return Some(Misspelt { at: start + at, word: value.to_owned(), meant: Meant::Value });
    }
    let keywords = if bound { BOUND } else { BEGINNING };
    if let Some((at, value)) = bound_without_sign(word, line).filter(|_| stmt.bind.is_none()) {
        return Some(Misspelt { at: start + at, word: value.to_owned(), meant: Meant::Bound });
    }
    if stands_twice(word, rest, keywords) {
        let behind = line.get(word.len()..)?;
        let further = line.len() - behind.trim_start().len();
        return Some(Misspelt { at: start, word: word.to_owned(), meant: Meant::Once(further) });
    }
    if let Some((at, word, further)) = stmt.bind.is_none().then(|| named_twice(word, line)).flatten() {
        return Some(Misspelt { at: start + at, word: word.to_owned(), meant: Meant::Once(further) });
    }
    let known = BEGINNING.iter().any(|(keyword, _)| *keyword == word) || OTHERS.contains(&word);
    let all = keywords.iter().map(|(keyword, _)| *keyword);
    if let Some((keyword, rest)) = (!known).then(|| split_wrongly(word, line, all)).flatten()
        && keywords.iter().any(|(other, fits)| *other == keyword && fits(rest.trim()))
    {
        return Some(Misspelt {
            at: start,
            word: word.to_owned(),
            meant: Meant::Split(keyword, rest.starts_with(' ')),
        });
    }
    let fits = keywords.iter().filter(|(_, fits)| fits(rest)).map(|(keyword, _)| *keyword);
    let keyword = (!known).then(|| nearest(word, fits)).flatten()?;
    Some(Misspelt { at: start, word: word.to_owned(), meant: Meant::Keyword(keyword) })
}

/// The keyword that a word is joined with, where the lines below are read by it: a definition, or a script that is bound.
fn joined(word: &str, line: &str) -> Option<&'static str> {
    let behind = |keyword: &str| line.strip_prefix(keyword).filter(|_| word.len() > keyword.len());
    let defined = |keyword: &&&str| behind(keyword).is_some_and(|rest| defines(rest) && line.ends_with('{'));
    let script = |rest: &str| rest.contains("= ```") && named(rest).is_some_and(binds);
    let definition = ["step", "check"].iter().find(defined).copied();
    definition.or_else(|| behind("let").filter(|rest| script(rest)).map(|_| "let"))
}

/// The keyword that is missing before the name of a definition: the first of its parameters has a type.
fn undefined(word: &str, line: &str) -> Option<&'static str> {
    let params = line.strip_prefix(word)?.strip_prefix('(').filter(|_| line.ends_with('{'))?;
    let ty = named(params)?.strip_prefix(':')?.trim_start();
    let first = ty.split(|c| !is_word(c)).next()?;
    TYPES
        .contains(&first)
        .then(|| if line.contains(")\"") || line.contains(") \"") { "step" } else { "check" })
}

/// The word or sign that stands twice before the value of a `let` or the parameters of a definition that cannot be read:
/// where, and how much further again.
fn named_twice<'t>(word: &str, line: &'t str) -> Option<(usize, &'t str, usize)> {
    let end = match word {
        "let" => '=',
        "step" | "check" if line.ends_with('{') => '(',
        _ => return None,
    };
    let name =
        line.find(end).and_then(|at| line.get(..=at)).filter(|name| end == '=' || !name.contains('"'))?;
    let mut words: Vec<(usize, &str)> = vec![];
    for (at, c) in name.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        match words.last_mut() {
            Some((start, word)) if is_word(c) && *start + word.len() == at && word.ends_with(is_word) => {
                *word = line.get(*start..at + 1)?;
            }
            _ => words.push((at, line.get(at..at + c.len_utf8())?)),
        }
    }
    let mut pairs = words.iter().zip(words.iter().skip(1));
    pairs
        .find(|((_, first), (_, again))| first == again)
        .map(|((at, first), (again, _))| (*at, *first, again - at))
}

/// The word by which a program or a script begins that is bound to a name, where no `=` stands before it, and where.
fn bound_without_sign<'t>(word: &str, line: &'t str) -> Option<(usize, &'t str)> {
    let behind = named(line.strip_prefix(word).filter(|_| word == "let")?.trim_start())?;
    let value = BINDABLE.iter().filter_map(|begin| behind.find(begin)).min()?;
    let (ty, value) = behind.split_at_checked(value)?;
    let last = ty.split([' ', ':']).rfind(|word| !word.is_empty());
    let whole = last.is_some_and(|last| TYPES.contains(&last) && !matches!(last, "list" | "map" | "one"));
    let typed = ty.strip_prefix(':').is_some_and(|ty| whole && ty.ends_with(' ') && !ty.contains(':'));
    let first = value.split(' ').next().filter(|_| typed || ty.trim().is_empty())?;
    Some((line.len() - value.len(), first))
}

/// Whether a keyword stands behind itself once more, and behind that what it takes.
fn stands_twice(word: &str, rest: &str, keywords: &[Keyword]) -> bool {
    let behind = rest.strip_prefix(word).filter(|behind| behind.starts_with([' ', '\t'])).map(str::trim);
    let takes = |behind| keywords.iter().any(|(keyword, fits)| *keyword == word && fits(behind));
    // What `run` runs may be called so.
    word != "run" && behind.is_some_and(takes)
}

fn is_cut_short(text: &str, stmt: &Stmt) -> bool {
    let rest = text.get(stmt.span.range().end..).unwrap_or_default();
    !matches!(rest.trim_start_matches([' ', '\t']).chars().next(), None | Some('\n' | '\r' | ';' | '}' | '#'))
}

impl Misspelt {
    /// What is read instead, in a text that begins at `base`.
    pub(super) fn instead(&self, base: usize) -> Option<Instead> {
        let at = self.at.checked_sub(base)?;
        Some(match self.meant {
            Meant::Keyword(keyword) => Instead { at, length: self.word.len(), with: keyword.to_owned() },
            Meant::Once(further) => Instead { at, length: further, with: String::new() },
            Meant::Split(keyword, apart) => {
                Instead { at, length: keyword.len() + 1, with: rejoined(keyword, apart) }
            }
            Meant::Joined(keyword) => Instead { at: at + keyword.len(), length: 0, with: " ".to_owned() },
            Meant::Value => Instead { at, length: self.word.len(), with: alone(&self.word).to_owned() },
            Meant::Bound => Instead { at, length: 0, with: "= ".to_owned() },
            Meant::Defined(keyword) => Instead { at, length: 0, with: format!("{keyword} ") },
        })
    }

    pub(super) fn report(&self, id: SourceId) -> Diagnostic {
        let span = |at| Span::new(id, at, at + self.word.len());
        match self.meant {
            Meant::Keyword(keyword) => unknown_keyword(&self.word, span(self.at), keyword),
            Meant::Once(further) => stands_again(&self.word, span(self.at), span(self.at + further)),
            Meant::Split(keyword, apart) => split_keyword(&self.word, span(self.at), keyword, apart),
            Meant::Joined(keyword) => joined_keyword(&self.word, span(self.at), keyword),
            Meant::Value => in_braces(&self.word, span(self.at)),
            Meant::Bound => without_sign(span(self.at)),
            Meant::Defined(keyword) => without_keyword(span(self.at), keyword),
        }
    }
}

/// The keyword that is meant where a blank stands one letter off or inside of it (`expec tx`, `evi dence`), and what stands
/// behind it.
pub(crate) fn split_wrongly<'t>(
    word: &str,
    line: &'t str,
    keywords: impl Iterator<Item = &'static str>,
) -> Option<(&'static str, &'t str)> {
    let behind = line.strip_prefix(word)?.strip_prefix(' ')?;
    keywords.filter(|keyword| keyword.len() >= LEAST_SPLIT).find_map(|keyword| {
        let rest = keyword.strip_prefix(word).filter(|missing| !missing.is_empty())?;
        Some((keyword, behind.strip_prefix(rest)?))
    })
}

/// A keyword as it is meant where a blank stands in it, with the one behind it if there is none.
fn rejoined(keyword: &str, apart: bool) -> String {
    if apart { keyword.to_owned() } else { format!("{keyword} ") }
}

/// What stands in braces.
fn alone(braced: &str) -> &str {
    braced.trim_start_matches('{').trim_end_matches('}').trim()
}

/// A value in braces where a statement takes one alone.
fn braced<'t>(word: &str, line: &'t str) -> Option<(usize, &'t str)> {
    let begin = match word {
        "for" => line.find(" in {")? + " in ".len(),
        "if" => line.find("if {").filter(|at| *at == 0)? + "if ".len(),
        _ => return None,
    };
    let value = line.get(begin..)?.trim_end().strip_suffix('{')?.trim_end();
    let inside = value.strip_prefix('{')?.strip_suffix('}')?;
    (!inside.trim().is_empty() && !inside.contains([':', '{', '}'])).then_some((begin, value))
}

/// A keyword with a blank in the wrong place; whether another stands behind it.
pub(crate) fn split_keyword(word: &str, span: Span, keyword: &str, apart: bool) -> Diagnostic {
    let whole = Span { end: span.start + u32::try_from(keyword.len() + 1).unwrap_or_default(), ..span };
    let with = rejoined(keyword, apart);
    Diagnostic::error(codes::UNKNOWN_KEYWORD, span, format!("no statement begins with `{word}`"))
        .help(format!("did you mean `{keyword}`?"))
        .guess(format!("write `{keyword}`"), whole, with)
}

/// A keyword that is joined with what stands behind it.
pub(crate) fn joined_keyword(word: &str, span: Span, keyword: &str) -> Diagnostic {
    let length = u32::try_from(keyword.len()).unwrap_or_default();
    let at = Span { start: span.start + length, end: span.start + length, ..span };
    let rest = word.get(keyword.len()..).unwrap_or_default();
    Diagnostic::error(codes::UNKNOWN_KEYWORD, span, format!("no statement begins with `{word}`"))
        .help(format!("did you mean `{keyword} {rest}`?"))
        .guess("put a blank between them", at, " ")
}

/// A value in braces that are none of a text.
fn in_braces(word: &str, span: Span) -> Diagnostic {
    let value = alone(word);
    Diagnostic::error(codes::LEFTOVER, span, format!("`{word}` stands outside of quotes"))
        .help(format!("braces put a value into a text; here it stands alone: write `{value}`"))
        .fix("take the braces out", span, value)
}

/// The name of a definition, with no keyword before it.
fn without_keyword(name: Span, keyword: &str) -> Diagnostic {
    let before = Span { end: name.start, ..name };
    Diagnostic::error(codes::UNKNOWN_KEYWORD, name, "no keyword stands before this definition")
        .help("a definition begins with `step` or `check`")
        .guess(format!("write `{keyword}`"), before, format!("{keyword} "))
}

/// What is bound to a name, with no `=` before it.
fn without_sign(value: Span) -> Diagnostic {
    let before = Span { end: value.start, ..value };
    Diagnostic::error(codes::MISSING_OPERAND, value, "a `=` is missing before this")
        .help("write `let name = value`")
        .guess("write `=`", before, "= ")
}

/// A word that stands twice where it is meant once.
pub(crate) fn stands_again(word: &str, first: Span, again: Span) -> Diagnostic {
    let spare = Span { end: again.start, ..first };
    Diagnostic::error(codes::SURPLUS_OPERAND, again, format!("`{word}` stands twice")).fix(
        "remove one",
        spare,
        "",
    )
}

/// A word that no statement begins with, and the keyword that is meant.
pub(crate) fn unknown_keyword(word: &str, span: Span, meant: &str) -> Diagnostic {
    Diagnostic::error(codes::UNKNOWN_KEYWORD, span, format!("no statement begins with `{word}`"))
        .help(format!("did you mean `{meant}`?"))
        .guess(format!("write `{meant}`"), span, meant)
}

/// The operator that a word is in capitals.
pub(crate) fn small_operator(word: &str) -> Option<&'static str> {
    super::RESERVED.iter().find(|small| small.to_ascii_uppercase() == word).copied()
}

/// An operator in capitals.
pub(crate) fn in_capitals(word: &str, span: Span, small: &str) -> Diagnostic {
    Diagnostic::error(codes::UNKNOWN_NAME, span, format!("`{word}` is written `{small}`")).fix(
        format!("write `{small}`"),
        span,
        small,
    )
}
