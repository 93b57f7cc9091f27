//! Expressions: names resolved, types inferred, secrets followed.

use std::fmt::Display;

use super::Named;
use super::resolver::{DEEPEST, Resolver};
use super::spans::lone_name;
use super::types::{Typed, common, is_printable, is_texty, join, noun, type_of};
use crate::diag::{Diagnostic, codes};
use crate::syntax::tree::{self, ExprKind, Ident, UnaryOp};
use crate::text::Span;
use crate::value::{Expr, Piece, Type, Value};

impl<'a> Resolver<'a> {
    /// Resolves an expression; what is wrong is reported and of type [`Type::Unknown`].
    pub(super) fn expr(&mut self, written: &'a tree::Expr) -> Typed {
        if self.depth.expressions >= 2 * DEEPEST {
            self.too_deep(written.span);
            return Typed::unknown();
        }
        self.depth.expressions += 1;
        let value = self.expr_inner(written);
        self.depth.expressions -= 1;
        value
    }

    fn expr_inner(&mut self, written: &'a tree::Expr) -> Typed {
        let span = written.span;
        match &written.kind {
            ExprKind::Literal(text) => self.literal(text, span),
            ExprKind::Text(pieces) => {
                self.names_in_text(span);
                self.text(pieces)
            }
            ExprKind::Raw(text) => {
                self.names_in_text(span);
                fixed_text(text)
            }
            ExprKind::Prose(prose) => fixed_text(&prose.text),
            ExprKind::Regex(_) => self.stray_regex(span),
            ExprKind::Name(name) => self.name(name, span),
            ExprKind::Field(base, field) => self.field(base, field, span),
            ExprKind::Index(base, index) => self.index(base, index, span),
            ExprKind::Call(callee, args) => self.call(callee, args, span),
            ExprKind::List(items) => self.list(items),
            ExprKind::Object(fields) => self.object(fields),
            ExprKind::Unary(op, inner) => self.unary(*op, inner, span),
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right, span),
            ExprKind::If(condition, yes, no) => self.choice([condition, yes, no]),
            ExprKind::Bad => {
                self.unread.push(span);
                Typed::unknown()
            }
        }
    }

    /// An expression that must be true or false.
    pub(super) fn condition(&mut self, written: &'a tree::Expr, takes: &dyn Display) -> Typed {
        let value = self.expr(written);
        self.fitted(value, &Type::Bool, written.span, takes)
    }

    fn literal(&mut self, text: &str, span: Span) -> Typed {
        match crate::value::literal(text) {
            Ok(value) => {
                let ty = type_of(&value);
                Typed::plain(Expr::Const(value), ty)
            }
            Err(_) if self.tell_joined_number(text, span) => Typed::unknown(),
            Err(why) => {
                let (reason, help) = why.split_once("; ").unwrap_or((&why, ""));
                let report = Diagnostic::error(codes::BAD_LITERAL, span, reason);
                let meant = help.strip_prefix("write `").and_then(|meant| meant.strip_suffix('`'));
                self.report(match meant {
                    Some(meant) => report.help(help).fix(help, span, meant),
                    None if help.is_empty() => report,
                    None => report.help(help),
                });
                Typed::unknown()
            }
        }
    }

    fn stray_regex(&mut self, span: Span) -> Typed {
        let message = "a regular expression is not a value";
        self.error(
            codes::TYPE_MISMATCH,
            span,
            message,
            "use it as in `text matches /…/` or `capture(text, /…/)`",
        );
        Typed::unknown()
    }

    /// An interpolated text.
    pub(super) fn text(&mut self, pieces: &'a [tree::Piece]) -> Typed {
        let mut secret = false;
        let mut done = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match piece {
                tree::Piece::Text(text) => done.push(Piece::Text(text.clone())),
                tree::Piece::Value(inner) => {
                    let value = self.printable(inner);
                    secret |= value.secret;
                    done.push(Piece::Value(value.expr));
                }
                tree::Piece::Splice(inner) => self.stray_splice(inner),
            }
        }
        Typed { expr: text_expr(done), ty: Type::Text, secret }
    }

    fn stray_splice(&mut self, inner: &'a tree::Expr) {
        self.expr(inner);
        let message = "a list is spliced only as a whole word of a `run` line";
        self.error(codes::TYPE_MISMATCH, inner.span, message, "write `join(list, \" \")` inside a text");
    }

    /// A value that stands inside a text.
    pub(super) fn printable(&mut self, written: &'a tree::Expr) -> Typed {
        let value = self.expr(written);
        if is_printable(&value.ty) {
            return value;
        }
        let message = format!("{} cannot stand in a text", noun(&value.ty));
        self.report(Diagnostic::error(codes::TYPE_MISMATCH, written.span, message));
        Typed::unknown()
    }

    fn list(&mut self, items: &'a [tree::Expr]) -> Typed {
        let items: Vec<_> = items.iter().map(|item| self.expr(item)).collect();
        let ty = Type::List(Box::new(common(items.iter().map(|item| item.ty.clone()))));
        let secret = items.iter().any(|item| item.secret);
        Typed { expr: Expr::List(items.into_iter().map(|item| item.expr).collect()), ty, secret }
    }

    fn object(&mut self, fields: &'a [(Ident, tree::Expr)]) -> Typed {
        let mut seen: std::collections::HashMap<&str, Span> = std::collections::HashMap::new();
        let mut values = Vec::with_capacity(fields.len());
        for (key, value) in fields {
            if let Some(first) = seen.insert(&key.text, key.span) {
                let message = format!("the key `{}` is given twice", key.text);
                self.report(
                    Diagnostic::error(codes::TAKEN_NAME, key.span, message).also(first, "given here"),
                );
            }
            values.push((key.text.clone(), self.expr(value)));
        }
        let ty = Type::Map(Box::new(common(values.iter().map(|(_, value)| value.ty.clone()))));
        let secret = values.iter().any(|(_, value)| value.secret);
        let fields = values.into_iter().map(|(key, value)| (key, value.expr)).collect();
        Typed { expr: Expr::Map(fields), ty, secret }
    }

    fn field(&mut self, base: &'a tree::Expr, field: &'a Ident, span: Span) -> Typed {
        if let Some(module) = lone_name(base).filter(|name| self.frame.scope.get(name).is_none())
            && let Some(source) = self.module_called(module)
        {
            self.tell_module(base);
            self.mention(base.span, Named::File(source));
            return self.module_constant(module, source, field);
        }
        let at = base.span;
        let value = self.expr(base);
        let artifact = value.ty == Type::Artifact;
        let name = if artifact { self.part_in_use("artifact", field) } else { &field.text };
        let part = match &value.ty {
            Type::Unknown => return Typed::unknown(),
            Type::Json => Some(Type::Json),
            Type::Map(item) => Some((**item).clone()),
            Type::Artifact => artifact_part(name),
            _ => None,
        };
        let Some(ty) = part else { return self.no_part(&value, at, field) };
        let field = Expr::Field(Box::new(value.expr), name.to_owned());
        Typed { expr: field, ty, secret: value.secret }.at(span)
    }

    fn index(&mut self, base: &'a tree::Expr, index: &'a tree::Expr, span: Span) -> Typed {
        let value = self.expr(base);
        let key = self.expr(index);
        if matches!(value.ty, Type::Json | Type::Map(_)) {
            self.told_as_field(index, Span { start: base.span.end, ..span });
        }
        let secret = value.secret;
        let (ty, wanted) = match &value.ty {
            Type::Unknown => return Typed::unknown(),
            Type::List(item) => ((**item).clone(), Some(Type::Int)),
            Type::Lines => (Type::Text, Some(Type::Int)),
            Type::Map(item) => ((**item).clone(), Some(Type::Text)),
            Type::Json => (Type::Json, None),
            _ => return self.no_items(&value, base.span),
        };
        let key = match wanted {
            Some(Type::Text) => self.map_key(key, index.span),
            Some(wanted) => self.fitted(key, &wanted, index.span, &"the position in a list is"),
            None => key,
        };
        Typed { expr: Expr::Index(Box::new(value.expr), Box::new(key.expr)), ty, secret }.at(span)
    }

    /// `map[key]`, where nothing is called `key`, nor nearly so: a field is meant.
    fn told_as_field(&mut self, key: &tree::Expr, brackets: Span) {
        let Some(name) = lone_name(key) else { return };
        let report =
            self.frame.unknown.get(name).and_then(|unknown| self.diagnostics.get_mut(unknown.report));
        if let Some(report) = report.filter(|report| report.primary.span == key.span && report.fix.is_none())
        {
            report.help = vec![format!("a field is written `.{name}`")];
            let told = report.clone().guess(format!("write `.{name}`"), brackets, format!(".{name}"));
            *report = told;
        }
    }

    /// The key of a map may be anything that a `for` can go over: the item's text.
    fn map_key(&mut self, key: Typed, span: Span) -> Typed {
        if is_texty(&key.ty) {
            return key;
        }
        if matches!(key.ty, Type::List(_) | Type::Map(_) | Type::Lines | Type::Nothing) {
            return self.fitted(key, &Type::Text, span, &"the key of a map is");
        }
        Typed { expr: Expr::Text(vec![Piece::Value(key.expr)]), ty: Type::Text, secret: key.secret }
    }

    fn unary(&mut self, op: UnaryOp, inner: &'a tree::Expr, span: Span) -> Typed {
        match op {
            UnaryOp::Not => {
                let value = self.expr(inner);
                self.negation(value, inner.span)
            }
            UnaryOp::Neg => self.negated(inner, span),
        }
    }

    /// The other of true and false.
    pub(super) fn negation(&mut self, value: Typed, span: Span) -> Typed {
        let value = self.fitted(value, &Type::Bool, span, &"`not` takes");
        Typed { expr: Expr::Not(Box::new(value.expr)), ty: Type::Bool, secret: value.secret }
    }

    fn negated(&mut self, inner: &'a tree::Expr, span: Span) -> Typed {
        let value = self.expr(inner);
        let ty = match &value.ty {
            Type::Int | Type::Number | Type::Json | Type::Unknown => value.ty.clone(),
            other => {
                let message = format!("`-` takes a number, and this is {}", noun(other));
                self.report(Diagnostic::error(codes::TYPE_MISMATCH, inner.span, message));
                return Typed::unknown();
            }
        };
        match value.expr {
            Expr::Const(Value::Int(number)) => {
                Typed::plain(Expr::Const(Value::Int(number.wrapping_neg())), ty)
            }
            Expr::Const(Value::Number(number)) => Typed::plain(Expr::Const(Value::Number(-number)), ty),
            expr => Typed { expr: Expr::Neg(Box::new(expr)), ty, secret: value.secret }.at(span),
        }
    }

    fn choice(&mut self, [condition, yes, no]: [&'a tree::Expr; 3]) -> Typed {
        let condition = self.condition(condition, &"`if` takes");
        let first = self.expr(yes);
        let second = self.expr(no);
        let Some(ty) = join(&first.ty, &second.ty) else {
            let message = format!("`then` gives {}, and `else` gives {}", noun(&first.ty), noun(&second.ty));
            let report =
                Diagnostic::error(codes::TYPE_MISMATCH, no.span, message).also(yes.span, "the other one");
            self.report(report.help("both must be of one type"));
            return Typed::unknown();
        };
        let secret = condition.secret || first.secret || second.secret;
        let parts = [condition, first, second].map(|part| Box::new(part.expr));
        let [condition, first, second] = parts;
        Typed { expr: Expr::If(condition, first, second), ty, secret }
    }

    /// A value that must be a list (or may turn out to be one), with the type of its items.
    pub(super) fn list_value(&mut self, written: &'a tree::Expr, takes: &dyn Display) -> (Typed, Type) {
        let value = self.expr(written);
        let item = match &value.ty {
            Type::List(item) => (**item).clone(),
            Type::Lines => Type::Text,
            Type::Json | Type::Unknown => value.ty.clone(),
            _ => {
                self.no_list(&value, written.span, takes);
                Type::Unknown
            }
        };
        (value, item)
    }
}

/// The parts of an artifact.
fn artifact_part(name: &str) -> Option<Type> {
    match name {
        "path" => Some(Type::Path),
        "sha256" => Some(Type::Text),
        "bytes" => Some(Type::Size),
        _ => None,
    }
}

/// A text without values.
pub(super) fn fixed_text(text: &str) -> Typed {
    Typed::plain(Expr::Const(Value::Text(text.into())), Type::Text)
}

/// Pieces as an expression: fixed where no value is among them.
pub(super) fn text_expr(pieces: Vec<Piece>) -> Expr {
    let fixed: Option<String> = pieces
        .iter()
        .map(|piece| if let Piece::Text(text) = piece { Some(text.as_str()) } else { None })
        .collect();
    fixed.map_or_else(|| Expr::Text(pieces), |text| Expr::Const(Value::Text(text.into())))
}
