//! Heads of statements: words, fences, prose, calls; declarations and types.

use pest::iterators::Pair;

use super::build::{Builder, shorten, span_text};
use super::edits::Instead;
use super::habit::is_word;
use super::leftover::bare_file;
use super::signs;
use super::tree::{
    Arg, Decl, Expr, ExprKind, Fence, Head, Ident, Item, Prose, Signature, Stmt, TypeExpr, TypeKind,
};
use super::{Rule, is_reserved};
use crate::diag::{Diagnostic, codes};
use crate::text::Span;

impl Builder<'_> {
    /// Reads a head into its statement.
    pub(super) fn head(&mut self, pair: Pair<'_, Rule>, stmt: &mut Stmt) {
        match pair.as_rule() {
            Rule::fence => stmt.head = Head::Fence(Box::new(self.fence(pair))),
            Rule::prose => stmt.head = Head::Prose(self.prose(pair)),
            Rule::run => self.run(pair, stmt),
            Rule::loop_for => self.loop_for(pair, stmt),
            Rule::call => stmt.head = Head::Call(self.bare_call(pair)),
            Rule::expr => stmt.head = Head::Expr(self.expr(pair)),
            Rule::definition | Rule::bound | Rule::plain | Rule::worded => self.worded(pair, stmt),
            _ => {}
        }
    }

    fn worded(&mut self, pair: Pair<'_, Rule>, stmt: &mut Stmt) {
        let mut inner = pair.into_inner();
        if let Some(word) = inner.next() {
            stmt.head = Head::Word(self.ident(&word));
        }
        stmt.items = inner.filter_map(|item| self.item(item)).collect();
        stmt.items.shrink_to_fit();
    }

    fn loop_for(&mut self, pair: Pair<'_, Rule>, stmt: &mut Stmt) {
        let mut inner = pair.into_inner();
        if let Some(word) = inner.next() {
            stmt.head = Head::Word(self.ident(&word));
        }
        for part in inner {
            let item = match part.as_rule() {
                Rule::ident => {
                    let kind = ExprKind::Name(part.as_str().to_owned());
                    Some(Item::Expr(Expr { span: self.span(&part), kind }))
                }
                _ => self.item(part),
            };
            stmt.items.extend(item);
        }
    }

    pub(super) fn fence(&mut self, pair: Pair<'_, Rule>) -> Fence {
        let span = self.span(&pair);
        let indent = indentation(self.text, span);
        let mut fence = Fence { span, tag: String::new(), args: vec![], script: String::new() };
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::tag => inner.as_str().clone_into(&mut fence.tag),
                Rule::call_args => {
                    fence.args = inner.into_inner().next().map_or(vec![], |args| self.args(args));
                }
                Rule::script => fence.script = dedent(inner.as_str(), indent),
                Rule::bad_text => self.behind_language(self.span(&inner)),
                _ => {}
            }
        }
        fence
    }

    /// What else stands on the first line of a script; which values it is given cannot be told then.
    fn behind_language(&mut self, span: Span) {
        let words = span_text(self.text, span);
        let told = if words.starts_with('(') && !words.contains(')') {
            let open = Span { end: span.start + 1, ..span };
            let told = Diagnostic::error(codes::UNCLOSED, open, "this `(` is never closed");
            told.help("close it with `)` on the same line")
        } else {
            let message = format!("`{}` does not belong to the first line of a script", shorten(words));
            let told = Diagnostic::error(codes::LEFTOVER, span, message)
                .help("behind its language stand the values that it is given: ```sh (name, other)");
            self.values_without_brackets(span, told)
        };
        self.report(told.hides(span));
    }

    /// Names alone are read as the values that the script is given.
    fn values_without_brackets(&mut self, span: Span, told: Diagnostic) -> Diagnostic {
        let words = span_text(self.text, span).trim_end();
        let names: Vec<_> = words.split([',', ' ']).filter(|name| !name.is_empty()).collect();
        let is_name = |name: &&str| {
            !is_reserved(name)
                && name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.chars().all(is_word)
        };
        if !names.iter().all(is_name) {
            return told;
        }
        let with = format!("({})", names.join(", "));
        let place = Span::new(self.id, span.range().start, span.range().start + words.len());
        let told = told.guess(format!("write `{with}`"), place, with.as_str());
        let instead = Instead { at: place.range().start, length: words.len(), with };
        self.meant.push((vec![instead], told.clone()));
        told
    }

    pub(super) fn prose(&self, pair: Pair<'_, Rule>) -> Prose {
        let span = self.span(&pair);
        let text = pair.into_inner().next().map_or("", |text| text.as_str());
        let indent = text.lines().skip(1).filter(|line| !line.trim().is_empty());
        let indent = indent.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
        Prose { span, text: dedent(text, indent).trim().to_owned() }
    }

    fn bare_call(&mut self, pair: Pair<'_, Rule>) -> Expr {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        let callee = inner.next().map(|callee| self.callee(callee));
        let args = inner.next().map_or(vec![], |args| self.args(args));
        let callee = callee.unwrap_or(Expr { span, kind: ExprKind::Bad });
        Expr { span, kind: ExprKind::Call(Box::new(callee), args) }
    }

    fn callee(&mut self, pair: Pair<'_, Rule>) -> Expr {
        let span = self.span(&pair);
        let mut built = Expr { span, kind: ExprKind::Bad };
        for name in pair.into_inner() {
            let ident = self.ident(&name);
            built = match built.kind {
                ExprKind::Bad => Expr { span: ident.span, kind: ExprKind::Name(ident.text) },
                _ => Expr { span: built.span.to(ident.span), kind: ExprKind::Field(Box::new(built), ident) },
            };
        }
        built
    }

    pub(super) fn args(&mut self, pair: Pair<'_, Rule>) -> Vec<Arg> {
        pair.into_inner().map(|arg| self.arg(arg)).collect()
    }

    fn arg(&mut self, pair: Pair<'_, Rule>) -> Arg {
        let span = self.span(&pair);
        let mut arg = Arg { name: None, value: Expr { span, kind: ExprKind::Bad } };
        if pair.as_rule() == Rule::bad_arg {
            self.bad_part(
                span,
                "a value",
                "an argument is a value, or `name: value`; commas stand between them",
            );
            return arg;
        }
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::ident => arg.name = Some(self.ident(&inner)),
                _ => arg.value = self.expr(inner),
            }
        }
        arg
    }

    /// A part between commas that cannot be read; what else is found there follows from that.
    fn bad_part(&mut self, span: Span, wanted: &str, help: &str) {
        if let Some(told) =
            signs::in_brackets(self.text, span).or_else(|| signs::operator(self.text, span, true))
        {
            return self.report(told.hides(span));
        }
        let words = span_text(self.text, span).trim();
        let (message, at) = match words.len() {
            0 => (format!("{wanted} is missing before this comma"), Span { end: span.end + 1, ..span }),
            _ => (format!("`{}` is not {wanted}", shorten(words)), span),
        };
        let report = Diagnostic::error(codes::LEFTOVER, at, message).hides(at);
        self.report(match bare_file(self.text, span) {
            Some(file) => {
                let quoted = format!("\"{}\"", span_text(self.text, file));
                let report = report.help(format!("a text stands in quotes: `{quoted}`"));
                report.guess("put it in quotes", file, quoted)
            }
            None => report.help(help),
        });
    }

    pub(super) fn decl(&mut self, pair: Pair<'_, Rule>) -> Decl {
        let span = self.span(&pair);
        let mut decl = Decl { span, name: Ident { span, text: String::new() }, ty: None, default: None };
        if pair.as_rule() == Rule::bad_decl {
            self.bad_part(span, "a parameter", "a parameter is `name: type`, or `name: type = value`");
        }
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::ident => decl.name = self.ident(&inner),
                Rule::ty => decl.ty = Some(self.ty(inner)),
                Rule::bad_part => {}
                _ => decl.default = Some(self.expr(inner)),
            }
        }
        decl
    }

    pub(super) fn signature(&mut self, pair: Pair<'_, Rule>) -> Signature {
        let span = self.span(&pair);
        let name = Ident { span, text: String::new() };
        let mut signature = Signature { span, name, params: vec![], returns: None };
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::ident => signature.name = self.ident(&inner),
                Rule::decl | Rule::bad_decl => signature.params.push(self.decl(inner)),
                _ => signature.returns = Some(self.ty(inner)),
            }
        }
        signature
    }

    pub(super) fn ty(&mut self, pair: Pair<'_, Rule>) -> TypeExpr {
        let span = self.span(&pair);
        let mut inner = pair.into_inner();
        let kind = match (inner.next(), inner.next()) {
            (Some(name), None) => TypeKind::Name(name.as_str().trim().to_owned()),
            (Some(of), Some(item)) if of.as_rule() == Rule::kind_of => {
                let item = Box::new(self.ty(item));
                if of.as_str().starts_with("list") { TypeKind::List(item) } else { TypeKind::Map(item) }
            }
            (_, Some(choices)) => TypeKind::OneOf(Box::new(self.primary(choices))),
            (None, None) => TypeKind::Name(String::new()),
        };
        TypeExpr { span, kind }
    }
}

/// A quoted text without its quotes.
pub(super) fn inside(quoted: &str) -> String {
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or("").to_owned()
}

/// How far the line of a span is indented, in bytes.
fn indentation(text: &str, span: Span) -> usize {
    let before = text.get(..span.range().start).unwrap_or("");
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(line..).unwrap_or("");
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// Takes so much indentation from every line, never more than there is.
fn dedent(text: &str, indent: usize) -> String {
    let stripped = text.split_inclusive('\n').map(|line| {
        let (line, end) = line.strip_suffix("\r\n").map_or((line, ""), |line| (line, "\n"));
        let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
        [line.get(blanks.min(indent)..).unwrap_or(""), end]
    });
    stripped.flatten().collect()
}
