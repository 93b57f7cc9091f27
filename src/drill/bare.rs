//! Expressions without what does not count: their places.

use crate::value::Expr;

/// An expression without its places and the conversion of a value into its own type.
pub(super) fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::At(_, of) => bare(of),
        Expr::Convert(_, of) if matches!(bare(of), Expr::Var(_)) => bare(of),
        _ => expr,
    }
}

/// An expression without its places, so that equal ones are equal.
pub(super) fn clean(expr: &Expr) -> Expr {
    let mut expr = expr.clone();
    strip(&mut expr);
    expr
}

fn strip(expr: &mut Expr) {
    while let Expr::At(_, of) = expr {
        *expr = (**of).clone();
    }
    expr.parts_mut(&mut strip);
}
