//! Values that have not what is read of them, and which named value it is where one does not fit: several reports of one value
//! may be told as one, where it gets its type.

use std::collections::HashMap;
use std::fmt::Display;

use super::Named;
use super::habits;
use super::resolver::Resolver;
use super::types::{Typed, is_texty, noun};
use crate::diag::{Diagnostic, Misfit, codes};
use crate::syntax::tree::Ident;
use crate::text::Span;
use crate::value::{Expr, Type};

/// What a value is taken for of which a field is read.
const FIELDS: &str = "a value with fields";
/// What a value is taken for of which an item is read.
const LIST: &str = "a list";

impl Resolver<'_> {
    /// A value has no such field.
    pub(super) fn no_part(&mut self, value: &Typed, base: Span, field: &Ident) -> Typed {
        let ty = &value.ty;
        let message = format!("{} has no `.{}`", noun(ty), field.text);
        let report = Diagnostic::error(codes::NO_SUCH_PART, field.span, message);
        let counted = matches!(field.text.as_str(), "length" | "len" | "size" | "count");
        let report = match ty {
            Type::Artifact => report.help("an artifact has `.path`, `.sha256` and `.bytes`"),
            Type::List(_) | Type::Lines | Type::Text if counted => {
                let counted = format!("count({})", self.words(base));
                let whole = base.to(field.span);
                report.help(format!("write `{counted}`")).fix("count it", whole, counted)
            }
            Type::Text | Type::Lines if habits::is_printed(&field.text) => {
                let value = self.words(base);
                let report = report.help(format!("what was printed is the value itself: `{value}`"));
                report.guess(format!("write `{value}`"), Span { start: base.end, ..field.span }, "")
            }
            Type::Text | Type::Lines if habits::is_ending(&field.text) => report.help(
                "how a program ended is judged in its block: `run program { expect exit == 0 }`; there is `stderr`, too",
            ),
            Type::Text => report.help("to read fields, decode it where it is bound: `let name: json = …`"),
            Type::List(_) | Type::Lines => report.help("an item is `list[0]`"),
            _ => report.help("`json`, maps and artifacts have fields; this is compared or written as it is"),
        };
        self.report_misfit(report, value, FIELDS.to_owned());
        Typed::unknown()
    }

    /// A value has no items.
    pub(super) fn no_items(&mut self, value: &Typed, span: Span) -> Typed {
        let report =
            Diagnostic::error(codes::NO_SUCH_PART, span, format!("{} has no items", noun(&value.ty)));
        let report = if is_texty(&value.ty) {
            report.help("write `split(text, \",\")` or `lines(text)` first")
        } else {
            report
        };
        self.report_misfit(report, value, LIST.to_owned());
        Typed::unknown()
    }

    /// A value is no list; `takes` begins the sentence (`` `for` takes ``).
    pub(super) fn no_list(&mut self, value: &Typed, span: Span, takes: &dyn Display) {
        let message = format!("{takes} a list, and this is {}", noun(&value.ty));
        let report = Diagnostic::error(codes::TYPE_MISMATCH, span, message);
        let spliced = Span { start: span.start.saturating_sub(3), end: span.start, ..span };
        let report = match &value.ty {
            Type::Map(_) => report.help("write `keys(…)` or `values(…)`"),
            ty if is_texty(ty) && self.words(spliced) == "..." => {
                let value = format!("{{{}}}", self.words(span));
                report
                    .help(format!(
                        "one argument is `{value}`; a list is made by `lines(…)` or `split(…, \",\")`"
                    ))
                    .guess(format!("write `{value}`"), spliced, "")
            }
            ty if is_texty(ty) => report.help("write `lines(…)` or `split(…, \",\")`"),
            _ => report.help("write a list, as in `[1, 2, 3]`, or the name of one"),
        };
        self.report_misfit(report, value, LIST.to_owned());
    }

    /// A value does not fit where that type is taken.
    pub(super) fn no_fit(&mut self, report: Diagnostic, value: &Typed, to: &Type) {
        let list = matches!(to, Type::List(_));
        self.report_misfit(report, value, if list { LIST.to_owned() } else { noun(to) });
    }

    /// Reports that a value does not fit where something is `taken`. What has an edit is mended where it stands, but for a
    /// list: an edit there only guesses that one was not meant.
    fn report_misfit(&mut self, report: Diagnostic, value: &Typed, taken: String) {
        let declared = report.fix.is_none() || taken == LIST;
        let misfit = if declared { self.misfit_of(&value.expr, taken) } else { None };
        self.report(Diagnostic { misfit, ..report });
    }

    /// Of a value that has a name. How often it is used is known at the end.
    fn misfit_of(&self, value: &Expr, taken: String) -> Option<Misfit> {
        let variable = match value {
            Expr::At(_, inner) => return self.misfit_of(inner, taken),
            Expr::Var(var) => self.vars.get(var.0 as usize)?,
            _ => return None,
        };
        let what = format!("`{}` is {}", variable.name, noun(&variable.ty));
        Some(Misfit { declared: variable.span, what, taken, uses: 0 })
    }

    /// Notes with each value that does not fit how often it is used.
    pub(super) fn count_uses(&self, told: &mut [Diagnostic]) {
        let mut uses: HashMap<Span, usize> = HashMap::new();
        for mention in self.mentions.iter().filter(|mention| !mention.binds) {
            if let Named::Var(var) = mention.named
                && let Some(variable) = self.vars.get(var.0 as usize)
            {
                *uses.entry(variable.span).or_default() += 1;
            }
        }
        for misfit in told.iter_mut().filter_map(|one| one.misfit.as_mut()) {
            misfit.uses = uses.get(&misfit.declared).copied().unwrap_or_default();
        }
    }
}
