//! Moves what was read to where it stands now.
//!
//! Knows the shape of the tree and nothing of the text: a statement that did not change has the same tree some bytes
//! further on, and one that was read from a mended text stands where that was given.

use super::tree::{
    Arg, Bind, Block, Decl, Expr, ExprKind, Fence, Head, Ident, Item, Line, Piece, Prose, Signature, Stmt,
    Tail, TypeExpr, TypeKind, Word,
};
use crate::diag::Diagnostic;
use crate::text::{SourceId, Span};

/// Where each place is now.
pub(super) trait Places {
    /// The place that was this one.
    fn place(&self, before: u32) -> u32;
}

/// All places so many bytes further on, wrapping: so many less is their complement.
pub(super) struct Further(pub(super) u32);

impl Places for Further {
    fn place(&self, before: u32) -> u32 {
        before.wrapping_add(self.0)
    }
}

/// Moves to those places, in one source.
#[derive(Debug)]
pub(super) struct Shift<'p, P> {
    pub(super) source: SourceId,
    pub(super) places: &'p P,
}

impl<P> Clone for Shift<'_, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for Shift<'_, P> {}

impl<P: Places> Shift<'_, P> {
    /// Moves what was read, and what is told of it.
    pub(super) fn all(self, lines: &mut [Line], told: &mut [Diagnostic]) {
        lines.iter_mut().for_each(|line| self.line(line));
        told.iter_mut().for_each(|one| self.diagnostic(one));
    }

    pub(super) fn span(self, span: &mut Span) {
        span.source = self.source;
        span.start = self.places.place(span.start);
        span.end = self.places.place(span.end);
    }

    pub(super) fn diagnostic(self, one: &mut Diagnostic) {
        self.span(&mut one.primary.span);
        one.secondary.iter_mut().for_each(|label| self.span(&mut label.span));
        one.fix.iter_mut().flat_map(|fix| &mut fix.edits).for_each(|edit| self.span(&mut edit.span));
        one.hides.iter_mut().for_each(|span| self.span(span));
    }

    pub(super) fn line(self, line: &mut Line) {
        match line {
            Line::Stmt(stmt) => self.stmt(stmt),
            Line::Bad(span) => self.span(span),
        }
    }

    fn stmt(self, stmt: &mut Stmt) {
        self.span(&mut stmt.span);
        stmt.bind.iter_mut().for_each(|bind| self.bind(bind));
        stmt.look.iter_mut().for_each(|span| self.span(span));
        self.head(&mut stmt.head);
        stmt.items.iter_mut().for_each(|item| self.item(item));
        stmt.block.iter_mut().for_each(|block| self.block(block));
        stmt.tail.iter_mut().for_each(|tail| self.tail(tail));
    }

    fn block(self, block: &mut Block) {
        self.span(&mut block.span);
        block.lines.iter_mut().for_each(|line| self.line(line));
    }

    fn tail(self, tail: &mut Tail) {
        match tail {
            Tail::Else(block) | Tail::Otherwise(block) => self.block(block),
            Tail::ElseIf(stmt) => self.stmt(stmt),
            Tail::Until(until) => self.expr(until),
        }
    }

    fn bind(self, bind: &mut Bind) {
        self.span(&mut bind.span);
        self.ident(&mut bind.name);
        bind.ty.iter_mut().for_each(|ty| self.ty(ty));
    }

    fn head(self, head: &mut Head) {
        match head {
            Head::Word(word) => self.ident(word),
            Head::Run { keyword, words } => {
                self.span(keyword);
                words.iter_mut().for_each(|word| self.word(word));
            }
            Head::Fence(fence) => self.fence(fence),
            Head::Prose(prose) => self.prose(prose),
            Head::Call(expr) | Head::Expr(expr) => self.expr(expr),
            Head::Unread(span) => self.span(span),
        }
    }

    fn item(self, item: &mut Item) {
        match item {
            Item::Expr(expr) => self.expr(expr),
            Item::Decl(decl) => self.decl(decl),
            Item::Signature(signature) => self.signature(signature),
            Item::Assign(name, value) => {
                self.ident(name);
                self.expr(value);
            }
            Item::Args(span, args) => {
                self.span(span);
                self.args(args);
            }
            Item::Word(word) => self.ident(word),
        }
    }

    fn ident(self, ident: &mut Ident) {
        self.span(&mut ident.span);
    }

    fn word(self, word: &mut Word) {
        self.span(&mut word.span);
        word.pieces.iter_mut().for_each(|piece| self.piece(piece));
    }

    fn piece(self, piece: &mut Piece) {
        if let Piece::Value(inner) | Piece::Splice(inner) = piece {
            self.expr(inner);
        }
    }

    fn fence(self, fence: &mut Fence) {
        self.span(&mut fence.span);
        self.args(&mut fence.args);
    }

    fn prose(self, prose: &mut Prose) {
        self.span(&mut prose.span);
    }

    fn args(self, args: &mut [Arg]) {
        for arg in args {
            arg.name.iter_mut().for_each(|name| self.ident(name));
            self.expr(&mut arg.value);
        }
    }

    fn decl(self, decl: &mut Decl) {
        self.span(&mut decl.span);
        self.ident(&mut decl.name);
        decl.ty.iter_mut().for_each(|ty| self.ty(ty));
        decl.default.iter_mut().for_each(|default| self.expr(default));
    }

    fn signature(self, signature: &mut Signature) {
        self.span(&mut signature.span);
        self.ident(&mut signature.name);
        signature.params.iter_mut().for_each(|param| self.decl(param));
        signature.returns.iter_mut().for_each(|ty| self.ty(ty));
    }

    fn ty(self, ty: &mut TypeExpr) {
        self.span(&mut ty.span);
        match &mut ty.kind {
            TypeKind::Name(_) => {}
            TypeKind::List(inner) | TypeKind::Map(inner) => self.ty(inner),
            TypeKind::OneOf(choices) => self.expr(choices),
        }
    }

    fn expr(self, expr: &mut Expr) {
        self.span(&mut expr.span);
        match &mut expr.kind {
            ExprKind::Text(pieces) => pieces.iter_mut().for_each(|piece| self.piece(piece)),
            ExprKind::Prose(prose) => self.prose(prose),
            ExprKind::Field(base, field) => {
                self.expr(base);
                self.ident(field);
            }
            ExprKind::Call(callee, args) => {
                self.expr(callee);
                self.args(args);
            }
            ExprKind::List(items) => items.iter_mut().for_each(|item| self.expr(item)),
            ExprKind::Object(fields) => fields.iter_mut().for_each(|(key, value)| {
                self.ident(key);
                self.expr(value);
            }),
            ExprKind::Unary(_, inner) => self.expr(inner),
            ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) => {
                [a, b].into_iter().for_each(|one| self.expr(one));
            }
            ExprKind::If(a, b, c) => [a, b, c].into_iter().for_each(|one| self.expr(one)),
            ExprKind::Literal(_)
            | ExprKind::Raw(_)
            | ExprKind::Regex(_)
            | ExprKind::Name(_)
            | ExprKind::Bad => {}
        }
    }
}
