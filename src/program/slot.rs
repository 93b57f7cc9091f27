//! One operand or one value of an option, as its slot wants it.

use std::fmt::Display;

use super::matched::{Matched, unknown};
use super::resolver::{New, Resolver, Role};
use super::spans::{item_span, item_word, lone_name};
use super::types::Typed;
use super::written::Written;
use super::{Arg, Named, Operand, SlotKind};
use crate::diag::{Diagnostic, codes, listed, nearest};
use crate::syntax::is_word;
use crate::syntax::tree::{self, Decl, ExprKind, Item};
use crate::value::Type;

impl<'a> Resolver<'a> {
    /// Resolves an item as its slot wants it; what is wrong is reported and becomes an unknown value.
    pub(super) fn slot(
        &mut self,
        kind: SlotKind,
        item: &'a Item,
        takes: &dyn Display,
        matched: &mut Matched<'a>,
    ) -> Operand {
        let span = item_span(item);
        let operand = match (kind, item) {
            (SlotKind::Word(_) | SlotKind::OneOf(_), _) => self.word_slot(kind, item, takes),
            (SlotKind::NewName, _) => self.new_name(item, matched),
            (SlotKind::Decl, Item::Decl(decl)) => Some(self.declared_slot(decl)),
            (SlotKind::Assign, Item::Assign(name, value)) => {
                let value = self.handed_out(value, takes);
                Some(Operand::Assign(name.text.clone(), value.expr, value.ty, span))
            }
            (SlotKind::Signature, Item::Signature(written)) => {
                Some(Operand::Word(written.name.text.clone(), span))
            }
            (SlotKind::Args, Item::Args(_, args)) => Some(Operand::Args(self.named_args(args))),
            (kind, Item::Expr(written)) => self.value_slot(kind, written, takes, matched),
            _ => None,
        };
        operand.unwrap_or_else(|| unknown(span))
    }

    /// A value as its slot wants it; `None` where what is wrong was reported.
    pub(super) fn value_slot(
        &mut self,
        kind: SlotKind,
        written: &'a tree::Expr,
        takes: &dyn Display,
        matched: &mut Matched<'a>,
    ) -> Option<Operand> {
        let span = written.span;
        let value = match kind {
            SlotKind::Title | SlotKind::TitleOptional => self.title_slot(written, takes)?,
            SlotKind::FixedText => return self.fixed_slot(written, takes),
            SlotKind::Group | SlotKind::Role | SlotKind::Channel => {
                return self.named_slot(kind, written, takes);
            }
            SlotKind::Regex => {
                return self.regex(written, takes).map(|pattern| Operand::Regex(pattern, span));
            }
            SlotKind::Bool => self.judged(written, takes),
            SlotKind::Int => self.typed_slot(written, &Type::Int, takes),
            SlotKind::Text => match self.bare_text(written, takes) {
                Some(told) => told,
                None => self.typed_slot(written, &Type::Text, takes),
            },
            // A name that nothing has was meant to stand in quotes.
            SlotKind::Target
                if lone_name(written).is_some_and(|name| self.frame.scope.get(name).is_none())
                    || self.bare_words(written).is_some() =>
            {
                return self.fixed_slot(written, takes);
            }
            SlotKind::Target => {
                self.known_target(written);
                self.typed_slot(written, &Type::Text, takes)
            }
            SlotKind::Content => self.content(written, takes),
            SlotKind::Duration => self.typed_slot(written, &Type::Duration, takes),
            SlotKind::Json => self.typed_slot(written, &Type::Json, takes),
            SlotKind::List => {
                let (list, item) = self.list_value(written, takes);
                matched.item_type = Some((item, list.secret));
                list
            }
            SlotKind::Any | SlotKind::AnyOptional => self.handed_out(written, takes),
            _ => return None,
        };
        matched.secret |= value.secret;
        Some(Operand::Expr(value.expr, value.ty, span))
    }

    fn typed_slot(&mut self, written: &'a tree::Expr, ty: &Type, takes: &dyn Display) -> Typed {
        let value = self.expr(written);
        self.fitted(value, ty, written.span, takes)
    }

    /// An artifact stays one; everything else is a text.
    fn content(&mut self, written: &'a tree::Expr, takes: &dyn Display) -> Typed {
        let value = self.expr(written);
        if value.ty == Type::Artifact { value } else { self.fitted(value, &Type::Text, written.span, takes) }
    }

    /// Any value, so long as it is one.
    fn handed_out(&mut self, written: &'a tree::Expr, takes: &dyn Display) -> Typed {
        let value = self.expr(written);
        if value.ty == Type::Nothing {
            let message = format!("{takes} a value, and this gives none");
            self.report(Diagnostic::error(codes::TYPE_MISMATCH, written.span, message));
            return Typed::unknown();
        }
        value
    }

    fn title_slot(&mut self, written: &'a tree::Expr, takes: &dyn Display) -> Option<Typed> {
        match &written.kind {
            ExprKind::Text(_) | ExprKind::Raw(_) => Some(self.expr(written)),
            ExprKind::Bad => None,
            _ => {
                self.bare_title(written, takes);
                None
            }
        }
    }

    pub(super) fn fixed_slot(&mut self, written: &'a tree::Expr, takes: &dyn Display) -> Option<Operand> {
        if let Some(text) = written.fixed_text() {
            return Some(Operand::Word(text, written.span));
        }
        if written.kind != ExprKind::Bad {
            let message = format!("{takes} a text that is fixed in the file");
            // The name of a header reads as names with signs between.
            let dashed = self.words(written.span);
            let is_one = dashed.contains('-') && dashed.chars().all(|c| c == '-' || is_word(c));
            let quoted = self.bare_words(written).or_else(|| is_one.then(|| format!("\"{dashed}\"")));
            if !is_one && (quoted.is_some() || self.is_unbound(written)) && self.bare_fixed(written, &message)
            {
                return None;
            }
            if quoted.is_none() {
                self.read_unless_unknown(written);
            }
            let quoted = quoted.or_else(|| lone_name(written).map(|name| format!("\"{name}\"")));
            let message = if quoted.is_some() { format!("{takes} a text in quotes") } else { message };
            let report = Diagnostic::error(codes::NOT_FIXED, written.span, message);
            self.report(match quoted {
                Some(quoted) => {
                    report.help(format!("write `{quoted}`")).fix("write it in quotes", written.span, quoted)
                }
                None => report.help("write it in quotes, without `{…}`"),
            });
        }
        None
    }

    fn word_slot(&mut self, kind: SlotKind, item: &'a Item, takes: &dyn Display) -> Option<Operand> {
        let word = item_word(item)?;
        let SlotKind::OneOf(words) = kind else {
            return Some(Operand::Word(word.to_owned(), item_span(item)));
        };
        if words.contains(&word) {
            return Some(Operand::Word(word.to_owned(), item_span(item)));
        }
        let span = item_span(item);
        let report = Diagnostic::error(codes::BAD_OPTION, span, format!("{takes} no `{word}`"));
        let same = words.iter().find(|known| known.eq_ignore_ascii_case(word)).copied();
        self.report(match same.or_else(|| nearest(word, words.iter().copied())) {
            Some(near) => {
                report.help(format!("did you mean `{near}`?")).guess(format!("write `{near}`"), span, near)
            }
            None => report.help(format!("it is one of {}", listed(words))),
        });
        None
    }

    /// The variable of a `for`; its type is known when the list is, and its name inside the block only.
    fn new_name(&mut self, item: &'a Item, matched: &mut Matched<'a>) -> Option<Operand> {
        let Item::Expr(tree::Expr { span, kind: ExprKind::Name(name) }) = item else { return None };
        let var = self.new_var(name, *span, New::of(Type::Unknown, Role::Other));
        self.mention_binding(*span, Named::Var(var));
        matched.item = Some((name, var, *span));
        Some(Operand::New { var, ty: Type::Unknown, default: None, choices: None, span: *span })
    }

    /// `ask name: type = default`: the name is seen after the statement.
    fn declared_slot(&mut self, decl: &'a Decl) -> Operand {
        let written = if let Some(ty) = &decl.ty {
            self.asked_type(ty)
        } else {
            self.needs_type(&decl.name.text, decl.span);
            Written { ty: Type::Unknown, choices: None }
        };
        let default = decl.default.as_ref().map(|default| {
            let value = self.expr(default);
            self.fitted(value, &written.ty, default.span, &format!("`{}` is", decl.name.text)).expr
        });
        let ty = written.ty;
        let var = self.declare(&decl.name, &New::of(ty.clone(), Role::Other));
        Operand::New { var, ty, default, choices: written.choices, span: decl.span }
    }

    /// `(name: value, …)`; a value that is nothing but a name brings it.
    pub(super) fn named_args(&mut self, args: &'a [tree::Arg]) -> Vec<Arg> {
        let mut named: Vec<Arg> = Vec::with_capacity(args.len());
        for arg in args {
            let value = self.expr(&arg.value);
            let Some(name) =
                arg.name.as_ref().map(|name| name.text.as_str()).or_else(|| lone_name(&arg.value))
            else {
                let words = self.words(arg.value.span);
                let help = format!("write `name: {words}`");
                self.error(
                    codes::BAD_ARGUMENTS,
                    arg.value.span,
                    "this value needs a name to arrive under",
                    &help,
                );
                continue;
            };
            if named.iter().any(|earlier| earlier.name == name) {
                let message = format!("`{name}` is given twice");
                self.report(Diagnostic::error(codes::BAD_ARGUMENTS, arg.value.span, message));
                continue;
            }
            named.push(Arg { name: name.to_owned(), value: value.expr, ty: value.ty });
        }
        named
    }
}
