//! What is called and is no function: keywords with brackets, functions of other languages, parts of values.
//! Knows names of functions and keywords, and no types.

use super::habits;
use super::resolver::Resolver;
use super::spans::is_unread;
use super::types::{NAMED, Typed};
use crate::diag::{Diagnostic, codes, listed, nearest};
use crate::syntax::is_reserved;
use crate::syntax::tree::{self, Arg, Ident};
use crate::text::Span;
use crate::value::functions;

impl<'a> Resolver<'a> {
    /// A name with brackets behind it that is no function.
    pub(super) fn no_function(&mut self, name: &'a str, at: Span, args: &'a [Arg], whole: Span) -> Typed {
        if self.is_taken(name) {
            self.read_all(args);
            return Typed::unknown();
        }
        let known = self.kinds.knows(name) || matches!(name, "let" | "run");
        let keyword = known && habits::value(name).is_none();
        let report = if keyword {
            self.keyword_called(name, at, args, whole)
        } else {
            self.read_all(args);
            let report =
                Diagnostic::error(codes::UNKNOWN_FUNCTION, at, format!("no function is called `{name}`"));
            no_such_function(report, name, at, whole)
        };
        self.report(report);
        Typed::unknown()
    }

    /// `log("x")`: a statement takes no brackets.
    fn keyword_called(&mut self, name: &str, at: Span, args: &'a [Arg], whole: Span) -> Diagnostic {
        let message =
            format!("`{name}` is no function: what a statement takes stands behind it without brackets");
        let report = Diagnostic::error(codes::UNKNOWN_FUNCTION, at, message);
        self.unread.push(whole);
        let Some((value, of_program)) = self.only_argument(name, args) else {
            return report.help(format!("write `{name} …`")).hides(whole);
        };
        let written = format!("{name} {value}");
        let report = report.help(format!("write `{written}`")).hides(whole);
        // How a program's words are split is for its author to say.
        let title = "write it without brackets";
        if of_program { report.guess(title, whole, written) } else { report.fix(title, whole, written) }
    }

    /// What stands alone in the brackets behind a keyword, and whether it is a command.
    fn only_argument(&self, name: &str, args: &'a [Arg]) -> Option<(String, bool)> {
        let [only @ Arg { name: None, value }] = args else { return None };
        let words = self.words(value.span);
        if name != "run" {
            return (!is_unread(only)).then(|| (words.to_owned(), false));
        }
        let command = words.trim_matches(['"', '\'']);
        (!command.contains(['"', '\'', '\n'])).then(|| (command.to_owned(), true))
    }

    /// A module where a value stands; with another sign than the dot behind it, what it has is named there.
    pub(super) fn module_as_value(&mut self, name: &str, span: Span) {
        let message = format!("`{name}` is a module, not a value");
        let report = Diagnostic::error(codes::UNKNOWN_NAME, span, message);
        let report = report.help("name something in it, as in `module.name`");
        let sign = Span { start: span.end, end: span.end.saturating_add(1), ..span };
        let parted = matches!(self.words(sign), "/" | ":" | "-");
        self.report(if parted {
            report.guess("write a dot", sign, ".").hides(self.behind_words(span))
        } else {
            report
        });
    }

    /// A function without its brackets, `count hosts`.
    pub(super) fn called_bare(&self, name: &str, span: Span) -> Option<Diagnostic> {
        functions::find(name)?;
        let behind = self.behind_words(span);
        let given = self.words(behind).strip_prefix(' ')?.split(' ').next()?;
        let is_value = given.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '"' | '['));
        let message = format!("`{name}` takes its values in brackets");
        let report = Diagnostic::error(codes::UNKNOWN_FUNCTION, span, message).hides(behind);
        (is_value && !is_reserved(given)).then(|| report.help(format!("write `{name}({given})`")))
    }

    /// `x.f(…)`, where `x` is a value.
    pub(super) fn no_method(&mut self, base: &'a tree::Expr, field: &'a Ident, whole: Span) -> Typed {
        self.expr(base);
        let name = field.text.as_str();
        let message = format!("a value has no functions of its own, so `.{name}(…)` means nothing");
        let report = Diagnostic::error(codes::UNKNOWN_FUNCTION, field.span, message);
        let here = functions::find(name).map(|spec| spec.name).or_else(|| habits::function(name));
        let report = match (here, habits::without_function(name)) {
            (Some(here), _) => {
                let value = self.words(base.span);
                let empty = self.words(whole).ends_with("()");
                let written =
                    if empty { format!("{here}({value})") } else { format!("{here}({value}, …)") };
                let report = report.help(format!("write `{written}`"));
                if empty { report.guess(format!("write `{written}`"), whole, written) } else { report }
            }
            (None, Some(help)) => report.help(help),
            (None, None) => report.help(all_functions()),
        };
        self.report(report.hides(Span { start: field.span.end, ..whole }));
        self.unread.push(field.span);
        Typed::unknown()
    }
}

/// What is said of a name that is no function and no keyword.
fn no_such_function(report: Diagnostic, name: &str, at: Span, whole: Span) -> Diagnostic {
    if let Some(here) = habits::function(name) {
        let help = format!("write `{here}(…)`");
        return report.guess(help.clone(), at, here).help(help);
    }
    if let Some(help) = habits::without_function(name) {
        return report.help(help).hides(whole);
    }
    let known = functions::names().chain(NAMED.iter().map(|(name, _)| *name));
    if let Some(near) = nearest(name, known) {
        return report.help(format!("did you mean `{near}`?")).guess(format!("write `{near}`"), at, near);
    }
    report.help(all_functions())
}

/// What can be called.
fn all_functions() -> String {
    let names: Vec<_> = functions::TABLE.iter().map(|spec| spec.name).collect();
    format!("functions are {}, `jq`; and a type's name converts, as in `int(…)`", listed(&names))
}
