//! `env`: a variable of the environment.

use super::lower::{Clauses, Lowering};
use super::shape::BASE;
use crate::diag::codes;
use crate::plan::NamedText;
use crate::program::{Operand, Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "env",
    summary: "A variable of the environment",
    doc: "Sets one variable in the environment of the program. In a step it holds for every program after \
          it, those of its rollback too. The way for a secret to travel.",
    example: r#"env DATABASE_URL = "sqlite:///memoria.db""#,
    stands_in: &[Place::RunBlock, Place::FenceBlock, Place::Step, Place::Manual, Place::Undo],
    operands: &[SlotKind::Assign],
    ..BASE
};

/// For every effect of the step from here on.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let assigned = assigned(stmt, low);
    low.context.env.extend(assigned);
}

/// For one effect.
pub(crate) fn clause<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>, clauses: &mut Clauses) {
    let Some(assigned) = assigned(stmt, low) else { return };
    if clauses.env.iter().any(|known| known.name == assigned.name) {
        let message = format!("`{}` is set twice for this program", assigned.name);
        let head = low.head(stmt.span);
        low.error(codes::TWICE, head, message, "keep one of them");
    }
    clauses.env.push(assigned);
}

fn assigned(stmt: &Stmt, low: &mut Lowering<'_>) -> Option<NamedText> {
    stmt.operands.iter().find_map(|operand| match operand {
        Operand::Assign(name, value, ..) => Some(NamedText { name: name.clone(), value: low.expr(value) }),
        _ => None,
    })
}
