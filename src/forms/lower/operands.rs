//! Reading what a resolved statement carries.

use super::Lowering;
use crate::program::{Operand, Stmt};
use crate::text::Span;
use crate::value::{Expr, Type, VarId};

/// The values among operands, in order.
fn values(operands: &[Operand]) -> impl Iterator<Item = (&Expr, &Type, Span)> {
    operands.iter().filter_map(|operand| match operand {
        Operand::Expr(value, ty, span) => Some((value, ty, *span)),
        _ => None,
    })
}

/// The value at that place among the values, in the plan's variables, with its type and place.
pub(crate) fn value(low: &mut Lowering<'_>, operands: &[Operand], at: usize) -> Option<(Expr, Type, Span)> {
    let (value, ty, span) = values(operands).nth(at)?;
    Some((low.expr(value), ty.clone(), span))
}

impl Lowering<'_> {
    /// The value at that place among the values of a statement, in the plan's variables.
    pub(crate) fn operand(&mut self, stmt: &Stmt, at: usize) -> Option<Expr> {
        value(self, &stmt.operands, at).map(|(value, ..)| value)
    }
}

/// The condition that is the first value, with its place.
pub(crate) fn condition(low: &mut Lowering<'_>, stmt: &Stmt) -> (Expr, Span) {
    value(low, &stmt.operands, 0).map_or_else(
        || (Expr::Const(crate::value::Value::Bool(true)), stmt.span),
        |(condition, _, span)| (condition, span),
    )
}

/// The fixed word or text at that place among those.
pub(crate) fn word(operands: &[Operand], at: usize) -> Option<(&str, Span)> {
    let words = operands.iter().filter_map(|operand| match operand {
        Operand::Word(word, span) => Some((word.as_str(), *span)),
        _ => None,
    });
    words.into_iter().nth(at)
}

/// As [`word`], empty where it is missing.
pub(crate) fn fixed(operands: &[Operand], at: usize) -> String {
    word(operands, at).map(|(word, _)| word.to_owned()).unwrap_or_default()
}

/// The variable that a statement declares.
#[derive(Clone, Debug)]
pub(crate) struct NewName<'p> {
    /// The program's variable.
    pub(crate) var: VarId,
    /// Its type.
    pub(crate) ty: &'p Type,
    /// Its default.
    pub(crate) default: Option<&'p Expr>,
    /// The choices, where they are a value.
    pub(crate) choices: Option<&'p Expr>,
}

/// The name that a statement declares.
pub(crate) fn new_name(operands: &[Operand]) -> Option<NewName<'_>> {
    operands.iter().find_map(|operand| match operand {
        Operand::New { var, ty, default, choices, .. } => {
            Some(NewName { var: *var, ty, default: default.as_ref(), choices: choices.as_ref() })
        }
        _ => None,
    })
}
