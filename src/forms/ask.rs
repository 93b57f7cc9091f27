//! `ask`: a person gives a value.

use super::lower::{Lowering, new_name};
use super::shape::{BASE, BY, PEOPLE};
use crate::plan::QuestionKind;
use crate::program::{BlockOf, Flow, Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "ask",
    summary: "A person gives a value",
    doc: "Binds what a person enters, checked against its type; `one of` is a menu, a `secret` is not \
          echoed.",
    example: r#"ask link: url "Link to the published entry""#,
    stands_in: PEOPLE,
    operands: &[SlotKind::Decl, SlotKind::Title],
    options: &[BY],
    block: BlockOf::Optional(Place::TextBlock),
    flow: Flow::Through,
    ..BASE
};

/// Asks for the value and binds it.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let Some(asked) = new_name(&stmt.operands) else { return };
    let choices = asked.choices.map(|choices| low.expr(choices));
    let default = asked.default.map(|default| low.expr(default));
    let var = low.var(asked.var);
    let kind = QuestionKind::Ask { name: low.name_of(var), ty: asked.ty.clone(), choices, default };
    low.question(stmt, kind, var, asked.ty.clone());
}
