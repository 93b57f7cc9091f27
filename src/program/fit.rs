//! Whether a value fits where it stands: what is converted, and what is said where nothing helps.

use std::fmt::Display;

use super::miswritten::tell_unit;
use super::resolver::{Resolver, Role};
use super::types::{Fit, NAMED, Typed, fit, is_texty, noun, spelling};
use crate::diag::{Diagnostic, codes};
use crate::text::Span;
use crate::value::{Expr, Type, Value, convert};

impl Resolver<'_> {
    /// Makes a value go where `to` is wanted; `takes` begins the sentence (`` `timeout` takes ``).
    pub(super) fn fitted(&mut self, value: Typed, to: &Type, span: Span, takes: &dyn Display) -> Typed {
        match fit(&value.ty, to) {
            Fit::AsIs => Typed { ty: to.clone(), ..value },
            Fit::Converted => self.converted(value, to, span),
            Fit::Asked | Fit::Never => {
                self.misfit(&value, to, span, takes);
                Typed { secret: value.secret, ..Typed::unknown() }
            }
        }
    }

    /// Makes a value one of another type because the author says so.
    pub(super) fn asked_for(&mut self, value: Typed, to: &Type, span: Span, takes: &dyn Display) -> Typed {
        match fit(&value.ty, to) {
            Fit::Asked => self.converted(value, to, span),
            _ => self.fitted(value, to, span, takes),
        }
    }

    /// Turns a value into a type, right away where it is fixed.
    pub(super) fn converted(&mut self, value: Typed, to: &Type, span: Span) -> Typed {
        if *to == Type::Secret && !value.secret {
            self.bare_secret(&value.expr, span);
        }
        let secret = value.secret || *to == Type::Secret;
        if let Some(fixed) = fixed_value(&value.expr)
            && !secret
        {
            match crate::value::convert(to, fixed.clone()) {
                Ok(Value::Secret(_)) => return self.password_in_file(span),
                Ok(turned) => return Typed::plain(Expr::Const(turned), to.clone()),
                Err(why) => return self.not_of_type(&why, to, span),
            }
        }
        let expr = Expr::Convert(to.clone(), Box::new(value.expr));
        Typed { expr, ty: to.clone(), secret }.at(span)
    }

    /// Warns where a secret is made of a named text: under that name it is shown and kept as it is.
    fn bare_secret(&mut self, value: &Expr, span: Span) {
        let var = match value {
            Expr::At(_, inner) => return self.bare_secret(inner, span),
            Expr::Var(var) => *var,
            _ => return,
        };
        let Some(variable) = self.var(var).filter(|variable| variable.ty == Type::Text) else { return };
        let (name, bound) = (variable.name.clone(), variable.span);
        let role = self.usage.get(var.0 as usize).map_or(Role::Other, |usage| usage.role);
        let declared = match role {
            Role::Input => format!("input {name}: secret"),
            Role::Let | Role::Decision => format!("let {name}: secret = …"),
            Role::Other => format!("{name}: secret"),
        };
        let message = format!("this takes a secret, and `{name}` is shown and kept as it is");
        let report = Diagnostic::warning(codes::BARE_SECRET, span, message);
        let help = format!("say it where it gets its value: `{declared}`");
        self.report(report.also(bound, "no secret from here on").help(help));
    }

    fn password_in_file(&mut self, span: Span) -> Typed {
        let message = "a URL with a password is a secret, and a secret is never written in a runbook";
        let help = "give it when the run starts, or write `from env \"NAME\"` behind the type of an input";
        self.error(codes::SECRET_REVEALED, span, message, help);
        Typed::unknown()
    }

    /// A fixed value that is not of its type; what to write instead stands behind the `;` of the reason.
    fn not_of_type(&mut self, why: &str, to: &Type, span: Span) -> Typed {
        let (reason, help) = why.split_once("; ").unwrap_or((why, ""));
        let message = format!("{} is not {}", self.words(span), noun(to));
        let mut report = Diagnostic::error(codes::BAD_VALUE, span, message);
        if !reason.ends_with(&format!(" is not {to}")) {
            report = report.label(reason);
        }
        if self.words(span) == "null" {
            let report = self.without_null(report, span);
            self.report(report);
            return Typed::unknown();
        }
        self.report(report.help(if help.is_empty() { example_of(to) } else { help }));
        Typed::unknown()
    }

    /// What to write instead of `null`; as the default of an input it goes with its sign.
    fn without_null(&self, report: Diagnostic, null: Span) -> Diagnostic {
        let before = self.words(self.line_before(null));
        let Some(kept) = before.trim_end().strip_suffix('=').filter(|_| before.starts_with("input ")) else {
            return report.help("leave `null` out, or write a value in its place");
        };
        let start = null.range().start - before.len() + kept.trim_end().len();
        let report = report.help("leave `= null` out: an input without a default must be given");
        report.guess("take `= null` out", Span::new(null.source, start, null.range().end), "")
    }

    fn misfit(&mut self, value: &Typed, to: &Type, span: Span, takes: &dyn Display) {
        let fit = fit(&value.ty, to);
        let message = format!("{takes} {}, and this is {}", noun(to), noun(&value.ty));
        let report = Diagnostic::error(codes::TYPE_MISMATCH, span, message).label(spelling(&value.ty));
        // A unit of another kind mends nothing.
        let of_kind = |written: &str| convert(to, Value::Text(written.into())).is_ok();
        let unit = self.unit_apart(span).filter(|(_, written)| of_kind(written));
        let report = match (fixed_value(&value.expr), to) {
            (Some(Value::Int(_) | Value::Number(_)), Type::Duration | Type::Size) if unit.is_some() => {
                unit.into_iter().fold(report, tell_unit)
            }
            (Some(Value::Int(number)), Type::Duration | Type::Size) => report.help(unit_help(*number, to)),
            (None, Type::Bool) if matches!(value.ty, Type::Int | Type::Number) => {
                let words = self.words(span);
                report.help(format!("compare it with something: `{words} > 0`"))
            }
            (Some(_), Type::Bool) if is_joining(takes) => {
                report.help("each side is a condition of its own: `x == 0 or x == 3`, or `x in [0, 3]`")
            }
            (None, Type::Bool) if is_texty(&value.ty) => {
                let words = self.words(span);
                report.help(format!("compare it with something: `{words} == \"yes\"`"))
            }
            (Some(fixed), _) if fit == Fit::Asked => self.rewritten(report, fixed, to, span),
            (None, _) if fit == Fit::Asked => self.called_conversion(report, to, span),
            _ => report,
        };
        let told = !report.help.is_empty() || report.fix.is_some();
        let report = if told { report } else { report.help(example_of(to)) };
        let fixed = fixed_value(&value.expr).is_some();
        self.no_fit(if fixed { report.hides(span) } else { report }, value, to);
    }

    /// A fixed value is written as what it should be.
    pub(super) fn rewritten(&self, report: Diagnostic, fixed: &Value, to: &Type, span: Span) -> Diagnostic {
        let words = self.words(span);
        let written = match to {
            Type::Text | Type::Path | Type::Url => format!("\"{words}\""),
            Type::Time if crate::value::convert(to, fixed.clone()).is_ok() => format!("time({words})"),
            _ if crate::value::convert(to, fixed.clone()).is_ok() => {
                words.trim_matches(['"', '\'']).to_owned()
            }
            _ => return report,
        };
        report.help(format!("write `{written}`")).fix(format!("write `{written}`"), span, written)
    }

    fn called_conversion(&self, report: Diagnostic, to: &Type, span: Span) -> Diagnostic {
        let words = self.words(span);
        let written = match to {
            Type::Text => format!("\"{{{words}}}\""),
            to if NAMED.iter().any(|(_, ty)| ty == to) => format!("{}({words})", spelling(to)),
            _ => return report,
        };
        report.help(format!("write `{written}`")).fix("convert it", span, written)
    }
}

/// What to write where something is no value of its type.
fn example_of(ty: &Type) -> &'static str {
    match ty {
        Type::Int => "write digits alone, as in `3`",
        Type::Number => "write it with a point, as in `0.05`",
        Type::Version => "write all three numbers, as in `1.0.0`",
        Type::Time => "write date, time and offset, as in `2030-03-01T14:00:00Z`",
        Type::OneOf(_) => "write one of the choices, or add this one to them",
        Type::Bool => "write `true` or `false`, or a condition, as in `x == 3`",
        Type::Duration => "write a number with its unit, as in `10m`",
        Type::Size => "write a number with its unit, as in `2GiB`",
        Type::Url => "write all of it, as in `\"https://example.org/status\"`",
        Type::Path => "write where the file is, as in `\"./folder/file\"`",
        Type::List(_) => "write it in brackets, as in `[\"a\", \"b\"]`; items are all of that type",
        Type::Map(_) => "write it in braces, as in `{ name: \"value\" }`; values are all of that type",
        Type::Lines => "make lines of a text with `lines(…)`",
        Type::Artifact => "give the name that an `artifact` is bound to",
        Type::Text | Type::Secret => "give a text; a part of what is larger is named, as in `value.name`",
        Type::Json | Type::Nothing | Type::Unknown => "give another value",
    }
}

/// A bare number where a measure is wanted.
fn unit_help(number: i64, to: &Type) -> String {
    let units = if *to == Type::Size { ["MiB", "GiB"] } else { ["s", "m"] };
    format!("say the unit: {}", units.map(|unit| format!("`{number}{unit}`")).join(" or "))
}

/// The value of an expression that is one already.
pub(super) fn fixed_value(expr: &Expr) -> Option<&Value> {
    match expr {
        Expr::Const(value) => Some(value),
        Expr::At(_, inner) => fixed_value(inner),
        _ => None,
    }
}

/// Whether what takes a value joins conditions.
fn is_joining(takes: &dyn Display) -> bool {
    let takes = takes.to_string();
    takes.starts_with("`or`") || takes.starts_with("`and`")
}
