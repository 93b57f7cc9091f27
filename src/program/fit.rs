//! Whether a value fits where it stands: what is converted, and what is said where nothing helps.

use super::resolver::Resolver;
use super::types::{Fit, NAMED, Typed, fit, is_texty, noun, spelling};
use crate::diag::{Diagnostic, codes};
use crate::text::Span;
use crate::value::{Expr, Type, Value};

impl Resolver<'_> {
    /// Makes a value go where `to` is wanted; `takes` begins the sentence (`` `timeout` takes ``).
    pub(super) fn fitted(&mut self, value: Typed, to: &Type, span: Span, takes: &str) -> Typed {
        match fit(&value.ty, to) {
            Fit::AsIs => Typed { ty: to.clone(), ..value },
            Fit::Converted => self.converted(value, to, span),
            Fit::Asked | Fit::Never => {
                self.misfit(&value, to, span, takes);
                Typed { ty: Type::Unknown, ..value }
            }
        }
    }

    /// Makes a value one of another type because the author says so.
    pub(super) fn asked_for(&mut self, value: Typed, to: &Type, span: Span, takes: &str) -> Typed {
        match fit(&value.ty, to) {
            Fit::Asked => self.converted(value, to, span),
            _ => self.fitted(value, to, span, takes),
        }
    }

    /// Turns a value into a type, right away where it is fixed.
    pub(super) fn converted(&mut self, value: Typed, to: &Type, span: Span) -> Typed {
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
        self.report(if help.is_empty() { report } else { report.help(help) });
        Typed::unknown()
    }

    fn misfit(&mut self, value: &Typed, to: &Type, span: Span, takes: &str) {
        let fit = fit(&value.ty, to);
        let message = format!("{takes} {}, and this is {}", noun(to), noun(&value.ty));
        let report = Diagnostic::error(codes::TYPE_MISMATCH, span, message).label(spelling(&value.ty));
        let report = match (fixed_value(&value.expr), to) {
            (Some(Value::Int(number)), Type::Duration | Type::Size) => report.help(unit_help(*number, to)),
            (None, Type::Bool) if is_texty(&value.ty) => {
                report.help("compare it with something: `… == \"yes\"`")
            }
            (Some(fixed), _) if fit == Fit::Asked => self.rewritten(report, fixed, to, span),
            (None, _) if fit == Fit::Asked => self.called_conversion(report, to, span),
            _ => report,
        };
        self.report(report);
    }

    /// A fixed value is written as what it should be.
    fn rewritten(&self, report: Diagnostic, fixed: &Value, to: &Type, span: Span) -> Diagnostic {
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
