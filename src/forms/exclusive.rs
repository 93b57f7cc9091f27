//! `exclusive`: one run at a time.

use super::lower::Lowering;
use super::shape::{BASE, NOT_NESTED, SCOPES};
use crate::plan::{Act, ResponsePart};
use crate::program::{Operand, Program, Schema, SlotKind, Stmt};
use crate::value::{Expr, Piece, Type};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "exclusive",
    summary: "One run at a time",
    doc: "No other run with the same name, in the same journal, until this one ends. A `path` and a `url` in the name \
          stand for what they lead to: a file has one name however it is spelled, a server one whoever asks it. \
          Texts stand as written.",
    example: r#"exclusive "memoria eu""#,
    stands_in: SCOPES,
    never_inside: NOT_NESTED,
    operands: &[SlotKind::Text],
    ..BASE
};

/// Takes the lock.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    low.top_level(stmt);
    let name = stmt.operands.iter().find_map(|operand| match operand {
        Operand::Expr(name, ..) => Some(typed(low.program, name)),
        _ => None,
    });
    if let Some(name) = name {
        let name = low.expr(&name);
        low.act(stmt, Act::Lock(name), ResponsePart::Answer);
    }
}

/// The name with the types of the paths and URLs in it, which their values do not tell any more.
fn typed(program: &Program, name: &Expr) -> Expr {
    match name {
        Expr::At(span, inner) => Expr::At(*span, Box::new(typed(program, inner))),
        Expr::Text(pieces) => {
            let piece = |piece: &Piece| match piece {
                Piece::Value(value) => Piece::Value(typed(program, value)),
                Piece::Text(text) => Piece::Text(text.clone()),
            };
            Expr::Text(pieces.iter().map(piece).collect())
        }
        value => match kind(program, value) {
            Some(ty @ (Type::Path | Type::Url)) => Expr::Convert(ty.clone(), Box::new(value.clone())),
            _ => value.clone(),
        },
    }
}

/// The type of a value that has one by its name.
fn kind<'p>(program: &'p Program, value: &'p Expr) -> Option<&'p Type> {
    match value {
        Expr::At(_, inner) | Expr::Convert(Type::Text, inner) => kind(program, inner),
        Expr::Convert(ty, _) => Some(ty),
        Expr::Var(var) => program.vars.get(var.0 as usize).map(|var| &var.ty),
        _ => None,
    }
}
