//! Words of a head that are no option and nearly one: told, and read as what was meant.

use super::resolver::Resolver;
use super::rest::{Rest, option_meant};
use super::spans::{item_span, item_word};
use super::{OptionSpec, Schema};
use crate::diag::{Diagnostic, codes, nearest};
use crate::syntax::tree::Item;
use crate::text::Span;

/// An option that is meant by a word that is none.
pub(super) struct Guess {
    report: Diagnostic,
    /// The last of what may be its values.
    behind: Option<Span>,
    /// So much was told before they were read.
    told: usize,
}

impl<'a> Resolver<'a> {
    /// The option that is meant by a word that is none: with the next one, where a blank stands inside of it, or the nearest.
    /// It is told once its values are read.
    pub(super) fn meant_option(
        &mut self,
        schema: &'static Schema,
        word: &str,
        first: Span,
        rest: &mut Rest<'a>,
    ) -> Option<(&'static OptionSpec, Guess)> {
        let whole = rest.peek().and_then(item_word).map(|next| [word, next].concat());
        let split = whole.and_then(|whole| schema.options.iter().find(|spec| spec.word == whole));
        let spec = split.or_else(|| {
            let near = option_meant(schema, word)?;
            schema.options.iter().find(|spec| spec.word == near)
        })?;
        let behind = rest.to_option(|item| self.is_bound(item)).last().map(item_span);
        let next = split.and_then(|_| rest.take());
        let letters = next.map_or(first, |next| first.to(item_span(next)));
        let report = meaning(no_option(schema, word, first), spec.word, letters);
        Some((spec, Guess { report, behind, told: self.diagnostics.len() }))
    }

    /// Tells a guess. What the values of a misspelt option are not may follow from it; words among them that are misspelt
    /// themselves do not.
    pub(super) fn tell_guess(&mut self, guess: Guess) {
        let Guess { mut report, behind, told } = guess;
        if let Some(behind) = behind {
            let part = report.primary.span.to(behind);
            let inside = |at: &Span| at.source == part.source && part.start < at.start && at.end <= part.end;
            let values = self.diagnostics.iter().skip(told).filter(|one| one.fix.is_some());
            let mut misspelt: Vec<_> = values.map(|one| one.primary.span).filter(inside).collect();
            misspelt.sort_unstable();
            let end = Span { start: behind.end, ..behind };
            let mut from = report.primary.span.end;
            for at in misspelt.into_iter().chain([end]) {
                report.hides.push(Span { start: from, end: at.start, ..at });
                from = at.end;
            }
        }
        self.report(report);
    }

    /// Says that no blank stands between an option and its number. Whether that is so.
    pub(super) fn tell_joined_option(&mut self, schema: &Schema, word: &str, at: Span) -> bool {
        let number = |spec: &OptionSpec| {
            word.strip_prefix(spec.word).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        };
        let found = schema.options.iter().find_map(|spec| Some((spec.word, number(spec)?)));
        let Some((option, number)) = found else { return false };
        let apart = format!("{option} {number}");
        let report = no_option(schema, word, at).help(format!("a blank stands between them: `{apart}`"));
        self.report(report.guess("write a blank", at, apart));
        true
    }

    /// Says that no blank stands between a number and the option behind it. Whether that is so.
    pub(super) fn tell_joined_number(&mut self, letters: &str, at: Span) -> bool {
        let option = self.kinds.option_behind(letters).map(|option| (letters.strip_suffix(option), option));
        let Some((Some(number), option)) = option.filter(|(number, _)| number.is_some_and(is_literal)) else {
            return false;
        };
        let (message, apart) = (format!("`{letters}` is not a value"), format!("{number} {option}"));
        let report = Diagnostic::error(codes::BAD_LITERAL, at, message);
        let report = report.help(format!("a blank stands between them: `{apart}`"));
        let behind = self.behind(at);
        self.report(report.guess("write a blank", at, apart).hides(behind));
        true
    }

    /// Says that a word of an option is misspelt. Whether it is.
    pub(super) fn tell_misspelt_part(
        &mut self,
        spec: &OptionSpec,
        wanted: &'static str,
        item: &Item,
    ) -> bool {
        let misspelt = |word: &&str| nearest(word, [wanted]).is_some() && !self.is_bound(item);
        let Some(word) = item_word(item).filter(misspelt) else { return false };
        let message = format!("behind `{}` stands `{wanted}`, and not `{word}`", spec.word);
        self.report(meaning(
            Diagnostic::error(codes::BAD_OPTION, item_span(item), message),
            wanted,
            item_span(item),
        ));
        true
    }
}

/// A word that is no option of a statement.
pub(super) fn no_option(schema: &Schema, word: &str, span: Span) -> Diagnostic {
    Diagnostic::error(codes::UNKNOWN_OPTION, span, format!("`{}` has no option `{word}`", schema.word))
}

/// The word that is meant by some letters.
fn meaning(report: Diagnostic, word: &str, letters: Span) -> Diagnostic {
    report.help(format!("did you mean `{word}`?")).guess(format!("write `{word}`"), letters, word)
}

fn is_literal(text: &str) -> bool {
    crate::value::literal(text).is_ok()
}
