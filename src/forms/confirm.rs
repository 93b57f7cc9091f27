//! `confirm`: a person confirms.

use super::lower::{Lowering, has};
use super::shape::{BASE, BY, CONFIRMING, flag};
use crate::plan::QuestionKind;
use crate::program::{BlockOf, OptionSpec, Part, Place, Schema, SlotKind, Stmt};
use crate::value::Type;

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "confirm",
    summary: "A person confirms",
    doc: "Asks for a yes; three tries. `typing` wants a text typed exactly. `optional` takes \"not \
          applicable\", with a reason. A no fails the run, or holds in a gate; bound by `let` it is a value.",
    example: r#"confirm "On-call covers the window" by "operator""#,
    stands_in: CONFIRMING,
    operands: &[SlotKind::Title],
    options: &[
        OptionSpec {
            word: "typing",
            parts: &[Part::Slot(SlotKind::Text)],
            doc: "The text that must be typed exactly.",
        },
        flag("optional", "May be answered as not applicable, with a reason."),
        BY,
    ],
    block: BlockOf::Optional(Place::TextBlock),
    gives: Some(&Type::Bool),
    judges: true,
    ..BASE
};

/// Asks for a yes.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let typing = low.option(&stmt.options, "typing");
    let optional = has(&stmt.options, "optional");
    low.decision(stmt, QuestionKind::Confirm { typing, optional });
}
