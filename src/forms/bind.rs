//! `let`: gives a value a name.

use super::lower::{Clauses, Lowering};
use super::shape::{BASE, LETS};
use crate::plan::Bind;
use crate::program::{Form, Schema, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "let",
    summary: "Gives a value a name",
    doc: "Bound once. Seen from there to the end of the runbook if every path binds it.",
    example: r#"let folder = "backups/{1 + 1}""#,
    stands_in: LETS,
    ..BASE
};

/// Computes the value.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    if let Some(bind) = bound(stmt, low) {
        low.bind(stmt.span, bind);
    }
}

/// Takes the value from the answer of an effect.
pub(crate) fn clause<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>, clauses: &mut Clauses) {
    clauses.binds.extend(bound(stmt, low));
}

fn bound(stmt: &Stmt, low: &mut Lowering<'_>) -> Option<Bind> {
    let (Form::Expr(value), Some(bind)) = (&stmt.form, &stmt.bind) else { return None };
    let value = low.expr(value);
    Some(Bind { var: low.var(bind.var), value, ty: bind.ty.clone() })
}
