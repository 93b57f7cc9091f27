//! `scenario`: a test of this runbook.

use std::collections::HashMap;

use super::lower::{Lowering, fixed};
use super::shape::{BASE, NOT_NESTED};
use crate::plan::scenario::{Expected, Given, Outcome, Says, Scenario, With};
use crate::program::{BlockOf, Operand, Place, Schema, SlotKind, Stmt};
use crate::text::Span;
use crate::value::{Expr, Value, eval, show};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "scenario",
    summary: "A test of this runbook",
    doc: "Run by `bowline test`; not part of the plan.",
    example: r#"scenario "A failing migration is undone" {
  given "Migrate" failure
  undone "Migrate"
  ends "rolled back"
}"#,
    stands_in: &[Place::Runbook],
    never_inside: NOT_NESTED,
    operands: &[SlotKind::Title],
    block: BlockOf::Required(Place::Scenario),
    ..BASE
};

/// Keeps what it says beside the plan. That of a called runbook is a test of that one.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    if low.called > 0 {
        return;
    }
    let title = match stmt.operands.first() {
        Some(Operand::Expr(title, ..)) => fixed_value(title).map(|title| show(&title)).unwrap_or_default(),
        _ => String::new(),
    };
    let mut scenario =
        Scenario { title, span: low.head(stmt.span), with: vec![], given: vec![], expected: vec![] };
    for line in &stmt.body {
        let (place, span) = (fixed(&line.operands, 0), low.head(line.span));
        let expected = |what| Expected { what, span };
        match line.schema.word {
            "with" => scenario.with.extend(line.operands.iter().filter_map(|operand| with(operand, span))),
            "given" => scenario.given.push(Given { place, says: says(line), span }),
            "ran" => scenario.expected.push(expected(Outcome::Ran(place))),
            "undone" => scenario.expected.push(expected(Outcome::Undone(place))),
            "untouched" => scenario.expected.push(expected(Outcome::Untouched(place))),
            "ends" => scenario.expected.push(expected(Outcome::Ends(place))),
            _ => {}
        }
    }
    low.scenarios.push(scenario);
}

fn with(operand: &Operand, span: Span) -> Option<With> {
    let Operand::Assign(name, value, ..) = operand else { return None };
    Some(With { name: name.clone(), value: fixed_value(value), span })
}

/// How something answers: the first of its options.
fn says(line: &Stmt) -> Option<Says> {
    let option = line.options.first()?;
    if option.word != "answers" {
        return Some(Says::Injected(option.word.to_owned()));
    }
    option.values.iter().find_map(|operand| match operand {
        Operand::Expr(value, ..) => fixed_value(value).map(Says::Answer),
        _ => None,
    })
}

/// A value in which nothing has to be looked up.
fn fixed_value(expr: &Expr) -> Option<Value> {
    eval(expr, &HashMap::new()).ok()
}
