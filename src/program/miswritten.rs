//! What a statement is given in the form of another language: operators in words, options with signs, units apart from
//! their numbers, letters before quotes. Read as what is meant where that is sure.

use super::habits;
use super::matched::Matched;
use super::resolver::Resolver;
use super::rest::{Begun, Rest};
use super::spans::{item_span, item_word, lone_name};
use super::{GivenOption, Operand, OptionSpec, Part};
use crate::diag::{Diagnostic, codes};
use crate::syntax::tree::{self, Expr, ExprKind, Ident, Item};
use crate::syntax::{in_capitals, is_prefix, small_operator, stands_again};
use crate::text::Span;
use crate::value::unit_meant;

/// What stands between two values of a condition.
const COMPARING: &[&str] = &["==", "!=", "<", "<=", ">", ">=", "in", "contains", "matches", "and", "or"];

impl<'a> Resolver<'a> {
    /// An operator in capitals, or one that is a word elsewhere, reads as a name; what stands around it is then no value.
    pub(super) fn operator_in_words(&mut self, head: Span, items: &[Item], compares: bool) {
        let meant = |(at, item): (usize, &Item)| {
            let word = item_word(item).filter(|_| !self.is_bound(item))?;
            let next = items.get(at + 1).filter(|_| compares && at > 0);
            let operator = small_operator(word).or_else(|| next.and(habits::comparison(word)))?;
            Some((item_span(item), operator, next))
        };
        let whole = Span { start: head.start, ..self.behind(items.last().map_or(head, item_span)) };
        let Some((span, operator, next)) = items.iter().enumerate().find_map(meant) else {
            let told = self.doubled_operator(items);
            let Some(told) = told.or_else(|| self.quoted_operator(items).filter(|_| compares)) else {
                return;
            };
            self.unread.push(whole);
            return self.report(told.hides(whole));
        };
        self.unread.push(whole);
        let not = next.and_then(|next| self.negated_by_word(next)).filter(|_| operator == "==");
        let (span, operator) = not.map_or((span, operator), |end| (Span { end, ..span }, "!="));
        self.report(in_capitals(self.words(span), span, operator).hides(whole));
    }

    /// An operator in letters that stands twice: the second begins no value.
    fn doubled_operator(&self, items: &[Item]) -> Option<Diagnostic> {
        let pair = |pair: &[Item]| match pair {
            [Item::Word(first), Item::Word(again)] if first.text == again.text => {
                Some((first.span, again.span))
            }
            _ => None,
        };
        let (first, again) = items.windows(2).find_map(pair)?;
        Some(stands_again(self.words(first), first, again))
    }

    /// An operator in quotes between two values.
    fn quoted_operator(&self, items: &[Item]) -> Option<Diagnostic> {
        let quoted = |between: &[Item]| {
            let [_, Item::Expr(Expr { kind: ExprKind::Text(_), span }), _] = between else { return None };
            let sign = self.words(*span).trim_matches('"');
            let meant = if sign == "=" { "==" } else { sign };
            COMPARING.contains(&meant).then_some((*span, meant))
        };
        let (span, meant) = items.windows(3).find_map(quoted)?;
        let message = format!("`{meant}` stands in quotes, which make a text of it");
        let report = Diagnostic::error(codes::SURPLUS_OPERAND, span, message);
        Some(report.guess(format!("write `{meant}`"), span, meant))
    }

    /// Where the `not` ends with which a value begins.
    fn negated_by_word(&self, item: &Item) -> Option<u32> {
        let span = item_span(item);
        self.words(span).starts_with("not ").then(|| span.start.saturating_add(3))
    }

    /// Says that a letter stands before the quotes of a text (`f"…"`). Whether it did.
    pub(super) fn tell_prefix(&mut self, letters: &Expr) -> bool {
        let quoted = self.words(self.behind(letters.span)).starts_with(['"', '\'']);
        let Some(name) = lone_name(letters).filter(|name| quoted && is_prefix(name)) else {
            return false;
        };
        let line = Span { start: letters.span.start, ..self.behind_words(letters.span) };
        self.unread.push(line);
        let report = Diagnostic::error(
            codes::SURPLUS_OPERAND,
            letters.span,
            format!("`{name}` stands before the quotes"),
        );
        let report = report.help("a text with values is `\"{value}\"`; one in single quotes is verbatim");
        self.report(report.fix(format!("remove `{name}`"), letters.span, "").hides(line));
        true
    }

    /// Says that an option behind a title begins with dashes, as those of programs do. Whether one does.
    pub(super) fn tell_dashes(&mut self, title: &Expr) -> bool {
        let ExprKind::Binary(tree::BinaryOp::Sub, text, option) = &title.kind else { return false };
        let dashed = Span { start: text.span.end, ..option.span };
        let (blanks, word) = (self.words(dashed), self.words(dashed).trim_start_matches([' ', '-']));
        if text.fixed_text().is_none() || !blanks.starts_with(" -") || !self.kinds.is_option(word) {
            return false;
        }
        let at = Span { start: dashed.start.saturating_add(1), ..dashed };
        let behind = self.behind_words(option.span);
        self.unread.push(behind);
        let message = format!("`{}` is written without dashes", self.words(at));
        let report = Diagnostic::error(codes::UNKNOWN_OPTION, at, message);
        self.report(
            report.guess(format!("write `{word}`"), at, word).hides(Span { start: at.start, ..behind }),
        );
        true
    }

    /// `timeout=5m`: an option that is given its value by a sign, which is told, and read as it is meant.
    pub(super) fn assigned_option(
        &mut self,
        (spec, name, value): (&'static OptionSpec, &Ident, &'a Expr),
        rest: &mut Rest<'a>,
        matched: &mut Matched<'a>,
    ) {
        let sign = Span { start: name.span.end, end: value.span.start, ..name.span };
        let shown = self.words(sign).trim();
        if spec.parts.is_empty() {
            let message = format!("`{}` takes no value", spec.word);
            let given = Span { end: value.span.end, ..sign };
            let report = Diagnostic::error(codes::BAD_OPTION, given, message);
            let report = report.help("it stands alone, or is left out");
            return self.report(if self.words(value.span) == "true" {
                report.fix("take the value out", given, "")
            } else {
                report
            });
        }
        let message = format!("between `{}` and its value stands no `{shown}`", spec.word);
        let report = Diagnostic::error(codes::BAD_OPTION, sign, message);
        self.report(report.fix("write a blank", sign, " "));
        self.tell_repeated(spec, &name.text, name.span, matched);
        let takes = format_args!("`{}` takes", spec.word);
        let first = spec.parts.first().and_then(|part| match part {
            Part::Slot(kind) | Part::Optional(kind) => self.value_slot(*kind, value, &takes, matched),
            Part::Word(_) => None,
        });
        let mut values: Vec<Operand> = first.into_iter().collect();
        values.extend(self.option_values(Begun { spec, word: value.span, read: 1 }, rest, matched));
        let span = name.span.to(rest.last().unwrap_or(value.span));
        matched.options.push(GivenOption { word: spec.word, values, span });
    }

    /// A unit that stands apart from its number (`5 minutes`), written at it: from where to where, and what.
    pub(super) fn unit_apart(&self, number: Span) -> Option<(Span, String)> {
        let written = self.words(number);
        let digits = !written.is_empty() && written.chars().all(|c| c.is_ascii_digit() || c == '.');
        let behind = self.words(self.behind(number));
        let word = behind.split_whitespace().next().filter(|_| digits && behind.starts_with(' '))?;
        let unit = unit_meant(word)?;
        let blanks = behind.len() - behind.trim_start().len();
        let end = number.end.saturating_add(u32::try_from(blanks + word.len()).ok()?);
        Some((Span { end, ..number }, format!("{written}{unit}")))
    }

    /// The number behind which a word stands.
    pub(super) fn number_before(&self, word: Span) -> Option<Span> {
        let before = self.frame.unit.source.text().get(..word.range().start)?;
        let number = before.trim_end_matches(' ');
        let start = number.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        Some(Span::new(word.source, start, number.len())).filter(|span| span.start < span.end)
    }
}

/// What is said of a unit apart from its number, which is written at it.
pub(super) fn tell_unit(report: Diagnostic, (whole, written): (Span, String)) -> Diagnostic {
    let report = report.help(format!("the unit stands at its number: `{written}`"));
    // The number itself is where this is told.
    let unit = Span { start: whole.start.saturating_add(1), ..whole };
    report.fix(format!("write `{written}`"), whole, written).hides(unit)
}

/// The name and the value of an option that is given as one of a call or a map is.
pub(super) fn assigned(item: &Item) -> Option<(&Ident, &tree::Expr)> {
    match item {
        Item::Assign(name, value) if value.kind != ExprKind::Bad => Some((name, value)),
        _ => None,
    }
}
