//! Words without quotes where a text is wanted, and a message where a condition is: said once, whatever else they seem to be.

use std::fmt::Display;

use super::habits;
use super::resolver::Resolver;
use super::spans::{item_span, item_word, lone_name};
use super::types::Typed;
use crate::diag::{Code, Diagnostic, codes};
use crate::syntax::tree::{self, ExprKind};
use crate::text::Span;
use crate::value::Type;

impl<'a> Resolver<'a> {
    /// A module that is named without quotes.
    pub(super) fn tell_bare_module(&mut self, name: Span) {
        let words = self.words(name);
        let path = words.strip_prefix("std/").unwrap_or(words);
        let help = format!("a file beside is `use \"./{path}\"`, the standard library `use \"std/{path}\"`");
        let message = "`use` takes a text that is fixed in the file";
        let report = Diagnostic::error(codes::NOT_FIXED, name, message).help(help);
        let quoted = words.starts_with("std/").then(|| format!("\"{words}\""));
        let report = match quoted {
            Some(text) => report.guess("write it in quotes", name, text),
            None => report,
        };
        self.report(report);
    }

    /// A `use` without a text: the name of a file may stand there without its quotes.
    pub(super) fn tell_no_module(&mut self, line: Span) {
        let line = line.to(self.rest_of_line(line));
        let report = Diagnostic::error(codes::MISSING_OPERAND, line, "`use` needs a module");
        let words = self.words(line).trim_end();
        let path = words.strip_prefix("use").unwrap_or_default().trim_start();
        let name = path.trim_end_matches(".runbook");
        if !name.starts_with("./") || name.contains([' ', '"', '\'']) {
            return self.report(report.help("write `use \"./name\"` or `use \"std/name\"`"));
        }
        let (end, quoted) = (line.range().start + words.len(), format!("\"{name}\""));
        let place = Span::new(line.source, end - path.len(), end);
        let report = report.help(format!("write `use {quoted}`")).hides(line);
        self.report(report.guess("write it in quotes", place, quoted));
    }

    /// What stands behind `call` and is no text: a step or a check of a module is done without that word.
    pub(super) fn no_file_to_call(&mut self, word: Span, given: &'a tree::Expr) {
        let message = "`call` takes a text that is fixed in the file";
        let report = Diagnostic::error(codes::NOT_FIXED, given.span, message);
        let ExprKind::Call(callee, args) = &given.kind else {
            self.read_unless_unknown(given);
            return self.report(report.help("write `call \"./other.runbook\" (…)`"));
        };
        let Some(def) = self.called_def(callee) else {
            self.expr(given);
            return;
        };
        self.arguments(def, args, given.span);
        let word = Span { end: given.span.start, ..word };
        self.report(report.help("a step of a module is done by its name").fix("take `call` out", word, ""));
    }

    /// What stands behind the module of a `use`; the other name that it is to have there, if it is that.
    pub(super) fn spare_in_use(&mut self, stmt: &'a tree::Stmt) -> Option<&'a str> {
        let more = item_span(stmt.items.get(1)?);
        let alias = item_word(stmt.items.get(1)?).filter(|word| *word == "as");
        let alias = alias.and_then(|_| self.words(self.behind(more)).split_whitespace().next());
        let report = Diagnostic::error(codes::SURPLUS_OPERAND, more, "`use` takes one module");
        let module = stmt.items.first().map_or(more, item_span);
        let whole = Span { start: module.end, end: self.behind(more).end, ..more };
        self.report(match alias {
            Some(_) => report
                .help("a module is called by its own name")
                .guess("take the other name out", whole, "")
                .hides(whole),
            None => report,
        });
        alias
    }

    /// A title without quotes: the words after the first read as options, and are none.
    pub(super) fn bare_title(&mut self, written: &'a tree::Expr, takes: &dyn Display) {
        let error =
            |span| Diagnostic::error(codes::TYPE_MISMATCH, span, format!("{takes} a title in quotes"));
        if let Some(name) = lone_name(written).filter(|name| self.frame.scope.get(name).is_some()) {
            let help = format!("write `\"{{{name}}}\"` for its value");
            return self.report(error(written.span).help(help));
        }
        if self.tell_dashes(written) {
            return;
        }
        let quoted = |callee: &tree::Expr| matches!(callee.kind, ExprKind::Text(_) | ExprKind::Raw(_));
        if matches!(&written.kind, ExprKind::Call(callee, _) if quoted(callee)) {
            return self.title_with_parameters(written);
        }
        let message = format!("{takes} a title in quotes");
        self.bare_line(written, codes::TYPE_MISMATCH, message);
    }

    /// `step "backfill"(days: int)`: parameters belong to a definition.
    fn title_with_parameters(&mut self, written: &'a tree::Expr) {
        self.bound_by_definition(written.span);
        let report = Diagnostic::error(codes::MISPLACED, written.span, "parameters stand in a definition");
        let help = "a definition stands in a module, and its name without quotes: `step name(days: int) \"Title\" { … }`";
        self.report(report.help(help).hides(self.behind_words(written.span)));
    }

    /// Says that the words on a line from one that begins a text lack quotes, whatever else they seem to be.
    fn bare_line(&mut self, written: &tree::Expr, code: Code, message: String) {
        let whole = Span { start: written.span.start, ..self.behind(written.span) };
        let follows = Span { start: written.span.start, ..self.behind_words(written.span) };
        let words = self.without_options(plain_words(self.words(whole)));
        // Of its two quotes only the first may be missing.
        let closed = self.words(whole).get(words.len()..).is_some_and(|rest| rest.starts_with('"'));
        let length = u32::try_from(words.len() + usize::from(closed)).unwrap_or(u32::MAX);
        let span = Span { end: whole.end.min(whole.start.saturating_add(length)), ..whole };
        let quoted = format!("\"{}\"", words.replace('"', ""));
        self.unread.push(whole);
        let report = Diagnostic::error(code, span, message).help(format!("write `{quoted}`"));
        self.report(report.guess("put it in quotes", span, quoted).hides(follows));
    }

    /// Words without the options behind them that have a number or a text, or take nothing.
    fn without_options<'t>(&self, words: &'t str) -> &'t str {
        let is_option = |at: &usize| {
            let mut rest = words.get(*at..).unwrap_or_default().split_whitespace();
            let word = rest.next().unwrap_or_default();
            match rest.next() {
                Some(value) => {
                    self.kinds.is_option(word) && value.starts_with(|c: char| c.is_ascii_digit() || c == '"')
                }
                None => self.kinds.is_flag(word),
            }
        };
        let options = words.match_indices(' ').map(|(at, _)| at).find(is_option);
        words.get(..options.unwrap_or(words.len())).unwrap_or_default().trim_end()
    }

    /// Says so of words where a fixed text is wanted, if more than one stand there.
    pub(super) fn bare_fixed(&mut self, written: &tree::Expr, message: &str) -> bool {
        let behind = self.words(self.behind(written.span));
        let next = behind.trim_start().split([' ', '\t']).next().unwrap_or_default();
        let goes_on = behind.starts_with([' ', '\t'])
            && next.starts_with(char::is_alphanumeric)
            && !self.kinds.is_option(next);
        if goes_on {
            self.bare_line(written, codes::NOT_FIXED, message.to_owned());
        }
        goes_on
    }

    /// Whether a value is a name alone that nothing has.
    pub(super) fn is_unbound(&self, written: &tree::Expr) -> bool {
        lone_name(written).is_some_and(|name| self.frame.scope.get(name).is_none() && !self.is_taken(name))
    }

    /// What was meant as a text and reads as a value that is not there (`release-managers`), in quotes.
    pub(super) fn bare_words(&self, written: &tree::Expr) -> Option<String> {
        let words = self.words(written.span);
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let bare = words.chars().all(plain) && words.starts_with(|c: char| c.is_ascii_alphabetic());
        let first = words.split(['-', '.']).next().unwrap_or_default();
        let parted = words.len() > first.len();
        let capitals = |rest: &str| rest.strip_prefix('.').is_some_and(|name| name.chars().all(is_capital));
        let secret = habits::part(first).is_some() && words.get(first.len()..).is_some_and(capitals);
        let environment = parted && (secret || habits::value(first).is_some());
        (bare && !environment && self.is_no_name(first)).then(|| format!("\"{words}\""))
    }

    /// Bare words where a text is wanted, none of which is or is nearly a name: they lack quotes.
    pub(super) fn bare_text(&mut self, written: &'a tree::Expr, takes: &dyn Display) -> Option<Typed> {
        let message = format!("{takes} a text, and a text stands in quotes");
        if self.is_unbound(written) && self.bare_fixed(written, &message) {
            return Some(Typed::unknown());
        }
        let quoted = self.bare_words(written)?;
        if self.words(self.behind(written.span)).starts_with("://") {
            // An address without quotes: what is left over behind it says so.
            return Some(Typed::unknown());
        }
        if lone_name(written).is_some() {
            let value = self.expr(written);
            if let Some(last) = self.diagnostics.last_mut().filter(|last| last.primary.span == written.span) {
                last.help.push(format!("a text stands in quotes: `{quoted}`"));
            }
            return Some(value);
        }
        let report = Diagnostic::error(codes::UNKNOWN_NAME, written.span, message);
        let report = report.help(format!("write `{quoted}`"));
        self.report(report.guess("write it in quotes", written.span, quoted));
        Some(Typed::unknown())
    }

    /// A condition; where a text stands in its place, it is the message, and the condition stands behind it.
    pub(super) fn judged(&mut self, written: &'a tree::Expr, takes: &dyn Display) -> Typed {
        let behind = self.behind(written.span);
        let text = matches!(written.kind, ExprKind::Text(_) | ExprKind::Raw(_));
        if !text || self.words(behind).trim_end_matches(['}', ' ']).is_empty() {
            let value = self.expr(written);
            return self.fitted(value, &Type::Bool, written.span, takes);
        }
        self.unread.push(behind);
        let message = format!("{takes} the condition first, then what to say");
        let report = Diagnostic::error(codes::TYPE_MISMATCH, written.span, message);
        self.report(report.help("write `expect condition \"message\"`").hides(behind));
        Typed::unknown()
    }
}

/// What can stand in one text: up to a comment or what ends a statement, with a text that its end has quotes around.
fn plain_words(line: &str) -> &str {
    let mut open = 0_usize;
    let end = line.find(|c| match c {
        '{' => {
            open += 1;
            false
        }
        '}' => open.checked_sub(1).map(|less| open = less).is_none(),
        _ => matches!(c, '"' | '#' | ';'),
    });
    let (words, rest) = line.split_at_checked(end.unwrap_or(line.len())).unwrap_or_default();
    let quoted = rest.strip_prefix('"').and_then(|rest| rest.find('"')).map_or(0, |end| end + 2);
    line.get(..words.len() + quoted).unwrap_or_default().trim_end()
}

/// Whether it is a letter of the names that secrets and variables of the environment have.
pub(super) fn is_capital(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'
}
