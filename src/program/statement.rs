//! One statement: its kind, whether it may stand here, its head, and what it binds.

use super::items::{Matched, NewItem};
use super::kinds;
use super::names::{New, of_kind};
use super::resolver::{Resolver, Role};
use super::scope::{Loss, Mark, Why};
use super::slot::as_value;
use super::types::{Fit, fit, noun};
use super::{Bind, DefKind, Form, Operand, Place, Schema, SlotKind, Stmt};
use crate::diag::{Diagnostic, codes, nearest};
use crate::syntax::tree::{self, ExprKind, Head, Ident};
use crate::text::Span;
use crate::value::{Expr, Type, Value};

/// How deep statements and `else if` may nest, and how many parts an expression may chain.
pub(super) const DEEPEST: usize = 256;

/// Where a statement stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cx {
    /// The block around; `None` inside a statement that is not known, where anything may stand.
    pub(super) place: Option<Place>,
    /// Whether it stands in that block itself, not in an `if` or `for` inside it.
    pub(super) direct: bool,
}

impl Cx {
    /// Directly in a block.
    pub(super) fn of(place: Place) -> Self {
        Self { place: Some(place), direct: true }
    }
}

/// A resolved statement and whether what follows it is reached.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) stmt: Box<Stmt>,
    pub(super) falls: bool,
}

/// A statement whose block is still to be read.
#[derive(Debug)]
struct Open<'a> {
    stmt: Box<Stmt>,
    /// The name that exists inside the block only.
    item: Option<NewItem<'a>>,
    /// The condition under which it is skipped.
    condition: Option<Span>,
    gives: Option<Type>,
    secret: bool,
    before: Mark,
}

/// What a head turned out to be.
struct Read {
    schema: &'static Schema,
    form: Form,
    /// The type that a `let` before it gets, where the head itself says so.
    gives: Option<Type>,
    secret: bool,
}

impl<'a> Resolver<'a> {
    /// Resolves a statement; `None` where not even its kind is known.
    pub(super) fn stmt(&mut self, written: &'a tree::Stmt, cx: Cx) -> Option<Done> {
        if self.depth.statements >= DEEPEST {
            self.too_deep(head_span(&written.head, written.span));
            return None;
        }
        self.depth.statements += 1;
        let outer = std::mem::take(&mut self.frame.calls);
        let done = self.whole(written, cx);
        self.frame.calls = outer;
        self.depth.statements -= 1;
        done
    }

    /// Only what is needed on the way down stays on the stack here.
    fn whole(&mut self, written: &'a tree::Stmt, cx: Cx) -> Option<Done> {
        let Some(mut open) = self.open(written, cx) else {
            self.unknown_statement(written);
            return None;
        };
        let falls = self.inside_of(written, &mut open.stmt, open.item, cx);
        Some(self.close(written, *open, falls))
    }

    /// Everything before the block.
    fn open(&mut self, written: &'a tree::Stmt, cx: Cx) -> Option<Box<Open<'a>>> {
        let head = head_span(&written.head, written.span);
        let Read { schema, form, gives, secret } = self.head(written, cx)?;
        self.check_place(schema, head, cx);
        self.check_look(schema, written, cx);
        let before = self.frame.scope.mark();
        let cut_short = self.is_cut_short(written.span);
        self.unread |= cut_short;
        let mut matched = match &written.head {
            Head::Word(word) if word.text == "call" && !written.items.is_empty() => {
                self.only_options(schema, after_call(&written.items))
            }
            _ => self.items(schema, head, &written.items),
        };
        if schema.word == "return" {
            self.check_return(&mut matched, head);
        }
        if !cut_short {
            self.report_missing(schema, head, &matched);
        }
        self.note_titles(schema, &matched.operands);
        let condition = skip_condition(&matched);
        let Matched { operands, options, item, .. } = matched;
        let stmt = Box::new(Stmt {
            schema,
            span: written.span,
            look: written.look.is_some(),
            calls: std::mem::take(&mut self.frame.calls),
            bind: None,
            form,
            operands,
            options,
            prose: None,
            body: vec![],
            has_block: written.block.is_some(),
            tail: None,
            provided: vec![],
        });
        Some(Box::new(Open { stmt, item, condition, gives, secret, before }))
    }

    /// What the statement binds, and under which condition.
    fn close(&mut self, written: &'a tree::Stmt, open: Open<'a>, falls: bool) -> Done {
        let Open { mut stmt, condition, gives, secret, before, .. } = open;
        self.bind(written, &mut stmt, gives, secret, before);
        if let Some(span) = condition {
            self.frame.scope.doubt(before, &vec![], &Loss { why: Why::Skipped, span });
        }
        Done { stmt, falls: falls || condition.is_some() }
    }

    /// Says once that something is nested too deep to be gone into.
    pub(super) fn too_deep(&mut self, span: Span) {
        self.unread = true;
        if !self.depth.reported {
            self.depth.reported = true;
            let message = format!("nesting goes deeper than {DEEPEST}");
            let help = "split it: name inner parts with `let`, or move steps to a module";
            self.error(codes::TOO_DEEP, span, message, help);
        }
    }

    /// What the head of a statement is.
    fn head(&mut self, written: &'a tree::Stmt, cx: Cx) -> Option<Read> {
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
                let form = Form::Fence { tag: fence.tag.clone(), script: fence.script.clone(), args };
                Some(Read { schema: self.kinds.find("fence", cx.place)?, form, gives: None, secret: false })
            }
            Head::Call(call) => self.bare_call(call, false, cx),
            Head::Expr(value) => self.bound_expr(written, value, cx),
            Head::Prose(_) => None,
        }
    }

    /// `let` or `run` with nothing readable behind it.
    fn unfinished(&mut self, word: &Ident, written: &'a tree::Stmt) -> Option<Read> {
        self.bad_line(self.rest_of_line(written.span));
        if !self.is_cut_short(written.span) {
            let (message, help) = match word.text.as_str() {
                "let" => ("`let` needs a name and a value", "write `let name = value`"),
                _ => ("`run` needs a program", "write `run program argument …`"),
            };
            self.error(codes::MISSING_OPERAND, word.span, message, help);
        }
        None
    }

    /// A statement with everything that stands behind it on its line.
    fn rest_of_line(&self, span: Span) -> Span {
        let end = self.frame.unit.source.text().get(span.end as usize..).and_then(|rest| rest.find('\n'));
        let end = end.map_or(span.end, |end| span.end.saturating_add(u32::try_from(end).unwrap_or(u32::MAX)));
        Span { end, ..span }
    }

    /// Whether words were left over behind a statement. They are reported already, and what the
    /// statement seems to lack may be among them.
    pub(super) fn is_cut_short(&self, span: Span) -> bool {
        let rest = self.frame.unit.source.text().get(span.end as usize..).unwrap_or_default();
        let rest = rest.split('\n').next().unwrap_or_default().trim_start();
        !matches!(rest.chars().next(), None | Some(';' | '}' | '#'))
    }

    /// The kind that a keyword means; a misspelt one is reported and read as the nearest.
    fn kind_of(&mut self, word: &Ident, cx: Cx) -> Option<&'static Schema> {
        if let Some(schema) = self.kinds.find(&word.text, cx.place) {
            return Some(schema);
        }
        let report = Diagnostic::error(
            codes::UNKNOWN_KEYWORD,
            word.span,
            format!("no statement begins with `{}`", word.text),
        );
        let near = nearest(&word.text, self.kinds.words_in(cx.place));
        let near = near.or_else(|| nearest(&word.text, self.kinds.words_in(None)));
        let report = match near {
            Some(near) => {
                report.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), word.span, near)
            }
            None => report.help(format!(
                "to run a program, write `run {} …`; prose stands between `\"\"\"` lines",
                word.text
            )),
        };
        self.report(report);
        near.and_then(|near| self.kinds.find(near, cx.place))
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
        let (call, returns) = self.statement_call(def, args, written.span);
        let schema = self.kinds.find("module.step", cx.place)?;
        self.check_step_place(def, written.span, cx);
        self.check_value_taken(def, bound, written.span);
        Some(Read { schema, form: Form::Call(call), gives: returns, secret: false })
    }

    /// A check of a module that answers with a value is no judgement by itself.
    fn check_value_taken(&mut self, def: super::DefId, bound: bool, span: Span) {
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
        let computed = self.expr(value);
        let wanted = written.bind.as_ref().and_then(|bind| bind.ty.as_ref()).map(|ty| self.fixed_type(ty));
        let computed = match &wanted {
            Some(ty) => self.asked_for(computed, ty, value.span, "this binding takes"),
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
    fn call_file(&mut self, word: &Ident, written: &'a tree::Stmt, cx: Cx) -> Option<Read> {
        let schema = self.kind_of(word, cx)?;
        let args: &'a [tree::Arg] = match written.items.get(1) {
            Some(tree::Item::Args(args)) => args,
            _ => &[],
        };
        let form = match written.items.first() {
            Some(tree::Item::Expr(name)) => match self.called_runbook(name) {
                Some(def) => Form::Call(self.statement_call(def, args, name.span).0),
                None => Form::Plain,
            },
            _ => Form::Plain,
        };
        Some(Read { schema, form, gives: None, secret: false })
    }

    /// What is inside a statement of no known kind is still looked at, and its name is still bound.
    fn unknown_statement(&mut self, written: &'a tree::Stmt) {
        self.unread = true;
        if let Some(bind) = &written.bind {
            self.declare_unknown(&bind.name.text, bind.name.span);
        }
        if let Some(block) = &written.block {
            self.block(&block.lines, Cx { place: None, direct: true });
        }
    }

    /// What `return` gives is of the type that the definition promises.
    fn check_return(&mut self, matched: &mut Matched<'a>, head: Span) {
        let Some((_, ty)) = self.frame.returns.clone() else {
            let (message, help) = if self.frame.def.is_some() {
                let help = "write the type of the value after the parameters, as in `name(x: text): int`";
                ("nothing is promised to be returned here", help)
            } else {
                (
                    "nothing takes what this returns",
                    "`return` gives the value of a module's `check` or `step`",
                )
            };
            return self.error(codes::NO_RETURN, head, message, help);
        };
        let secret = matched.secret;
        let Some(Operand::Expr(expr, given, span)) = matched.operands.pop() else { return };
        if secret && ty != Type::Secret {
            let message = "this is a secret, and it would be returned as something else";
            self.error(codes::SECRET_REVEALED, span, message, "write `: secret` after the parameters");
        }
        let value = super::types::Typed { expr, ty: given, secret };
        let value = self.fitted(value, &ty, span, "`return` gives");
        matched.operands.push(Operand::Expr(value.expr, value.ty, span));
    }

    /// Remembers literal titles: two equal ones in one scope could not be told apart.
    fn note_titles(&mut self, schema: &Schema, operands: &[Operand]) {
        let named = schema.operands.contains(&SlotKind::Title) && !schema.operands.contains(&SlotKind::Decl);
        if !named || kinds::ends(schema.word) {
            return;
        }
        let pairs = schema.operands.iter().zip(operands).filter(|(slot, _)| **slot == SlotKind::Title);
        for (_, operand) in pairs {
            if let Operand::Expr(Expr::Const(Value::Text(title)), _, span) = operand {
                self.note_title(title, *span);
            }
        }
    }

    fn note_title(&mut self, title: &str, span: Span) {
        let earlier = self.frame.titles.iter().find_map(|titles| titles.get(title)).copied();
        if let Some(earlier) = earlier {
            let message = format!("\"{title}\" is the title of two statements here");
            let report = Diagnostic::error(codes::EQUAL_TITLES, span, message).also(earlier, "the other one");
            self.report(report.help("titles tell statements apart in a run; change one of them"));
        } else if let Some(titles) = self.frame.titles.last_mut() {
            titles.insert(title.to_owned(), span);
        }
    }

    /// Binds the name before the statement.
    fn bind(
        &mut self,
        written: &'a tree::Stmt,
        stmt: &mut Stmt,
        gives: Option<Type>,
        secret: bool,
        before: Mark,
    ) {
        let Some(bind) = &written.bind else { return };
        let computed = matches!(stmt.form, Form::Expr(_));
        let gives = gives.or_else(|| stmt.schema.gives.map(|gives| gives(stmt)));
        let Some(gives) = gives.filter(|ty| *ty != Type::Nothing) else {
            let message = format!("{} gives no value to bind", of_kind(stmt.schema.word));
            let report = Diagnostic::error(codes::NOTHING_TO_BIND, bind.span, message);
            self.report(report.help("drop the `let`").fix("drop the `let`", bind.span, ""));
            return self.declare_unknown(&bind.name.text, bind.name.span);
        };
        let decision = gives == Type::Bool && matches!(stmt.form, Form::Plain);
        let ty = match &bind.ty {
            Some(_) if computed => gives,
            Some(written) => self.bound_type(written, &gives),
            None => gives,
        };
        if decision {
            let loss = Loss { why: Why::Verdict, span: head_span(&written.head, stmt.span) };
            self.frame.scope.doubt(before, &vec![], &loss);
        }
        let in_module = self.frame.own.is_some() && self.frame.def.is_none();
        let role = match decision {
            _ if in_module => Role::Other,
            true => Role::Decision,
            false => Role::Let,
        };
        let seen = as_value(ty.clone());
        let new = New { secret: secret || seen == Type::Secret, ..New::of(seen, role) };
        let var = self.declare(&bind.name, &new);
        stmt.bind = Some(Bind { var, ty, typed: bind.ty.is_some() });
    }

    /// The type that an effect's answer is decoded into.
    fn bound_type(&mut self, written: &'a tree::TypeExpr, gives: &Type) -> Type {
        let ty = self.fixed_type(written);
        if fit(gives, &ty) == Fit::Never {
            let message = format!("this gives {}, which is never {}", noun(gives), noun(&ty));
            self.report(Diagnostic::error(codes::TYPE_MISMATCH, written.span, message));
            return Type::Unknown;
        }
        ty
    }
}

/// What follows the file and the values of a `call`.
fn after_call(items: &[tree::Item]) -> &[tree::Item] {
    match items {
        [_, tree::Item::Args(_), rest @ ..] | [_, rest @ ..] => rest,
        [] => &[],
    }
}

/// The condition under which a statement is skipped.
fn skip_condition(matched: &Matched<'_>) -> Option<Span> {
    matched.options.iter().find(|given| given.word == "if").map(|given| given.span)
}

/// Where a statement begins.
pub(super) fn head_span(head: &Head, whole: Span) -> Span {
    match head {
        Head::Word(word) => word.span,
        Head::Run { keyword, .. } => *keyword,
        Head::Fence(fence) => Span { end: whole.end.min(fence.span.start + 3), ..fence.span },
        Head::Prose(prose) => prose.span,
        Head::Call(expr) | Head::Expr(expr) => expr.span,
    }
}
