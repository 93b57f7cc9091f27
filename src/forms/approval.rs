//! `approval`: distinct people say yes.

use super::lower::{Lowering, given, has, word as named};
use super::shape::{BASE, GATED, WITHIN};
use crate::diag::{Diagnostic, codes};
use crate::plan::{QuestionKind, Quorum};
use crate::program::{BlockOf, GroupSize, Names, OptionSpec, Part, Place, Schema, SlotKind, Stmt};
use crate::text::Span;
use crate::value::Type;

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "approval",
    summary: "Distinct people say yes",
    doc: "So many distinct people of a group, not the operator unless `self approval`. One rejection ends \
          it. Bound by `let`, a no is a value.",
    example: r#"approval "Start the upgrade" need 2 from "release-managers" within 4h"#,
    stands_in: GATED,
    operands: &[SlotKind::Title],
    options: &[
        OptionSpec {
            word: "need",
            parts: &[Part::Slot(SlotKind::Int), Part::Word("from"), Part::Slot(SlotKind::Group)],
            doc: "How many people of which group of `bowline.toml`.",
        },
        OptionSpec {
            word: "or",
            parts: &[Part::Slot(SlotKind::Int), Part::Word("from"), Part::Slot(SlotKind::Group)],
            doc: "So many of another group will do instead.",
        },
        WITHIN,
        OptionSpec { word: "showing", parts: &[Part::Slot(SlotKind::Any)], doc: "What is approved." },
        OptionSpec {
            word: "self",
            parts: &[Part::Word("approval")],
            doc: "The operator may be one of them.",
        },
    ],
    needed: &["need"],
    block: BlockOf::Optional(Place::TextBlock),
    gives: Some(&Type::Bool),
    ..BASE
};

/// Asks the groups.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let quorum: Vec<_> = ["need", "or"].iter().filter_map(|word| quorum(stmt, low, word)).collect();
    if !has(&stmt.options, "need") {
        return low.needs(stmt.span, "approval", "need 1 from \"group\"");
    }
    let kind = QuestionKind::Approval {
        quorum,
        within: low.option(&stmt.options, "within"),
        showing: low.option(&stmt.options, "showing"),
        self_approval: has(&stmt.options, "self"),
    };
    low.decision(stmt, kind);
}

fn quorum(stmt: &Stmt, low: &mut Lowering<'_>, word: &str) -> Option<Quorum> {
    let option = given(&stmt.options, word)?;
    let need = low.number(&option.values, "the number of people", 1, 100)?;
    let (from, span) = named(&option.values, 0)?;
    if let Some(report) = low.names().and_then(|names| too_small(names, from, need, span)) {
        low.report(report);
    }
    Some(Quorum { need, from: from.to_owned() })
}

/// A group that cannot give so many.
fn too_small(names: &Names, group: &str, need: u32, span: Span) -> Option<Diagnostic> {
    let GroupSize { people, line } = *names.groups.get(group)?;
    if people >= need as usize {
        return None;
    }
    let message = match people {
        0 => format!("the group \"{group}\" is empty: nobody can approve"),
        1 => format!("the group \"{group}\" has 1 person, and {need} are needed"),
        _ => format!("the group \"{group}\" has {people} people, and {need} are needed"),
    };
    let help = format!("name more people in line {line} of {}, or ask for fewer", names.file);
    Some(Diagnostic::warning(codes::SMALL_GROUP, span, message).help(help))
}
