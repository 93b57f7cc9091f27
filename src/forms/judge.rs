//! `judge`: a person compares and judges.

use super::lower::Lowering;
use super::shape::{BASE, BY, JUDGING};
use crate::plan::QuestionKind;
use crate::program::{BlockOf, OptionSpec, Part, Place, Schema, SlotKind, Stmt};
use crate::value::Type;

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "judge",
    summary: "A person compares and judges",
    doc: "Shows a value, and what it should look like, to a person who answers pass or fail with a finding.",
    example: r#"judge "The samples agree" showing "3 of 3" expected "all of them""#,
    stands_in: JUDGING,
    operands: &[SlotKind::Title],
    options: &[
        OptionSpec { word: "showing", parts: &[Part::Slot(SlotKind::Any)], doc: "What is judged." },
        OptionSpec {
            word: "expected",
            parts: &[Part::Slot(SlotKind::Text)],
            doc: "What it should look like.",
        },
        BY,
    ],
    needed: &["showing"],
    block: BlockOf::Optional(Place::TextBlock),
    gives: Some(&Type::Bool),
    judges: true,
    ..BASE
};

/// Shows the value and asks for a finding.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let Some(showing) = low.option(&stmt.options, "showing") else {
        return low.needs(stmt.span, "judge", "showing value");
    };
    let expected = low.option(&stmt.options, "expected");
    low.decision(stmt, QuestionKind::Judge { showing, expected });
}
