//! What is said of two values that an operator joins and that do not go together, and of words that were meant as texts.

use super::fit::fixed_value;
use super::habits;
use super::resolver::Resolver;
use super::types::{Side, Typed, is_texty, noun, quoted, spelling};
use crate::diag::{Diagnostic, Edit, codes, nearest};
use crate::syntax::tree::{BinaryOp, Expr, ExprKind, UnaryOp};
use crate::syntax::{is_word, placeholder};
use crate::text::Span;
use crate::value::{self, Type, Value};

const KINDS: &str = "a length of time and a size have no common measure: both sides are of one kind";
const UNITS: &str = "units never mix with bare numbers: write the unit, as in `10m` or `2GiB`";

impl<'a> Resolver<'a> {
    /// A `one of` compared with a text that is none of its choices is a misspelling.
    pub(super) fn check_choices(&mut self, choice: &Side, text: &Side) {
        let (Type::OneOf(words), Some(Value::Text(text_value))) =
            (&choice.value.ty, fixed_value(&text.value.expr))
        else {
            return;
        };
        if words.iter().any(|word| **word == **text_value) {
            return;
        }
        let message = format!("\"{text_value}\" is not one of the choices");
        let report = Diagnostic::error(codes::TYPE_MISMATCH, text.span, message);
        let report = match nearest(text_value, words.iter().map(String::as_str)) {
            Some(near) => report.help(format!("did you mean \"{near}\"?")).guess(
                format!("write \"{near}\""),
                text.span,
                format!("\"{near}\""),
            ),
            None if self.told_again(codes::TYPE_MISMATCH, &report.message, text.span) => return,
            None => report.help(format!("they are {}", quoted(words))),
        };
        self.report(report);
    }

    /// A place to fill in between values, `a<name> b`, which reads as two comparisons. Whether it is one.
    pub(super) fn tell_place(&mut self, left: &Side, right: &Side) -> bool {
        let written = self.words(left.span.to(right.span));
        // The `>` of the place is the sign between both.
        let behind = left.span.range().len();
        let place = written.get(..behind).and_then(|left| left.rfind('<'));
        let place = place.and_then(|at| Some((at, placeholder(written.get(at..)?)?)));
        let chained = left.value.ty == Type::Bool;
        let place = place.filter(|(_, place)| chained && self.frame.scope.get(&place.name).is_none());
        let Some((at, place)) = place else { return false };
        let start = left.span.start.saturating_add(u32::try_from(at).unwrap_or_default());
        let told = place.told(codes::UNKNOWN_NAME, Span { start, ..left.span }, &place.name);
        self.report(told.hides(self.rest_of_line(Span { end: left.span.start, ..left.span })));
        true
    }

    /// Names that nothing has, where a text is compared: they lack their quotes.
    pub(super) fn bare_among(&mut self, words: &Side, with: &Side) {
        let choices = choices_of(&with.value.ty);
        let Some(choices) = choices.filter(|_| !is_texty(&words.value.ty)) else { return };
        let names = self.words(words.span).split(|c| !is_word(c));
        let meant = |name: &&str| self.kinds.providers_of(name).is_empty() && habits::value(name).is_none();
        let names = names.filter(meant);
        let found = |name: &str| Some((name.to_owned(), self.frame.unknown.get(name)?.report));
        let found: Vec<(String, usize)> = names.filter_map(found).collect();
        for (name, report) in found {
            let inside = |one: &&mut Diagnostic| {
                let (at, all) = (one.primary.span, words.span);
                at.source == all.source && (all.start..all.end).contains(&at.start)
            };
            // What has parts is no text.
            let has_parts = |at: Span| self.words(self.behind(at)).starts_with(['.', '[']);
            if self.diagnostics.get(report).is_some_and(|told| has_parts(told.primary.span)) {
                continue;
            }
            let Some(told) = self.diagnostics.get_mut(report).filter(inside) else { continue };
            let same = choices.iter().find(|choice| choice.eq_ignore_ascii_case(&name)).copied();
            let near = same.or_else(|| nearest(&name, choices.iter().copied()));
            let text = format!("\"{}\"", near.unwrap_or(&name));
            let help = format!("a text stands in quotes: `{text}`");
            if told.fix.is_some() && near.is_none() {
                told.help.push(help);
            } else {
                let edit = Edit { span: told.primary.span, text: text.clone() };
                *told = Diagnostic { help: vec![help], ..told.clone() }
                    .guesses(format!("write `{text}`"), vec![edit]);
            }
        }
    }

    /// The value on the left of all operators. A `not` before a comparison without brackets stands before its left side alone.
    pub(super) fn leftmost(&mut self, first: &'a Expr, next: Option<(BinaryOp, &'a Expr)>) -> Typed {
        let joins = |(op, _): &(BinaryOp, &Expr)| !matches!(op, BinaryOp::And | BinaryOp::Or);
        let (ExprKind::Unary(UnaryOp::Not, inner), Some((_, right))) = (&first.kind, next.filter(joins))
        else {
            return self.expr(first);
        };
        let value = self.expr(inner);
        let bracketed = self.words(self.behind(first.span)).trim_start().starts_with(')');
        if matches!(value.ty, Type::Bool | Type::Json | Type::Unknown) || bracketed {
            return self.negation(value, inner.span);
        }
        let message =
            format!("`not` stands before `{}` alone, and not before the comparison", self.words(inner.span));
        let not = Span { end: first.span.start.saturating_add(3), ..first.span };
        let (open, close) =
            (Span { end: inner.span.start, ..inner.span }, Span { start: right.span.end, ..right.span });
        let edits = [(open, "("), (close, ")")].map(|(span, text)| Edit { span, text: text.to_owned() });
        let report = Diagnostic::error(codes::TYPE_MISMATCH, not, message);
        self.report(report.help("put the comparison into brackets").fixes("write brackets", edits.into()));
        Typed::unknown()
    }

    /// Says that neither side of `and` or `or` is a condition. Whether it did.
    pub(super) fn tell_no_conditions(&mut self, op: BinaryOp, left: &Side, right: &Side) -> bool {
        let condition = |ty: &Type| matches!(ty, Type::Bool | Type::Json | Type::Unknown);
        if condition(&left.value.ty) || condition(&right.value.ty) {
            return false;
        }
        let (a, b) = (self.words(left.span), self.words(right.span));
        let word = if op == BinaryOp::And { "and" } else { "or" };
        let message = format!("`{word}` joins conditions, and neither of these is one");
        let report = Diagnostic::error(codes::TYPE_MISMATCH, left.span.to(right.span), message);
        self.report(if op == BinaryOp::Or && is_texty(&left.value.ty) {
            report.help(format!("a value in place of an empty one is `if {a} == \"\" then {b} else {a}`"))
        } else {
            report.help("compare each with something, as in `a > 0 and b == \"yes\"`")
        });
        true
    }

    /// Whether something stands in the braces of a text: an odd number of quotes stands before it on its line.
    fn is_in_text(&self, at: Span) -> bool {
        let source = self.frame.unit.source;
        let line = source.line_at(at.start).start;
        let before = source.text().get(line..at.range().start).unwrap_or_default();
        before.matches('"').count() % 2 == 1
    }

    /// What is said of `+` between texts: what they are together.
    pub(super) fn told_together(&self, report: Diagnostic, left: &Side, right: &Side) -> Diagnostic {
        let whole = left.span.to(right.span);
        let parts = [left, right].map(|side| self.part_of_text(side));
        let [Some(first), Some(second)] = parts else {
            return report.help("to put texts together, write `\"{a}{b}\"`");
        };
        let written = format!("\"{first}{second}\"");
        let report = report.help(format!("to put texts together, write `{written}`"));
        // Inside of a text it would be one in another.
        if self.is_in_text(whole) {
            return report;
        }
        // Two names may be meant as numbers, and so may digits in quotes.
        let is_text = |side: &&Side| {
            let words = self.words(side.span);
            words.starts_with('"') && words.trim_matches('"').parse::<f64>().is_err()
        };
        let fixed = [left, right].iter().any(is_text);
        let title = "write one text";
        if fixed { report.fix(title, whole, written) } else { report.guess(title, whole, written) }
    }

    /// A value as a part of a text.
    fn part_of_text(&self, side: &Side) -> Option<String> {
        let words = self.words(side.span);
        if words.starts_with(|c: char| c.is_ascii_digit()) {
            return Some(words.to_owned());
        }
        let inner = words.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        match inner {
            Some(inner) => (!inner.contains('"')).then(|| inner.to_owned()),
            None => (!words.contains(['"', '\'', '\n', '(', '{'])).then(|| format!("{{{words}}}")),
        }
    }

    /// How a text becomes a value of the type that it is compared with.
    fn as_typed(&self, report: Diagnostic, text: &Side, to: &Type) -> Diagnostic {
        let (words, ty) = (self.words(text.span), spelling(to));
        if let Some(fixed) =
            fixed_value(&text.value.expr).filter(|fixed| value::convert(to, (*fixed).clone()).is_ok())
        {
            return self.rewritten(report, fixed, to, text.span);
        }
        if self.frame.scope.get(words).is_some() {
            return report.help(format!("bind it as one, `{words}: {ty}`, or write `{ty}({words})` here"));
        }
        report.help(format!("turn the text into one: `{ty}(…)`"))
    }

    /// Two values of types that no operator compares.
    pub(super) fn unlike(&mut self, how: &str, left: &Side, right: &Side, span: Span) -> Typed {
        let (a, b) = (&left.value.ty, &right.value.ty);
        let message = format!("{} and {} {how}", noun(a), noun(b));
        let report = Diagnostic::error(codes::TYPE_MISMATCH, span, message);
        let report = report.also(left.span, spelling(a)).also(right.span, spelling(b));
        self.report(match (is_texty(a), is_texty(b)) {
            (true, false) => self.as_typed(report, left, b),
            (false, true) => self.as_typed(report, right, a),
            _ if is_amount(a) && is_amount(b) => report.help(units(a, b)),
            _ if matches!((a, b), (Type::Time, _) | (_, Type::Time)) => {
                report.help("a point in time is written `time(\"2030-03-01T14:00:00Z\")`")
            }
            _ => report
                .help("both sides are values of one type: name a part of one, or compare something else"),
        });
        Typed::unknown()
    }
}

/// Two amounts of which one has a unit.
pub(super) fn with_units(report: Diagnostic, left: &Side, right: &Side) -> Diagnostic {
    let both = is_amount(&left.value.ty) && is_amount(&right.value.ty);
    if both { report.help(units(&left.value.ty, &right.value.ty)) } else { report }
}

fn units(left: &Type, right: &Type) -> &'static str {
    let has_unit = |ty: &Type| matches!(ty, Type::Duration | Type::Size);
    if has_unit(left) && has_unit(right) { KINDS } else { UNITS }
}

/// The texts that something compared with a value of that type may be, as far as they are fixed; `None` where it is no text.
fn choices_of(ty: &Type) -> Option<Vec<&str>> {
    match ty {
        Type::OneOf(words) => Some(words.iter().map(String::as_str).collect()),
        Type::List(item) => choices_of(item),
        Type::Lines => Some(vec![]),
        ty => is_texty(ty).then(Vec::new),
    }
}

/// Types that are a number with or without a unit.
fn is_amount(ty: &Type) -> bool {
    matches!(ty, Type::Int | Type::Number | Type::Duration | Type::Size)
}
