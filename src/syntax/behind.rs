//! Words left over behind a statement: what was meant by them. Knows how statements give names, and no kind of them.

use super::build::{Builder, shorten, span_text};
use super::edits::Instead;
use super::habit::is_word;
use super::half::{Half, half};
use super::leftover;
use super::letters;
use super::placeholder::placeholder;
use super::respell::{in_capitals, small_operator};
use super::signs;
use super::{NAMING, RESERVED, is_statement, is_value};
use crate::diag::{Diagnostic, codes, nearest};
use crate::text::Span;

/// The words of statements that take a map.
const MAPPED: &[&str] = &["json", "form"];

/// What opens and closes prose.
const QUOTES: &str = "\"\"\"";

/// How `else if` is written elsewhere.
const ELSE_IF: &[&str] = &["elseif", "elsif", "elif", "else_if"];

/// The words that go on behind a block.
const TAILS: &[&str] = &["else", "otherwise", "until"];

/// A longer line is not looked at for a value that goes on there: how deep it nests was asked of none behind its statement.
const LONGEST: usize = 500;

impl<'t> Builder<'t> {
    /// Says of words left over what was meant.
    pub(super) fn words_left_over(&mut self, span: Span) {
        let told = self.wrong_name(span).or_else(|| self.place_to_fill(span));
        let told = told.or_else(|| self.wrong_word(span));
        let told = told.or_else(|| self.never_closed(span)).unwrap_or_else(|| self.left_over(span));
        // Without what stands behind it the value before an operator is another one.
        let before = self.before(span);
        let begins = span.range().start - before.len();
        let halved = before.trim_end().ends_with(" in");
        let line = Span::new(self.id, begins, span.range().start);
        self.report(if halved { told.hides(line) } else { told });
    }

    /// A name that can be none.
    fn wrong_name(&self, span: Span) -> Option<Diagnostic> {
        if let Some(word) = self.reserved_name(span) {
            let message =
                format!("`{}` is a word of the language and cannot be a name", span_text(self.text, word));
            return Some(Diagnostic::error(codes::LEFTOVER, word, message).help("choose another name"));
        }
        if let Some(word) = self.foreign_letters(span) {
            return Some(letters::not_a_name(word, span_text(self.text, word)).hides(span));
        }
        let name = self.dashed_name(span)?;
        let message = format!("`{}` cannot be a name", span_text(self.text, name));
        let written = span_text(self.text, name).trim_matches('"').replace('-', "_");
        let help =
            format!("a name has letters, digits and `_`: write `{written}`, here and where it is used");
        Some(Diagnostic::error(codes::LEFTOVER, name, message).help(help))
    }

    /// The word that ends before words left over for a letter that no name has.
    fn foreign_letters(&self, words: Span) -> Option<Span> {
        let (before, rest) = self.text.split_at_checked(words.range().start)?;
        let foreign = rest.starts_with(|c: char| !c.is_ascii() && c.is_alphabetic());
        let start = before.trim_end_matches(is_word).len();
        let end = before.len() + rest.find(|c| !letters::is_letter(c)).unwrap_or(rest.len());
        foreign.then(|| Span::new(self.id, start, end))
    }

    /// A place to fill in, alone or behind `=`.
    fn place_to_fill(&self, words: Span) -> Option<Diagnostic> {
        let written = span_text(self.text, words);
        let value = written.trim_start_matches(['=', ' ']);
        let place = placeholder(value)?;
        let skipped = u32::try_from(written.len() - value.len()).ok()?;
        let at = Span { start: words.start + skipped, ..words };
        Some(place.told(codes::LEFTOVER, at, &place.name).hides(words))
    }

    /// A word that is written otherwise here.
    fn wrong_word(&self, span: Span) -> Option<Diagnostic> {
        let first = span_text(self.text, span).split(|c: char| !c.is_ascii_alphabetic()).next()?;
        if let Some(small) = small_operator(first) {
            let at = Span { end: span.start + u32::try_from(first.len()).unwrap_or_default(), ..span };
            return Some(in_capitals(first, at, small).hides(span));
        }
        signs::number(self.text, span).or_else(|| self.misspelt_tail(first, span))
    }

    /// A text or a bracket that nothing closes.
    fn never_closed(&self, span: Span) -> Option<Diagnostic> {
        let (open, what) = self.unclosed(span)?;
        if let Some(told) = self.lines_as_word(open) {
            return Some(told);
        }
        let help = match what {
            "text" => format!("close it with `\"` on the same line; {}", leftover::PROSE),
            _ => "add the bracket that closes it, on this line or a later one".to_owned(),
        };
        Some(Diagnostic::error(codes::UNCLOSED, open, format!("this {what} is never closed")).help(help))
    }

    /// Several lines between `"""` behind a `run`; of the quotes before them the last is left over.
    fn lines_as_word(&self, last: Span) -> Option<Diagnostic> {
        let begin = last.range().end.checked_sub(QUOTES.len())?;
        let below = self.text.get(begin..)?.strip_prefix(QUOTES)?;
        let end = last.range().end + below.find(QUOTES)? + QUOTES.len();
        let message = "a text of several lines is no word of a program";
        let told = Diagnostic::error(codes::UNCLOSED, Span { start: last.end - 3, ..last }, message);
        let whole = Span::new(self.id, begin, end);
        Some(told.help("what needs several lines stands in a ```sh fence").hides(whole))
    }

    /// What else stands there: a value that is none, a line that ends too early, other signs, or words too many.
    fn left_over(&mut self, span: Span) -> Diagnostic {
        if let Some(told) = self.value_in_braces(span).and_then(|braces| self.wrong_brackets(braces)) {
            return told;
        }
        let words = span_text(self.text, span);
        if let Some(told) = self.arrow_behind(span) {
            return told;
        }
        if let Some(told) = self.next_module(span) {
            return told;
        }
        let value = self.bound_to(span);
        let begins = value.map_or(0, |value| words.len() - value.len());
        let read = Span { start: span.start + u32::try_from(begins).unwrap_or_default(), ..span };
        let nameless = self.nameless(span);
        let is_value = nameless.is_none() && !value.is_some_and(|value| value.starts_with('='));
        let brackets = if is_value { self.wrong_brackets(self.opened_at(read)) } else { None };
        let operator = || is_value.then(|| signs::operator(self.text, read, false)).flatten();
        if let Some(told) = brackets.or_else(|| self.half(span)).or_else(operator) {
            return told;
        }
        let (message, help) = if let Some(keyword) = nameless {
            let wanted = if words.starts_with(',') { "takes one name" } else { "needs a name here" };
            (format!("`{keyword}` {wanted}"), leftover::named(keyword).to_owned())
        } else if let Some(value) = value {
            (format!("`{}` is not a value", shorten(value)), leftover::value(value).to_owned())
        } else {
            (format!("`{}` does not belong to this statement", shorten(words)), leftover::behind(words))
        };
        Diagnostic::error(codes::LEFTOVER, span, message).help(help)
    }

    /// `use "a", "b"`: each module is taken in on a line of its own, and read so.
    fn next_module(&mut self, span: Span) -> Option<Diagnostic> {
        let begins = span_text(self.text, span).strip_prefix(',')?;
        let module =
            begins.trim_start().starts_with('"') && self.before(span).trim_start().starts_with("use \"");
        let length = 1 + begins.len() - begins.trim_start().len();
        let comma = Span::new(self.id, span.range().start, span.range().start + length);
        let instead = Instead { at: comma.range().start, length, with: "\nuse ".to_owned() };
        let told = Diagnostic::error(
            codes::LEFTOVER,
            Span { end: comma.start + 1, ..comma },
            "`use` takes one module",
        )
        .help("each stands on a line of its own")
        .guess("write `use` again", comma, "\nuse ");
        module.then(|| self.meant.push((vec![instead], told.clone())))?;
        Some(told)
    }

    /// What keeps brackets from being a list or a map; they are read as what was meant.
    fn wrong_brackets(&mut self, open: Span) -> Option<Diagnostic> {
        let told = signs::in_brackets(self.text, open)?;
        // What it hides are the brackets, to where they are closed.
        let mended = told.hides.iter().flat_map(|whole| signs::mended(self.text, *whole)).collect();
        self.meant.push((mended, told.clone()));
        Some(told)
    }

    /// The braces behind a word that takes a map, which read as a block: words are left over behind the first name in them.
    fn value_in_braces(&self, words: Span) -> Option<Span> {
        let sign = span_text(self.text, words).starts_with([':', '=']);
        let before = self.text.get(..words.range().start).filter(|_| sign)?;
        let braces = before.trim_end_matches(|c| is_word(c) || matches!(c, '"' | '\'' | ' ')).trim_end();
        let behind = braces.strip_suffix('{')?.trim_end();
        let begins = behind.rsplit(['\n', ';', '{']).next()?.trim_start();
        MAPPED.contains(&begins).then(|| Span::new(self.id, braces.len() - 1, self.text.len()))
    }

    /// A line that ends behind a sign. What goes on in the next line follows from that.
    fn half(&self, span: Span) -> Option<Diagnostic> {
        let Half { code, message, help } = half(self.before(span), span_text(self.text, span))?;
        let told = Diagnostic::error(code, span, message).help(help);
        Some(match self.goes_on(span) {
            Some(line) => told.help(leftover::GOES_ON).hides(line),
            None => told,
        })
    }

    /// The line behind words, where it is a value and no statement.
    fn goes_on(&self, words: Span) -> Option<Span> {
        let line = self.text.get(words.range().end..)?.split('\n').nth(1)?;
        let line = Some(line).filter(|line| line.len() < LONGEST)?;
        // The block of a condition may open behind its end.
        let value = line.trim();
        let (value, above) = (value.strip_suffix(" {").unwrap_or(value), self.before(words));
        let indented = |line: &str| line.len() - line.trim_start().len();
        let deeper = value.chars().all(is_word) && indented(line) > indented(above);
        let start = words.range().end + self.text.get(words.range().end..)?.find('\n')? + 1;
        let whole = Span::new(self.id, start, start + line.len());
        (is_value(value) && (deeper || !is_statement(value))).then_some(whole)
    }

    /// What stands before words, from where their statement may begin.
    fn before(&self, words: Span) -> &str {
        let before = self.text.get(..words.range().start).unwrap_or_default();
        before.rsplit(['\n', ';', '{']).next().unwrap_or_default()
    }

    /// The text from the first sign of words on: what opens in them may go over lines.
    fn opened_at(&self, words: Span) -> Span {
        let rest = self.text.get(words.range().start..).unwrap_or_default();
        Span::new(self.id, self.text.len() - rest.trim_start_matches([' ', '\t']).len(), self.text.len())
    }

    /// A word behind the brace that closes a block, that is nearly one of those that go on there.
    fn misspelt_tail(&self, word: &str, leftover: Span) -> Option<Diagnostic> {
        let behind_block = self.text.get(..leftover.range().start)?.trim_end().ends_with('}');
        let joined = ELSE_IF.contains(&word).then_some("else if");
        let near = joined.or_else(|| nearest(word, TAILS.iter().copied()).filter(|near| *near != word));
        let near = near.filter(|_| behind_block)?;
        let at = Span { end: leftover.start + u32::try_from(word.len()).ok()?, ..leftover };
        let told = Diagnostic::error(codes::LEFTOVER, at, format!("`{word}` is no word of the language"));
        let told = told.help(format!("did you mean `{near}`?")).hides(leftover);
        Some(told.guess(format!("write `{near}`"), at, near))
    }

    /// What stands behind `=` where nothing but `let name` could be read before it.
    fn bound_to(&self, leftover: Span) -> Option<&'t str> {
        let value =
            span_text(self.text, leftover).strip_prefix('=').filter(|value| !value.starts_with('='))?;
        let line = self.before(leftover);
        let line = line.trim_start();
        let named = ["let ", "input ", "env "].into_iter().find_map(|word| line.strip_prefix(word))?;
        let named = named.split(':').next()?.trim();
        (!named.is_empty() && named.chars().all(is_word)).then(|| value.trim_start())
    }

    /// The reserved word that stands where the statement before this gives a name (`let in = …`).
    fn reserved_name(&self, leftover: Span) -> Option<Span> {
        let from = leftover.range().start - self.before(leftover).len();
        let line = self.text.get(from..leftover.range().end)?;
        let rest = line.trim_start();
        let keyword =
            NAMING.iter().find(|word| rest.strip_prefix(**word).is_some_and(|rest| rest.starts_with(' ')))?;
        let named = rest.get(keyword.len()..)?.trim_start();
        let end = named.find(|c| !is_word(c)).unwrap_or(named.len());
        let name = named.get(..end).filter(|name| RESERVED.contains(name))?;
        let start = leftover.range().end - named.len();
        Some(Span::new(self.id, start, start + name.len()))
    }

    /// The word behind which a name is missing where words were left over (`let = 3`).
    fn nameless(&self, leftover: Span) -> Option<&'static str> {
        let sign = span_text(self.text, leftover).starts_with([':', '=', ',']);
        let before = self.text.get(..leftover.range().start).filter(|_| sign)?;
        let line = before.rsplit(['\n', ';']).next()?.trim();
        let (keyword, named) = line.split_once(' ').unwrap_or((line, ""));
        // Several names, or brackets around them, are none.
        let several = span_text(self.text, leftover).starts_with(',') && named.chars().all(is_word);
        let none = named.is_empty() || several || named.starts_with(['[', '(', '{']) && !named.contains('=');
        NAMING.iter().find(|naming| **naming == keyword && none).copied()
    }

    /// The name with dashes or in quotes that a statement gives (`input release-name: text`).
    fn dashed_name(&self, leftover: Span) -> Option<Span> {
        let rest = span_text(self.text, leftover);
        let line = self.before(leftover);
        let (keyword, name) = line.trim_start().split_once(' ')?;
        let name = name.trim();
        let quoted = name.len() > 2 && name.starts_with('"') && name.ends_with('"');
        let plain = |c: char| is_word(c) || c == '-' || quoted && c == '"';
        let dashed = (quoted || name.contains('-')) && name.chars().all(plain);
        let gives = NAMING.contains(&keyword) && rest.starts_with([':', '=']);
        let start = self.text.get(..leftover.range().start)?.rfind(name)?;
        (dashed && gives).then(|| Span::new(self.id, start, start + name.len()))
    }

    /// The text or bracket that is opened in what was left over and that nothing closes.
    fn unclosed(&self, leftover: Span) -> Option<(Span, &'static str)> {
        let at = |offset: usize| {
            let start = leftover.range().start + offset;
            Span::new(self.id, start, start + 1)
        };
        let words = span_text(self.text, leftover);
        let (mut quote, mut open) = (None, vec![]);
        let mut chars = words.char_indices();
        while let Some((offset, c)) = chars.next() {
            match c {
                '\\' => drop(chars.next()),
                '"' => quote = if quote.is_some() { None } else { Some(offset) },
                '[' | '(' if quote.is_none() => open.push((offset, c)),
                ']' | ')' if quote.is_none() => drop(open.pop()),
                _ => {}
            }
        }
        let after = self.text.get(leftover.range().end..).unwrap_or_default();
        let in_statement =
            after.split('\n').skip(1).take_while(|line| line.starts_with([' ', '\t', ']', ')']));
        let closers = in_statement.flat_map(str::chars).filter(|c| matches!(c, ']' | ')')).count();
        match (quote, open.first()) {
            (Some(offset), _) => Some((at(offset), "text")),
            (None, Some((offset, bracket))) if closers < open.len() => {
                Some((at(*offset), if *bracket == '[' { "`[`" } else { "`(`" }))
            }
            _ => None,
        }
    }
}
