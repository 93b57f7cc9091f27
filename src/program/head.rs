//! How a statement begins: its keyword, or one of the structural heads.

use super::habits;
use super::resolver::{Cx, Resolver};
use super::spans::{item_span, lone_name};
use super::types::noun;
use super::{DefId, DefKind, Form, Place, Schema};
use crate::diag::retired::{Of, find};
use crate::diag::{Diagnostic, codes, nearest};
use crate::syntax::tree::{self, ExprKind, Head, Ident};
use crate::syntax::{in_capitals, small_operator, split_keyword, split_wrongly};
use crate::text::Span;
use crate::value::Type;

/// What stands behind a value that is compared.
pub(super) const COMPARING: &[&str] = &["==", "!=", "<", ">", "in ", "not in ", "contains ", "matches "];

/// What a head turned out to be.
pub(super) struct Read {
    pub(super) schema: &'static Schema,
    pub(super) form: Form,
    /// The type that a `let` before it gets, where the head itself says so.
    pub(super) gives: Option<Type>,
    pub(super) secret: bool,
}

impl<'a> Resolver<'a> {
    /// What the head of a statement is.
    pub(super) fn head(&mut self, written: &'a tree::Stmt, cx: Cx) -> Option<Read> {
        match &written.head {
            Head::Word(word) => match word.text.as_str() {
                "call" => self.call_file(word, written, cx),
                "let" | "run" => self.unfinished(word, written),
                _ => {
                    let schema = self.kind_of(word, cx)?;
                    Some(Read { schema, form: Form::Plain, gives: None, secret: false })
                }
            },
            Head::Run { words, .. } => {
                let form = Form::Run(self.run_words(words));
                Some(Read { schema: self.kinds.find("run", cx.place)?, form, gives: None, secret: false })
            }
            Head::Fence(fence) => {
                let args = self.fence_args(fence);
                self.tell_open_script(fence);
                self.names_in_script(fence, &args);
                let form = Form::Fence { tag: fence.tag.clone(), script: fence.script.clone(), args };
                Some(Read { schema: self.kinds.find("fence", cx.place)?, form, gives: None, secret: false })
            }
            Head::Call(call) => self.bare_call(call, false, cx),
            Head::Expr(value) => self.bound_expr(written, value, cx),
            Head::Prose(_) | Head::Unread(_) => None,
        }
    }

    /// `let` or `run` with nothing readable behind it.
    fn unfinished(&mut self, word: &Ident, written: &'a tree::Stmt) -> Option<Read> {
        self.bad_line(self.rest_of_line(written.span));
        let glued = written.block.as_ref().filter(|block| self.is_glued(block));
        let follows = glued.map(|block| Span { start: word.span.end, ..self.behind_words(block.span) });
        if follows.is_some() || !self.is_cut_short(written.span) {
            let (message, help) = comes_next(&word.text, &written.items);
            let report = Diagnostic::error(codes::MISSING_OPERAND, word.span, message).help(help);
            let report = self.sign_of_binding(report, written);
            self.report(follows.into_iter().fold(report, Diagnostic::hides));
        }
        None
    }

    /// The `=` that is missing between the name and the value of a `let`, or in the place of which another sign stands.
    fn sign_of_binding(&self, report: Diagnostic, written: &tree::Stmt) -> Diagnostic {
        let (name, value) = match written.items.as_slice() {
            [
                tree::Item::Expr(tree::Expr {
                    kind: ExprKind::Binary(tree::BinaryOp::Eq, name, value), ..
                }),
                ..,
            ] => (&**name, value.span),
            [tree::Item::Expr(name), value @ tree::Item::Expr(_), ..] => (name, item_span(value)),
            _ => return report,
        };
        if lone_name(name).is_none() {
            return report;
        }
        let between = Span { start: name.span.end, end: value.start, ..value };
        let value_words = self.words(value);
        let quoted = value_words.starts_with("\"=\"");
        if !self.words(between).trim().is_empty() {
            return report.fix("write `=`", between, " = ");
        }
        let sign = Span { end: value.start.saturating_add(if quoted { 3 } else { 0 }), ..value };
        report.guess("write `=`", sign, if quoted { "=" } else { "= " })
    }

    /// Whether nothing closes the block of a statement, which is reported: what stands around it is not as it looks.
    pub(super) fn is_unclosed(&self, written: &tree::Stmt) -> bool {
        written.block.as_ref().is_some_and(|block| !self.words(block.span).ends_with('}'))
    }

    /// The kind that a keyword means; a misspelt one is reported and read as the nearest.
    fn kind_of(&mut self, word: &'a Ident, cx: Cx) -> Option<&'static Schema> {
        if !self.may_stand(&word.text, cx) && self.tell_given(word, cx) {
            return None;
        }
        if let Some(schema) = self.kinds.find(&word.text, cx.place) {
            return Some(schema);
        }
        if let Some(retired) = find(Of::Keyword, &word.text) {
            self.tell_retired(retired, word.span);
            return self.kinds.find(retired.by, cx.place);
        }
        if self.is_no_header(word) {
            return None;
        }
        if let Some(small) = small_operator(&word.text) {
            let behind = self.behind(word.span);
            self.report(in_capitals(&word.text, word.span, small).hides(behind));
            return None;
        }
        let line = self.words(word.span.to(self.behind(word.span)));
        if let Some((keyword, rest)) =
            split_wrongly(&word.text, line, self.kinds.words_in(cx.place).into_iter())
        {
            let behind = self.behind_words(word.span);
            let apart = rest.starts_with(' ');
            self.report(split_keyword(&word.text, word.span, keyword, apart).hides(behind));
            self.unread.push(behind);
            return self.kinds.find(keyword, cx.place);
        }
        if let Some(report) = self.lone_comparison(word, cx) {
            self.report(report);
            return None;
        }
        let near = self.meant(&word.text, cx);
        let report = match near {
            Some(near) if self.is_with_option(&word.text, near) => {
                crate::syntax::joined_keyword(&word.text, word.span, near).hides(self.behind_words(word.span))
            }
            Some(near) => crate::syntax::unknown_keyword(&word.text, word.span, near),
            None => self.no_keyword(word, cx),
        };
        if near.is_none_or(|near| near == "let") {
            self.bound_anyway(word.span);
        }
        self.report(report);
        // What a program, a script or a binding holds is read by other rules than words and values. And what may not stand
        // here was hardly meant: what it would lack is not told.
        near.filter(|near| !matches!(*near, "run" | "let") && self.may_stand(first_word(near), cx))
            .and_then(|near| self.kinds.find(first_word(near), cx.place))
    }

    /// A value that is compared, without the word before it.
    fn lone_comparison(&self, word: &Ident, cx: Cx) -> Option<Diagnostic> {
        self.frame.scope.get(&word.text)?;
        let behind = self.behind_words(word.span);
        let rest = self.words(behind).trim_start();
        COMPARING.iter().find(|sign| rest.starts_with(**sign))?;
        let before = Span { end: word.span.start, ..word.span };
        let report = unknown_keyword(word).hides(behind);
        if self.opens_block(word) {
            return Some(report.help("a condition stands behind `if`, a list behind `for item in`"));
        }
        let report =
            report.help(format!("what must be so is `expect {} …`, in a `check` or a `step`", word.text));
        Some(if self.may_stand("expect", cx) {
            report.guess("write `expect`", before, "expect ")
        } else {
            report
        })
    }

    /// The keyword that another word was meant as: what other tools call it, else the nearest.
    fn meant(&self, word: &str, cx: Cx) -> Option<&'static str> {
        if habits::saying(word).is_some() || self.kinds.with_option(word, cx.place).is_some() {
            return None;
        }
        if cx.place == Some(Place::Scenario) {
            return nearest(word, self.kinds.words_in(cx.place));
        }
        let known = habits::keyword(word).filter(|meant| self.may_stand(first_word(meant), cx));
        let near = known.or_else(|| nearest(word, self.kinds.words_in(cx.place)));
        near.or_else(|| nearest(word, self.kinds.words_in(None))).or_else(|| habits::keyword(word))
    }

    /// Whether a word is a keyword joined with what stands behind it (`rollbacknone`).
    fn is_with_option(&self, word: &str, keyword: &str) -> bool {
        word.strip_prefix(keyword).is_some_and(|rest| rest == "none" || self.kinds.is_option(rest))
    }

    /// Whether a keyword has a kind for the place at hand.
    fn may_stand(&self, word: &str, cx: Cx) -> bool {
        let schema = self.kinds.find(word, cx.place);
        schema.is_some_and(|schema| cx.place.is_none_or(|place| schema.stands_in.contains(&place)))
    }

    /// A word that is no keyword and near to none: what its line says otherwise follows from that.
    fn no_keyword(&self, word: &Ident, cx: Cx) -> Diagnostic {
        let behind = self.behind_words(word.span);
        let rest = self.words(behind).trim_start();
        let joined = self.joined_saying(word);
        if let Some(around) = self.kinds.with_option(&word.text, cx.place).filter(|_| joined.is_none()) {
            let help =
                format!("it is an option of `{}`, and stands on its line, before the `{{`", around.word);
            return unknown_keyword(word).help(help).hides(behind);
        }
        if cx.place == Some(Place::Scenario) {
            return unknown_keyword(word).help(habits::tested(&word.text)).hides(behind);
        }
        let colon = rest
            .starts_with(':')
            .then_some("a statement is a word and what it takes, without a colon: `step \"Title\" { … }`");
        let item = (rest.starts_with("in ") && self.opens_block(word))
            .then_some("what is done for each item stands in `for item in list { … }`");
        let help = joined.or_else(|| habits::saying(&word.text)).or(colon).or(item).map_or_else(
            || format!("to run a program, write `run {} …`; prose stands between `\"\"\"` lines", word.text),
            str::to_owned,
        );
        let report = unknown_keyword(word).help(help).hides(behind);
        let report = self.parts_of(word).into_iter().fold(report, Diagnostic::hides);
        if item.is_none() {
            return report;
        }
        report.guess("write `for`", Span { end: word.span.start, ..word.span }, "for ")
    }

    /// How that is said here which other tools begin with several words (`continue-on-error`, `on failure`).
    fn joined_saying(&self, word: &Ident) -> Option<&'static str> {
        let behind = self.words(self.behind(word.span));
        let rest = behind.trim_start().split(|c: char| !c.is_ascii_alphabetic() && c != '-').next()?;
        let joined = behind.starts_with('-') || word.text == "on";
        let more = rest.trim_start_matches('-');
        joined.then(|| habits::saying(&format!("{}_{more}", word.text).replace('-', "_")))?
    }

    /// Whether no statement begins with its word: its kind is only what that is nearest to, if it has one.
    pub(super) fn begins_with_no_keyword(&self, written: &tree::Stmt) -> bool {
        matches!(&written.head, Head::Word(word) if !self.kinds.knows(&word.text))
    }

    fn bare_call(&mut self, written: &'a tree::Expr, bound: bool, cx: Cx) -> Option<Read> {
        let ExprKind::Call(callee, args) = &written.kind else {
            self.expr(written);
            return None;
        };
        let Some(def) = self.called_def(callee) else {
            let value = self.call(callee, args, written.span);
            if value.ty != Type::Unknown {
                let message = "this computes a value and does nothing with it";
                self.error(codes::MISPLACED, written.span, message, "bind it: `let name = …`");
            }
            return None;
        };
        self.tell_deprecated(def, callee);
        let (call, returns) = self.statement_call(def, args, written.span);
        let schema = self.kinds.find("module.step", cx.place)?;
        self.check_step_place(def, written.span, cx);
        self.check_value_taken(def, bound, written.span);
        Some(Read { schema, form: Form::Call(call), gives: returns, secret: false })
    }

    /// A check of a module that answers with a value is no judgement by itself.
    fn check_value_taken(&mut self, def: DefId, bound: bool, span: Span) {
        let Some(slot) = self.def(def) else { return };
        let Some((_, ty)) = slot.returns.as_ref().filter(|_| slot.kind == DefKind::Check && !bound) else {
            return;
        };
        let (words, name) = (self.words(span), slot.name.clone());
        let help = if *ty == Type::Bool {
            format!("write `expect {words}`, or bind it")
        } else {
            format!("judge it, as in `expect {words} == …`, or bind it")
        };
        let message = format!("`{name}` answers with {}, and nothing looks at it", noun(ty));
        self.error(codes::NOTHING_TO_BIND, span, message, &help);
    }

    /// `let name = expression`, or a module step whose value is bound.
    fn bound_expr(&mut self, written: &'a tree::Stmt, value: &'a tree::Expr, cx: Cx) -> Option<Read> {
        if let ExprKind::Call(callee, _) = &value.kind
            && let Some(def) = self.called_def(callee)
            && self.def(def).is_some_and(|slot| slot.kind == DefKind::Step)
        {
            let mut read = self.bare_call(value, true, cx)?;
            if read.gives.is_none() {
                let name = self.def(def).map(|slot| slot.name.clone()).unwrap_or_default();
                let message = format!("`{name}` returns nothing");
                self.error(codes::NOTHING_TO_BIND, value.span, message, "drop the `let`");
                read.gives = Some(Type::Unknown);
            }
            return Some(read);
        }
        if self.tell_no_program(written, value, cx) {
            return None;
        }
        let computed = self.expr(value);
        let wanted = written.bind.as_ref().and_then(|bind| bind.ty.as_ref()).map(|ty| self.fixed_type(ty));
        let computed = match &wanted {
            Some(ty) => self.asked_for(computed, ty, value.span, &"this binding takes"),
            None => computed,
        };
        let schema = self.kinds.find("let", cx.place)?;
        Some(Read {
            schema,
            form: Form::Expr(computed.expr),
            gives: Some(computed.ty),
            secret: computed.secret,
        })
    }

    /// `call "file" (name: value)`.
    fn call_file(&mut self, word: &'a Ident, written: &'a tree::Stmt, cx: Cx) -> Option<Read> {
        let schema = self.kind_of(word, cx)?;
        let args: &'a [tree::Arg] = match written.items.get(1) {
            Some(tree::Item::Args(_, args)) => args,
            _ => &[],
        };
        let form = match written.items.first() {
            Some(tree::Item::Expr(name)) => {
                let def = self.called_runbook(word.span, name);
                // Of arguments that cannot be read, which is reported, it is not known which are there.
                let in_braces = written.items.get(1).is_some_and(is_map);
                if let Some(def) = def.filter(|_| !in_braces && !self.is_cut_short(written.span)) {
                    Form::Call(self.statement_call(def, args, name.span).0)
                } else {
                    self.read_all(args);
                    Form::Plain
                }
            }
            _ => Form::Plain,
        };
        Some(Read { schema, form, gives: None, secret: false })
    }
}

/// Arguments in the brackets of a map, which is told as a value too many.
fn is_map(item: &tree::Item) -> bool {
    matches!(item, tree::Item::Expr(tree::Expr { kind: ExprKind::Object(_), .. }))
}

/// What is told of a `let` or a `run` that ends too early, and what comes next.
fn comes_next(keyword: &str, items: &[tree::Item]) -> (String, String) {
    if keyword == "run" {
        return ("`run` needs a program".into(), "write `run program argument …`".into());
    }
    let (name, so_far) = match items {
        [tree::Item::Expr(name)] => (lone_name(name), lone_name(name).map(str::to_owned)),
        [tree::Item::Decl(decl)] => (Some(&*decl.name.text), Some(format!("{}: text", decl.name.text))),
        [tree::Item::Assign(name, look)] if lone_name(look) == Some("look") => {
            let help = format!("write `let {} = look run …`", name.text);
            return ("`look` needs what it looks with".into(), help);
        }
        _ => (None, None),
    };
    name.zip(so_far).map_or_else(
        || ("`let` needs a name and a value".into(), "write `let name = value`".into()),
        |(name, so_far)| (format!("`let {name}` needs a value"), format!("write `let {so_far} = value`")),
    )
}

/// The first of the words that a keyword is written with (`done when`).
fn first_word(keyword: &str) -> &str {
    keyword.split(' ').next().unwrap_or(keyword)
}

/// That no statement begins with a word.
pub(super) fn unknown_keyword(word: &Ident) -> Diagnostic {
    Diagnostic::error(codes::UNKNOWN_KEYWORD, word.span, format!("no statement begins with `{}`", word.text))
}
