//! Conditions as an author would write them: variables by their names, operators spelled.

use crate::plan::Plan;
use crate::value::functions::TABLE;
use crate::value::{BinaryOp, Expr, Piece, Value};

/// An expression with its variables by name.
pub(super) fn named(plan: &Plan, expr: &Expr) -> String {
    Namer { plan }.at(expr, 0)
}

/// The same for other views.
#[must_use]
pub fn condition_as_written(plan: &Plan, expr: &Expr) -> String {
    named(plan, expr)
}

struct Namer<'a> {
    plan: &'a Plan,
}

impl Namer<'_> {
    /// `above` is how tightly the operator around it binds.
    fn at(&self, expr: &Expr, above: u8) -> String {
        match expr {
            Expr::At(_, inner) | Expr::Convert(_, inner) => self.at(inner, above),
            Expr::Const(Value::Text(text)) => format!("\"{text}\""),
            Expr::Const(value) => value.to_text(),
            Expr::Var(var) => self.plan.var(*var).map_or("?", |variable| &variable.name).to_owned(),
            Expr::Field(inner, name) => format!("{}.{name}", self.at(inner, 9)),
            Expr::Index(inner, key) => format!("{}[{}]", self.at(inner, 9), self.at(key, 0)),
            Expr::Text(pieces) => format!("\"{}\"", self.pieces(pieces)),
            Expr::List(items) => format!("[{}]", self.list(items)),
            Expr::Map(entries) => self.map(entries),
            Expr::Not(inner) => format!("not {}", self.at(inner, 3)),
            Expr::Neg(inner) => format!("-{}", self.at(inner, 8)),
            Expr::Binary(op, left, right) => self.binary(*op, left, right, above),
            Expr::If(condition, then, other) => {
                format!("if {} then {} else {}", self.at(condition, 0), self.at(then, 0), self.at(other, 0))
            }
            Expr::Call(function, args) => {
                let name = TABLE.iter().find(|spec| spec.function == *function).map_or("?", |spec| spec.name);
                format!("{name}({})", self.list(args))
            }
            Expr::Jq { input, program, .. } => format!("jq({}, '{program}')", self.at(input, 0)),
        }
    }

    fn list(&self, items: &[Expr]) -> String {
        items.iter().map(|item| self.at(item, 0)).collect::<Vec<_>>().join(", ")
    }

    fn map(&self, entries: &[(String, Expr)]) -> String {
        let each = entries.iter().map(|(key, value)| format!("{key}: {}", self.at(value, 0)));
        format!("{{ {} }}", each.collect::<Vec<_>>().join(", "))
    }

    fn pieces(&self, pieces: &[Piece]) -> String {
        let each = pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Value(value) => format!("{{{}}}", self.at(value, 0)),
        });
        each.collect()
    }

    fn binary(&self, op: BinaryOp, left: &Expr, right: &Expr, above: u8) -> String {
        let (word, tight) = (op.word(), tightness(op));
        let text = format!("{} {word} {}", self.at(left, tight), self.at(right, tight + 1));
        if tight < above { format!("({text})") } else { text }
    }
}

/// How tightly an operator binds.
fn tightness(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Or => 1,
        BinaryOp::And => 2,
        BinaryOp::Eq
        | BinaryOp::Ne
        | BinaryOp::Lt
        | BinaryOp::Le
        | BinaryOp::Gt
        | BinaryOp::Ge
        | BinaryOp::In
        | BinaryOp::NotIn
        | BinaryOp::Contains
        | BinaryOp::Matches => 4,
        BinaryOp::Add | BinaryOp::Sub => 5,
        BinaryOp::Mul | BinaryOp::Div => 6,
    }
}
