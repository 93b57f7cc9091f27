//! Reading the options of a statement.

use std::time::Duration;

use super::{Lowering, fixed, value};
use crate::diag::codes;
use crate::plan::Retry;
use crate::program::{GivenOption, Operand};
use crate::text::Span;
use crate::value::{Expr, Type, Value};

/// More further attempts than this are a mistake.
const MAX_RETRIES: i64 = 1000;

/// The option of that word, if given.
pub(crate) fn given<'p>(options: &'p [GivenOption], word: &str) -> Option<&'p GivenOption> {
    options.iter().find(|option| option.word == word)
}

/// Whether the option of that word is given.
pub(crate) fn has(options: &[GivenOption], word: &str) -> bool {
    given(options, word).is_some()
}

/// The role that `by` names.
pub(super) fn role(options: &[GivenOption]) -> Option<String> {
    given(options, "by").map(|by| fixed(&by.values, 0))
}

impl Lowering<'_> {
    /// The value of an option, in the plan's variables.
    pub(crate) fn option(&mut self, options: &[GivenOption], word: &str) -> Option<Expr> {
        self.option_typed(options, word).map(|(value, ..)| value)
    }

    /// The value of an option with its type and place.
    pub(crate) fn option_typed(&mut self, options: &[GivenOption], word: &str) -> Option<(Expr, Type, Span)> {
        value(self, &given(options, word)?.values, 0)
    }

    /// A whole number that is fixed in the file, within bounds.
    pub(crate) fn number(&mut self, operands: &[Operand], what: &str, least: i64, most: i64) -> Option<u32> {
        let (value, _, span) = value(self, operands, 0)?;
        match fixed_int(&value) {
            // It stands for something that was reported.
            None if matches!(value, Expr::Const(Value::Null)) => None,
            Some(number) if (least..=most).contains(&number) => u32::try_from(number).ok(),
            Some(number) => {
                let message = format!("{what} cannot be {number}");
                self.error(
                    codes::OUT_OF_RANGE,
                    span,
                    message,
                    &format!("write a number from {least} to {most}"),
                );
                None
            }
            None => {
                let message = format!("{what} must be fixed in the file");
                let help = format!("write a number from {least} to {most}");
                self.error(codes::NOT_A_FIXED_NUMBER, span, message, &help);
                None
            }
        }
    }

    /// The number after an option, `None` where it is not given or wrong.
    pub(crate) fn option_number(
        &mut self,
        options: &[GivenOption],
        word: &str,
        least: i64,
        most: i64,
    ) -> Option<u32> {
        let words = if word == "at" { "at most" } else { word };
        self.number(&given(options, word)?.values, &format!("`{words}`"), least, most)
    }

    /// The pause between two looks or beats. Without one nothing would rest; a written `0s` is reported.
    pub(crate) fn pause(&mut self, every: Option<(Expr, Type, Span)>) -> Option<Expr> {
        let (length, _, span) = every?;
        if fixed_length(&length).is_some_and(|length| length.is_zero()) {
            self.error(
                codes::OUT_OF_RANGE,
                span,
                "`every` cannot be `0s`",
                "write the pause, as in `every 10s`",
            );
        }
        Some(length)
    }

    /// `retry 3 every 10s` among options.
    pub(crate) fn retry(&mut self, options: &[GivenOption]) -> Option<Retry> {
        let every = self.option(options, "every");
        let Some(retry) = given(options, "retry") else {
            if let Some(every) = given(options, "every").filter(|every| !self.is_line_unread(every.span)) {
                let help = "write `retry 3 every …`, or drop it";
                self.error(codes::NEEDS_OPTION, every.span, "`every` says nothing without `retry`", help);
            }
            return None;
        };
        let times = self.retries(&retry.values)?;
        Some(Retry { times, every: every.map(Box::new) })
    }

    /// How many further attempts.
    pub(crate) fn retries(&mut self, operands: &[Operand]) -> Option<u32> {
        self.number(operands, "`retry`", 0, MAX_RETRIES)
    }

    /// Reports that an option without which the statement means nothing is missing.
    pub(crate) fn needs(&mut self, span: Span, word: &str, option: &str) {
        if self.is_line_unread(span) {
            return;
        }
        let head = self.head(span);
        let message = format!("`{word}` needs `{}`", name_of(option));
        self.error(codes::NEEDS_OPTION, head, message, &format!("add `{option}` after the title"));
    }
}

/// The words of an option before its value.
fn name_of(option: &str) -> &str {
    let value = option.find(|c: char| c.is_ascii_digit() || c == '"').or_else(|| option.rfind(' '));
    option.get(..value.unwrap_or(option.len())).unwrap_or(option).trim_end()
}

fn fixed_length(value: &Expr) -> Option<Duration> {
    match value {
        Expr::Const(Value::Duration(length)) => Some(*length),
        Expr::At(_, inner) | Expr::Convert(_, inner) => fixed_length(inner),
        _ => None,
    }
}

fn fixed_int(value: &Expr) -> Option<i64> {
    match value {
        Expr::Const(Value::Int(number)) => Some(*number),
        Expr::At(_, inner) | Expr::Convert(_, inner) => fixed_int(inner),
        Expr::Neg(inner) => fixed_int(inner)?.checked_neg(),
        _ => None,
    }
}
