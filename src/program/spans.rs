//! Where what is written stands, and the word that it is.

use crate::syntax::tree::{Arg, Expr, ExprKind, Head, Item};
use crate::text::Span;

/// Where a statement begins.
pub(super) fn head_span(head: &Head, whole: Span) -> Span {
    match head {
        Head::Word(word) => word.span,
        Head::Run { keyword, .. } => *keyword,
        Head::Fence(fence) => Span { end: whole.end.min(fence.span.start + 3), ..fence.span },
        Head::Prose(prose) => prose.span,
        Head::Call(expr) | Head::Expr(expr) => expr.span,
        Head::Unread(span) => *span,
    }
}

/// Where an item stands.
pub(super) fn item_span(item: &Item) -> Span {
    match item {
        Item::Expr(written) => written.span,
        Item::Decl(decl) => decl.span,
        Item::Signature(signature) => signature.span,
        Item::Assign(name, value) => name.span.to(value.span),
        Item::Args(span, _) => *span,
        Item::Word(word) => word.span,
    }
}

/// The word that an item is, if it is nothing but one.
pub(super) fn item_word(item: &Item) -> Option<&str> {
    match item {
        Item::Word(word) => Some(&word.text),
        Item::Expr(written) => lone_name(written),
        _ => None,
    }
}

/// The name of a tree expression that is nothing but a name.
pub(super) fn lone_name(expr: &Expr) -> Option<&str> {
    if let ExprKind::Name(name) = &expr.kind { Some(name) } else { None }
}

/// Whether an argument could not be read, which is reported.
pub(super) fn is_unread(arg: &Arg) -> bool {
    arg.value.kind == ExprKind::Bad
}
