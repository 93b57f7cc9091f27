//! What each word of a file is, for its colour.

use super::File;
use super::standing::{Standing, every};
use super::word::option_of;
use crate::syntax::tree::{
    Arg, Decl, Expr, ExprKind, Fence, Head, Item, Piece, Signature, Stmt, Tail, TypeExpr, TypeKind, Word,
};
use crate::text::Span;

/// A word and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    /// Where; on one line.
    pub span: Span,
    /// What.
    pub kind: ColourKind,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is its own word")]
pub enum ColourKind {
    Keyword,
    Comment,
    Text,
    Number,
    Regex,
    Variable,
    Parameter,
    Property,
    Function,
    Module,
    Type,
}

/// The words of a file that have a colour, in the order of places; none overlap.
#[must_use]
pub fn colours(file: File<'_>) -> Vec<Colour> {
    let mut paint = Paint { file, found: vec![] };
    for comment in &file.tree.comments {
        paint.add(comment.span, ColourKind::Comment);
    }
    every(file.tree, &mut |standing| paint.statement(standing));
    let mut found = paint.found;
    found.sort_by_key(|one| (one.span.start, one.span.end));
    let mut end = 0;
    found.retain(|one| {
        let free = one.span.start >= end && one.span.start < one.span.end;
        end = if free { one.span.end } else { end };
        free
    });
    found
}

struct Paint<'f> {
    file: File<'f>,
    found: Vec<Colour>,
}

impl Paint<'_> {
    /// Paints a part, line by line.
    fn add(&mut self, span: Span, kind: ColourKind) {
        let mut start = span.range().start;
        for line in self.file.source.slice(span).split_inclusive('\n') {
            let blanks = line.len() - line.trim_start().len();
            let words = line.trim().len();
            if words > 0 {
                self.found.push(Colour {
                    span: Span::new(span.source, start + blanks, start + blanks + words),
                    kind,
                });
            }
            start += line.len();
        }
    }

    fn statement(&mut self, standing: &Standing<'_>) {
        let stmt = standing.stmt;
        if let Some(bind) = &stmt.bind {
            self.add(Span { end: bind.span.start + 3, ..bind.span }, ColourKind::Keyword);
            self.add(bind.name.span, ColourKind::Variable);
            bind.ty.iter().for_each(|ty| self.ty(ty));
        }
        stmt.look.iter().for_each(|look| self.add(*look, ColourKind::Keyword));
        self.head(&stmt.head);
        for item in &stmt.items {
            self.item(item, standing);
        }
        self.tail(stmt);
    }

    fn tail(&mut self, stmt: &Stmt) {
        let mut next = Some(stmt);
        while let Some(stmt) = next.take() {
            let after = stmt.block.as_ref().map(|block| block.span.range().end);
            let word = after.and_then(|after| self.first_word(after, stmt.span));
            match stmt.tail.as_deref() {
                Some(Tail::Until(until)) => self.expr(until),
                Some(Tail::ElseIf(more)) => {
                    self.head(&more.head);
                    more.items.iter().for_each(|item| self.plain_item(item));
                    next = Some(more);
                }
                Some(Tail::Else(_) | Tail::Otherwise(_)) => {}
                None => continue,
            }
            word.into_iter().for_each(|word| self.add(word, ColourKind::Keyword));
        }
    }

    /// The first word behind a byte.
    fn first_word(&self, from: usize, whole: Span) -> Option<Span> {
        let text = self.file.source.text().get(from..whole.range().end.max(from))?;
        let start = from + text.len() - text.trim_start().len();
        let length = text.trim_start().chars().take_while(char::is_ascii_lowercase).count();
        (length > 0).then(|| Span::new(whole.source, start, start + length))
    }

    fn head(&mut self, head: &Head) {
        match head {
            Head::Word(word) => self.add(word.span, ColourKind::Keyword),
            Head::Run { keyword, words } => {
                self.add(*keyword, ColourKind::Keyword);
                let mut kind = ColourKind::Function;
                for word in words {
                    self.word(word, kind);
                    kind = ColourKind::Text;
                }
            }
            Head::Fence(fence) => self.fence(fence),
            Head::Prose(prose) => self.add(prose.span, ColourKind::Text),
            Head::Call(call) | Head::Expr(call) => self.expr(call),
            Head::Unread(_) => {}
        }
    }

    /// The opening line of a script; the script itself is in a language of its own.
    fn fence(&mut self, fence: &Fence) {
        let opener = self.file.source.slice(fence.span).lines().next().unwrap_or_default();
        let ticks = opener.len() - opener.trim_start_matches('`').len();
        let start = fence.span.range().start;
        self.add(Span::new(fence.span.source, start, start + ticks + fence.tag.len()), ColourKind::Keyword);
        fence.args.iter().for_each(|arg| self.arg(arg));
    }

    fn word(&mut self, word: &Word, kind: ColourKind) {
        self.around_values(word.span, &word.pieces, kind);
    }

    /// What stands around the values of a text.
    fn around_values(&mut self, span: Span, pieces: &[Piece], kind: ColourKind) {
        let mut start = span.start;
        for piece in pieces {
            let (Piece::Value(value) | Piece::Splice(value)) = piece else { continue };
            self.add(Span { start, end: value.span.start.max(start), ..span }, kind);
            self.expr(value);
            start = value.span.end.max(start);
        }
        self.add(Span { start, end: span.end.max(start), ..span }, kind);
    }

    fn item(&mut self, item: &Item, standing: &Standing<'_>) {
        if let Item::Expr(Expr { span, kind: ExprKind::Name(name) }) = item {
            let schema = standing.schema;
            let option =
                schema.is_some_and(|schema| option_of(schema, name).is_some() || is_fixed(schema, name));
            return self.add(*span, if option { ColourKind::Keyword } else { ColourKind::Variable });
        }
        self.plain_item(item);
    }

    fn plain_item(&mut self, item: &Item) {
        match item {
            Item::Expr(expr) => self.expr(expr),
            Item::Decl(decl) => self.decl(decl, ColourKind::Variable),
            Item::Signature(signature) => self.signature(signature),
            Item::Assign(name, value) => {
                self.add(name.span, ColourKind::Property);
                self.expr(value);
            }
            Item::Args(_, args) => args.iter().for_each(|arg| self.arg(arg)),
            Item::Word(word) => self.add(word.span, ColourKind::Keyword),
        }
    }

    fn decl(&mut self, decl: &Decl, kind: ColourKind) {
        self.add(decl.name.span, kind);
        decl.ty.iter().for_each(|ty| self.ty(ty));
        decl.default.iter().for_each(|default| self.expr(default));
    }

    fn signature(&mut self, signature: &Signature) {
        self.add(signature.name.span, ColourKind::Function);
        signature.params.iter().for_each(|param| self.decl(param, ColourKind::Parameter));
        signature.returns.iter().for_each(|ty| self.ty(ty));
    }

    fn ty(&mut self, ty: &TypeExpr) {
        match &ty.kind {
            TypeKind::Name(_) => self.add(ty.span, ColourKind::Type),
            TypeKind::List(inner) | TypeKind::Map(inner) => {
                self.add(Span { end: inner.span.start, ..ty.span }, ColourKind::Type);
                self.ty(inner);
            }
            TypeKind::OneOf(choices) => {
                self.add(Span { end: choices.span.start, ..ty.span }, ColourKind::Type);
                self.expr(choices);
            }
        }
    }

    fn arg(&mut self, arg: &Arg) {
        arg.name.iter().for_each(|name| self.add(name.span, ColourKind::Parameter));
        self.expr(&arg.value);
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Literal(_) => self.add(expr.span, ColourKind::Number),
            ExprKind::Text(pieces) => self.around_values(expr.span, pieces, ColourKind::Text),
            ExprKind::Raw(_) | ExprKind::Prose(_) => self.add(expr.span, ColourKind::Text),
            ExprKind::Regex(_) => self.add(expr.span, ColourKind::Regex),
            ExprKind::Name(name) => {
                let fixed = matches!(name.as_str(), "true" | "false" | "null");
                self.add(expr.span, if fixed { ColourKind::Keyword } else { ColourKind::Variable });
            }
            ExprKind::Field(base, field) => {
                self.expr(base);
                self.add(field.span, ColourKind::Property);
            }
            ExprKind::Call(callee, args) => {
                self.callee(callee);
                args.iter().for_each(|arg| self.arg(arg));
            }
            ExprKind::Object(fields) => fields.iter().for_each(|(key, value)| {
                self.add(key.span, ColourKind::Property);
                self.expr(value);
            }),
            ExprKind::List(items) => items.iter().for_each(|item| self.expr(item)),
            ExprKind::Unary(_, inner) => self.joined(expr.span, &[inner]),
            ExprKind::Index(a, b) => [a, b].into_iter().for_each(|one| self.expr(one)),
            ExprKind::Binary(_, a, b) => self.joined(expr.span, &[a, b]),
            ExprKind::If(a, b, c) => self.joined(expr.span, &[a, b, c]),
            ExprKind::Bad => {}
        }
    }

    /// Operands, and the words between them.
    fn joined(&mut self, whole: Span, operands: &[&Expr]) {
        let mut from = whole.start;
        for operand in operands {
            let between = Span { start: from, end: operand.span.start.max(from), ..whole };
            let word = self.file.source.slice(between).trim();
            if word.chars().next().is_some_and(|c| c.is_ascii_lowercase()) && !word.contains(['\n', '(']) {
                self.add(between, ColourKind::Keyword);
            }
            self.expr(operand);
            from = operand.span.end.max(from);
        }
    }

    fn callee(&mut self, callee: &Expr) {
        match &callee.kind {
            ExprKind::Field(base, field) => {
                self.add(base.span, ColourKind::Module);
                self.add(field.span, ColourKind::Function);
            }
            _ => self.add(callee.span, ColourKind::Function),
        }
    }
}

/// Whether a word is one that the operands or options of a kind are made of.
fn is_fixed(schema: &crate::program::Schema, word: &str) -> bool {
    use crate::program::{Part, SlotKind};
    let fixed = |slot: &SlotKind| match slot {
        SlotKind::OneOf(words) => words.contains(&word),
        SlotKind::Word(one) => *one == word,
        _ => false,
    };
    let part = |part: &Part| match part {
        Part::Word(one) => *one == word,
        Part::Slot(slot) | Part::Optional(slot) => fixed(slot),
    };
    schema.operands.iter().any(fixed) || schema.options.iter().any(|spec| spec.parts.iter().any(part))
}
