//! One statement: its kind, whether it may stand here, its head, and what it binds.

use std::sync::Arc;

use super::habits;
use super::head::Read;
use super::kinds;
use super::matched::{Matched, NewItem};
use super::names::of_kind;
use super::resolver::{Cx, DEEPEST, New, Resolver, Role};
use super::scope::{Loss, Mark, Why};
use super::spans::head_span;
use super::types::{Fit, fit, noun};
use super::{Bind, Form, Operand, Place, Schema, SlotKind, Stmt};
use crate::diag::{Diagnostic, codes};
use crate::syntax::is_word;
use crate::syntax::tree::{self, Head};
use crate::text::Span;
use crate::value::{Expr, Type, Value};

/// A resolved statement and whether what follows it is reached.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) stmt: Box<Stmt>,
    pub(super) falls: bool,
    /// Whether its head is not as it must be, which is reported.
    pub(super) told: bool,
}

/// A statement whose block is still to be read.
#[derive(Debug)]
struct Open<'a> {
    stmt: Box<Stmt>,
    /// The name that exists inside the block only.
    item: Option<NewItem<'a>>,
    /// The condition under which it is skipped.
    condition: Option<Span>,
    gives: Gives,
    /// Whether it is told already that the head is not as it must be: what the statement lacks besides follows from that.
    told: bool,
}

/// What a statement gives to a `let` before it.
#[derive(Debug)]
struct Gives {
    /// Its type, where the head says so; else the schema does.
    ty: Option<Type>,
    secret: bool,
    /// Where the scope stood before the statement.
    before: Mark,
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
        if self.tell_glued(open.stmt.schema, written) {
            return Some(self.close(written, *open, true));
        }
        if !open.told {
            self.check_block(open.stmt.schema, written);
        }
        let falls = self.inside_of(written, &mut open.stmt, open.item, cx);
        Some(self.close(written, *open, falls))
    }

    /// Everything before the block.
    fn open(&mut self, written: &'a tree::Stmt, cx: Cx) -> Option<Box<Open<'a>>> {
        let head = head_span(&written.head, written.span);
        let Read { schema, form, gives, secret } = self.head(written, cx)?;
        let placed = self.check_place(schema, head, cx);
        if cx.place.is_some() {
            self.misplaced_use(written);
        }
        let before = self.frame.scope.mark();
        let cut_short = self.is_cut_short(written.span);
        if cut_short {
            self.unread.push(self.rest_of_line(written.span));
        }
        // What is said otherwise in a scenario is given otherwise, too.
        let mut matched = if !placed && cx.place == Some(Place::Scenario) {
            self.unread.push(self.behind_words(head));
            Matched::default()
        } else {
            self.matched(schema, head, written)
        };
        let returns = schema.word == "return" && self.is_placed(schema, cx);
        let taken = !returns || self.check_return(&mut matched, head);
        let unclear = cut_short || self.begins_with_no_keyword(written) || !placed || !taken;
        let lacks = matched.half_option || matched.missing.is_some();
        if !unclear {
            self.report_missing(schema, head, &matched);
        }
        if placed && !lacks {
            self.check_look(schema, written, cx);
        }
        if cut_short && written.bind.is_none() && matched.item.is_none() {
            self.bound_anyway(head);
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
            above: 0,
            prose: None,
            body: vec![],
            has_block: written.block.is_some(),
            tail: None,
            provided: vec![],
        });
        let gives = Gives { ty: gives, secret, before };
        Some(Box::new(Open { stmt, item, condition, gives, told: unclear || lacks }))
    }

    /// What a statement is given on its line.
    fn matched(&mut self, schema: &'static Schema, head: Span, written: &'a tree::Stmt) -> Matched<'a> {
        match &written.head {
            Head::Word(word) if word.text == "call" && !written.items.is_empty() => {
                self.only_options(schema, after_call(&written.items))
            }
            _ if kinds::is_empty_value(schema, written) => {
                let empty = Operand::Expr(Expr::Const(Value::Map(Arc::default())), Type::Json, head);
                Matched { operands: vec![empty], ..Matched::default() }
            }
            _ => self.items(schema, head, &written.items),
        }
    }

    /// What the statement binds, and under which condition.
    fn close(&mut self, written: &'a tree::Stmt, open: Open<'a>, falls: bool) -> Done {
        let Open { mut stmt, condition, gives, told, .. } = open;
        let before = gives.before;
        self.bind(written, &mut stmt, gives, told);
        if let Some(span) = condition {
            self.frame.scope.doubt(before, &vec![], &Loss { why: Why::Skipped, span });
        }
        Done { stmt, falls: falls || condition.is_some(), told }
    }

    /// Says once that something is nested too deep to be gone into.
    pub(super) fn too_deep(&mut self, span: Span) {
        let end = u32::try_from(self.frame.unit.source.text().len()).unwrap_or(u32::MAX);
        self.unread.push(Span { end, ..span });
        if !self.depth.reported {
            self.depth.reported = true;
            let message = format!("nesting goes deeper than {DEEPEST}");
            let help = "split it: name inner parts with `let`, or move steps to a module";
            self.error(codes::TOO_DEEP, span, message, help);
        }
    }

    /// What is inside a statement of no known kind is still looked at, and its name is still bound.
    fn unknown_statement(&mut self, written: &'a tree::Stmt) {
        let block = written.block.as_ref().filter(|block| !self.is_glued(block));
        let line = self.rest_of_line(written.span);
        self.unread.push(Span { end: block.map_or(line.end, |block| block.span.start), ..line });
        if let Some(bind) = &written.bind {
            self.declare_unknown(&bind.name.text, bind.name.span);
        }
        if matches!(&written.head, Head::Word(word) if habits::is_defining(&word.text)) {
            self.bound_by_definition(written.span);
        }
        let Some(block) = block else { return };
        // Whatever the statement is, its block has the names that it brings.
        self.frame.taken.extend(self.kinds.provided().into_iter().map(str::to_owned));
        let after = self.behind(block.span);
        let head = head_span(&written.head, written.span);
        let told = self.diagnostics.iter_mut().rev().find(|one| one.primary.span == head);
        if let Some(told) = told.filter(|one| one.code == codes::UNKNOWN_KEYWORD) {
            // `} catch {`: the other half of what is no statement here.
            told.hides.push(after);
        }
        self.block(&block.lines, Cx { place: None, direct: true });
    }

    /// What `return` gives is of the type that the definition promises. Whether anything takes it.
    fn check_return(&mut self, matched: &mut Matched<'a>, head: Span) -> bool {
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
            self.error(codes::NO_RETURN, head, message, help);
            return false;
        };
        let secret = matched.secret;
        let Some(Operand::Expr(expr, given, span)) = matched.operands.pop() else { return true };
        if secret && ty != Type::Secret {
            let message = "this is a secret, and it would be returned as something else";
            self.error(codes::SECRET_REVEALED, span, message, "write `: secret` after the parameters");
        }
        let value = super::types::Typed { expr, ty: given, secret };
        let value = self.fitted(value, &ty, span, &"`return` gives");
        matched.operands.push(Operand::Expr(value.expr, value.ty, span));
        true
    }

    /// Remembers literal titles: two equal ones in one scope could not be told apart.
    fn note_titles(&mut self, schema: &Schema, operands: &[Operand]) {
        let named = schema.operands.contains(&SlotKind::Title) && !schema.operands.contains(&SlotKind::Decl);
        if !named || schema.ends {
            return;
        }
        let pairs = schema.operands.iter().zip(operands).filter(|(slot, _)| **slot == SlotKind::Title);
        for (_, operand) in pairs {
            if let Operand::Expr(Expr::Const(Value::Text(title)), _, span) = operand {
                if title.trim().is_empty() {
                    let help = "say in a few words what it is for: by that people and the record know it";
                    self.error(codes::MISSING_OPERAND, *span, "the title is empty", help);
                    continue;
                }
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

    fn nothing_to_bind(&mut self, schema: &'static Schema, bind: &tree::Bind) {
        let message = format!("{} gives no value to bind", of_kind(schema.word));
        let report = Diagnostic::error(codes::NOTHING_TO_BIND, bind.span, message);
        let behind = self.behind_words(bind.span);
        self.report(match asked(&bind.name.text, self.words(behind)) {
            Some(ask) => {
                let whole = Span { end: behind.end, ..bind.span };
                let report = report.help("an `ask` names the answer itself").hides(behind);
                report.guess(format!("write `{ask}`"), whole, ask)
            }
            None => report.help("drop the `let`").guess("drop the `let`", self.with_blanks(bind.span), ""),
        });
    }

    /// Binds the name before the statement.
    fn bind(&mut self, written: &'a tree::Stmt, stmt: &mut Stmt, gives: Gives, told: bool) {
        let Gives { ty: gives, secret, before } = gives;
        let Some(bind) = &written.bind else { return };
        let computed = matches!(stmt.form, Form::Expr(_));
        let gives = gives.or_else(|| stmt.schema.gives.cloned());
        let Some(gives) = gives.filter(|ty| *ty != Type::Nothing) else {
            self.nothing_to_bind(stmt.schema, bind);
            return self.declare_unknown(&bind.name.text, bind.name.span);
        };
        let decision = gives == Type::Bool && matches!(stmt.form, Form::Plain);
        let ty = match &bind.ty {
            Some(_) if computed => gives,
            Some(written) => self.bound_type(written, &gives),
            // What could be read is not all of the value, or with that block another statement was meant.
            None if computed && (written.block.is_some() || self.is_cut_short(written.span)) => Type::Unknown,
            None => gives,
        };
        if decision {
            let loss = Loss { why: Why::Verdict, span: head_span(&written.head, stmt.span) };
            self.frame.scope.doubt(before, &vec![], &loss);
        }
        let in_module = self.frame.own.is_some() && self.frame.def.is_none();
        let role = match decision {
            // What is wrong already is not unused as well.
            _ if in_module || told || ty == Type::Unknown => Role::Other,
            true => Role::Decision,
            false => Role::Let,
        };
        let seen = ty.clone();
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

/// How a question that is bound to a name, `let days = ask "How many?" int`, is written.
fn asked(name: &str, line: &str) -> Option<String> {
    let (title, ty) = line.trim().strip_prefix("ask \"")?.split_once('"')?;
    let ty = ty.trim_start_matches(':').trim();
    let ty = if ty.is_empty() { "text" } else { ty };
    ty.chars().all(|c| is_word(c) || c == ' ').then(|| format!("ask {name}: {ty} \"{title}\""))
}

/// What follows the file and the values of a `call`.
fn after_call(items: &[tree::Item]) -> &[tree::Item] {
    match items {
        [_, tree::Item::Args(..), rest @ ..] | [_, rest @ ..] => rest,
        [] => &[],
    }
}

/// The condition under which a statement is skipped.
fn skip_condition(matched: &Matched<'_>) -> Option<Span> {
    matched.options.iter().find(|given| given.word == "if").map(|given| given.span)
}
