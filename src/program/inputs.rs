//! `input` lines: type, default, where the value comes from, and the condition on it.

use std::fmt::Display;

use super::bare::is_capital;
use super::resolver::New;
use super::resolver::{Resolver, Role};
use super::spans::{item_span, item_word, lone_name};
use super::types::named;
use super::{Input, InputSource};
use crate::diag::{Diagnostic, codes, nearest};
use crate::syntax::is_word;
use crate::syntax::tree::{self, Decl, ExprKind, Item};
use crate::text::Span;
use crate::value::{Expr, Type, VarId};

const WHY: &str = "inputs are known before anything runs";
const FORM: &str =
    "it is written `input name: type [= default] [from env \"NAME\"] [where (condition)] \"Description\"`";

/// What an input may come from.
const SOURCES: [&str; 4] = ["env", "file", "command", "prompt"];

/// What follows the declaration of an input.
#[derive(Default)]
struct Clauses {
    from: Option<InputSource>,
    condition: Option<Expr>,
    description: Option<String>,
}

impl<'a> Resolver<'a> {
    /// Every `input` of a runbook, in order; each sees those before it.
    pub(super) fn inputs(&mut self, tree: &'a tree::Tree) -> Vec<Input> {
        let lines = super::file::statements(tree).filter(|stmt| super::file::is_word(stmt, "input"));
        self.without_looks(WHY, |this| lines.filter_map(|stmt| this.input(stmt)).collect())
    }

    fn input(&mut self, stmt: &'a tree::Stmt) -> Option<Input> {
        let decl = match stmt.items.first() {
            Some(Item::Decl(decl)) => decl,
            Some(Item::Expr(tree::Expr { span, kind: ExprKind::Name(name) })) => {
                match stmt.items.get(1) {
                    Some(Item::Expr(tree::Expr { span: second, kind: ExprKind::Name(named) }))
                        if super::types::named(name).is_some() =>
                    {
                        self.type_first(name, named, span.to(*second));
                        self.declare_unknown(named, *second);
                    }
                    _ => self.needs_type(name, *span),
                }
                self.declare_unknown(name, *span);
                self.bound_anyway(stmt.span);
                return None;
            }
            Some(Item::Assign(name, _)) => {
                self.needs_type(&name.text, name.span);
                self.declare_unknown(&name.text, name.span);
                return None;
            }
            _ => {
                if !self.is_cut_short(stmt.span) {
                    self.error(codes::MISSING_OPERAND, stmt.span, "`input` needs a name and a type", FORM);
                }
                self.bound_anyway(stmt.span);
                return None;
            }
        };
        let role = if self.is_cut_short(stmt.span) { Role::Other } else { Role::Input };
        let (var, default) = self.declared_input(decl, role);
        let clauses = self.clauses(stmt.items.get(1..).unwrap_or_default());
        if let Some(block) = &stmt.block {
            self.error(codes::BAD_BLOCK, block.span, "`input` takes no block", FORM);
        }
        let Clauses { from, condition, description } = clauses;
        Some(Input { var, default, from, condition, description, span: stmt.span })
    }

    fn declared_input(&mut self, decl: &'a Decl, role: Role) -> (VarId, Option<Expr>) {
        let ty = self.declared_type(decl);
        let default = decl.default.as_ref().filter(|default| !self.is_assigned_source(decl, default));
        let default = default.map(|default| {
            let value = self.expr(default);
            if ty == Type::Secret {
                let help = "give it when the run starts, or write `from env \"NAME\"`";
                self.error(
                    codes::SECRET_REVEALED,
                    default.span,
                    "a secret is never written in a runbook",
                    help,
                );
            }
            let takes = format_args!("`{}` is", decl.name.text);
            self.fitted(value, &ty, default.span, &takes).expr
        });
        let var = self.declare(&decl.name, &New::of(ty, role));
        (var, default)
    }

    /// Says of `= from env "NAME"` that it is no default.
    fn is_assigned_source(&mut self, decl: &Decl, default: &tree::Expr) -> bool {
        let behind = self.behind(default.span);
        let source = self.words(behind).split_whitespace().next().unwrap_or_default();
        if lone_name(default) != Some("from") || !SOURCES.contains(&source) {
            return false;
        }
        self.unread.push(behind);
        let before = decl.ty.as_ref().map_or(decl.name.span, |ty| ty.span);
        let equals = Span { start: before.end, end: default.span.start, ..before };
        let message = "where an input comes from stands without `=`";
        let report = Diagnostic::error(codes::BAD_OPTION, default.span, message).help(FORM).hides(behind);
        self.report(report.guess("take the `=` out", equals, " "));
        true
    }

    /// The type of a declaration that is fixed in the file.
    pub(super) fn declared_type(&mut self, decl: &'a Decl) -> Type {
        if let Some(ty) = &decl.ty {
            return self.fixed_type(ty);
        }
        self.needs_type(&decl.name.text, decl.span);
        Type::Unknown
    }

    /// `input text release`, as other languages have it.
    fn type_first(&mut self, ty: &str, name: &str, span: Span) {
        let written = format!("{name}: {ty}");
        let report =
            Diagnostic::error(codes::UNKNOWN_TYPE, span, "the type stands behind the name and a colon");
        let help = format!("write `{written}`");
        self.report(report.help(help).fix("turn them round", span, written));
    }

    pub(super) fn needs_type(&mut self, name: &str, span: Span) {
        let report = Diagnostic::error(codes::UNKNOWN_TYPE, span, format!("`{name}` needs a type"));
        let behind = self.behind_words(span);
        if let Some((length, choices)) = choices(self.words(behind)) {
            let whole = Span { end: behind.start.saturating_add(length), ..behind };
            let report = report.help("values to choose from are a type: `one of [\"a\", \"b\"]`");
            let written = format!(": one of [{choices}]");
            return self.report(report.guess("write `one of`", whole, written).hides(behind));
        }
        let first = self.words(behind).trim_start().split(|c| !is_word(c)).next().unwrap_or_default();
        let plain = self.words(span).chars().all(is_word);
        if !plain || named(first).is_none() && !matches!(first, "list" | "map" | "one") {
            return self.report(report.help(format!("write `{name}: text`, or another type")));
        }
        let at = Span { end: behind.start, ..behind };
        let report = report.help("a colon stands between a name and its type").guess("write `:`", at, ":");
        self.report(report.hides(behind));
    }

    fn clauses(&mut self, items: &'a [Item]) -> Clauses {
        let mut clauses = Clauses::default();
        let mut at = 0;
        while let Some(item) = items.get(at) {
            let rest = items.get(at + 1..).unwrap_or_default();
            at += 1 + self.clause(item, rest, &mut clauses);
        }
        clauses
    }

    /// One clause; says how many further items it took.
    fn clause(&mut self, item: &'a Item, rest: &'a [Item], clauses: &mut Clauses) -> usize {
        let span = item_span(item);
        let word = item_word(item).map(|word| self.clause_word(word, span));
        match (word, item) {
            (Some("from"), _) => {
                let (from, taken) = self.input_source(span, rest);
                self.once("from", span, clauses.from.is_some());
                clauses.from = from;
                taken
            }
            (Some("where"), _) => {
                self.once("where", span, clauses.condition.is_some());
                clauses.condition = self.input_condition(span, rest.first());
                usize::from(!rest.is_empty())
            }
            (Some(_), _) => 0,
            (None, Item::Expr(written)) if written.fixed_text().is_some() => {
                if self.words(self.line_before(span)).ends_with(['"', '\'']) {
                    let help = "a quote inside of a text stands in the other quotes: `\"it's\"`";
                    self.error(codes::LEFTOVER, span, "a text stands right behind another", help);
                }
                self.once("description", span, clauses.description.is_some());
                clauses.description = written.fixed_text();
                0
            }
            _ => {
                self.error(codes::SURPLUS_OPERAND, span, "`input` does not take this", FORM);
                0
            }
        }
    }

    /// The word of a clause; a misspelt one is reported and read as the nearest.
    fn clause_word(&mut self, word: &'a str, span: Span) -> &'a str {
        if matches!(word, "from" | "where") {
            return word;
        }
        let near = nearest(word, ["from", "where"]);
        let report =
            Diagnostic::error(codes::UNKNOWN_OPTION, span, format!("`input` has no option `{word}`"));
        if word == "input" {
            let behind = self.behind_words(span);
            self.unread.push(behind);
            let report = report.help("each `input` has a line of its own").hides(behind);
            self.report(report.guess("begin a line before it", span, "\ninput"));
            return word;
        }
        self.report(match near {
            Some(near) => {
                report.help(format!("did you mean `{near}`?")).guess(format!("write `{near}`"), span, near)
            }
            None => report.help(FORM),
        });
        near.unwrap_or(word)
    }

    fn once(&mut self, what: &str, span: Span, given: bool) {
        if given {
            let message = format!("an input has one `{what}`");
            self.error(codes::REPEATED_OPTION, span, message, "keep one of them");
        }
    }

    fn input_condition(&mut self, span: Span, item: Option<&'a Item>) -> Option<Expr> {
        let Some(Item::Expr(written)) = item else {
            if !self.is_cut_short(span) {
                self.error(codes::BAD_OPTION, span, "`where` needs a condition", "write `where (name > 0)`");
            }
            return None;
        };
        Some(self.condition(written, &"`where` takes").expr)
    }

    /// `env "NAME"`, `file "path"`, `command ["word", …]`, `prompt`; says how many items it took.
    fn input_source(&mut self, span: Span, rest: &'a [Item]) -> (Option<InputSource>, usize) {
        let Some(word) = rest.first().and_then(item_word) else {
            self.unsaid_source(span, rest.first());
            return (None, 0);
        };
        let value = match rest.get(1) {
            Some(Item::Expr(written)) => Some(written),
            _ => None,
        };
        let source = match (word, value) {
            ("prompt", _) => return (Some(InputSource::Prompt), 1),
            ("env", Some(name)) => name.fixed_text().map(InputSource::Env),
            ("file", Some(path)) => {
                Some(InputSource::File(self.typed(path, &Type::Path, &"`from file` takes")))
            }
            ("command", Some(words)) => self.command(words),
            _ => return (self.bad_source(word, rest, span), 1 + usize::from(value.is_some())),
        };
        if let (None, Some(value)) = (&source, value) {
            self.unfixed_source(word, value);
        }
        (source, 2)
    }

    fn unsaid_source(&mut self, span: Span, item: Option<&Item>) {
        let help =
            "write `from env \"NAME\"`, `from file \"path\"`, `from command [\"word\"]` or `from prompt`";
        let report = Diagnostic::error(codes::BAD_OPTION, span, "`from` needs to say where from").help(help);
        let is_variable = |name: String| name.chars().all(is_capital);
        self.report(match item {
            Some(Item::Expr(name)) if name.fixed_text().is_some_and(is_variable) => {
                let before = Span { end: name.span.start, ..name.span };
                report.guess("say that it is a variable of the environment", before, "env ")
            }
            _ => report,
        });
    }

    fn unfixed_source(&mut self, word: &str, value: &tree::Expr) {
        let message = format!("`from {word}` takes a text that is fixed in the file");
        let report = Diagnostic::error(codes::NOT_FIXED, value.span, message);
        let quoted = lone_name(value).map(|name| format!("\"{name}\""));
        self.report(match quoted {
            Some(quoted) => {
                report.help(format!("write `{quoted}`")).guess("put it in quotes", value.span, quoted)
            }
            None => report.help("for example `from env \"TOKEN\"`"),
        });
    }

    fn bad_source(&mut self, word: &str, rest: &[Item], span: Span) -> Option<InputSource> {
        let at = rest.first().map_or(span, item_span);
        if SOURCES.contains(&word) {
            let message = format!("`from {word}` needs a value");
            self.error(codes::BAD_OPTION, at, message, "for example `from env \"TOKEN\"`");
            return None;
        }
        let report =
            Diagnostic::error(codes::BAD_OPTION, at, format!("an input does not come from `{word}`"));
        self.report(match nearest(word, SOURCES) {
            Some(near) => {
                report.help(format!("did you mean `{near}`?")).guess(format!("write `{near}`"), at, near)
            }
            None => report.help("it comes from `env`, `file`, `command` or `prompt`"),
        });
        None
    }

    /// The words of a command: a list, or one text that is the program alone.
    fn command(&mut self, written: &'a tree::Expr) -> Option<InputSource> {
        let words = match &written.kind {
            ExprKind::List(words) => words.iter().collect(),
            ExprKind::Text(_) | ExprKind::Raw(_) => vec![written],
            _ => return None,
        };
        let words = words.into_iter().map(|word| self.typed(word, &Type::Text, &"`from command` takes"));
        Some(InputSource::Command(words.collect()))
    }

    fn typed(&mut self, written: &'a tree::Expr, ty: &Type, takes: &dyn Display) -> Expr {
        let value = self.expr(written);
        self.fitted(value, ty, written.span, takes).expr
    }
}

/// Texts with signs between, or in brackets, where a type stands (`: "a" | "b"`): how long that is written, and the texts.
fn choices(behind: &str) -> Option<(u32, String)> {
    let written = behind.split_once(" = ").map_or(behind, |(written, _)| written).trim_end();
    let listed =
        written.strip_prefix(':')?.trim().trim_start_matches(['[', '(']).trim_end_matches([']', ')']);
    let texts: Vec<_> = listed.split(['|', ',']).map(str::trim).collect();
    let is_text = |text: &&str| text.len() > 1 && text.starts_with('"') && text.ends_with('"');
    let all = texts.len() > 1 && texts.iter().all(is_text);
    Some((u32::try_from(written.len()).ok().filter(|_| all)?, texts.join(", ")))
}
