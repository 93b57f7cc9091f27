//! `choose`: a person picks how it goes on.

use super::lower::{Lowering, fixed, group, text};
use super::shape::{BASE, BY, FLOW};
use crate::diag::{Diagnostic, codes};
use crate::plan::{Arm, Op, QuestionKind, Role};
use crate::program::{BlockOf, Flow, Place, Schema, SlotKind, Stmt};
use crate::text::Span;
use crate::value::{BinaryOp, Expr, Type, VarId};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "choose",
    summary: "A person picks how it goes on",
    doc: "Asks a question whose answers are blocks; only the picked one is done.",
    example: r#"choose "Parity is off. What now?" {
  answer "Keep both" { end "dual run kept" }
  answer "Stop" { fail "parity is off" }
}"#,
    stands_in: FLOW,
    operands: &[SlotKind::Title],
    options: &[BY],
    block: BlockOf::Required(Place::Choose),
    flow: Flow::Branches,
    ..BASE
};

/// Asks, then goes the way of the answer.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    low.tell_apart(&stmt.body);
    let answers: Vec<_> = stmt.body.iter().map(|answer| fixed(&answer.operands, 0)).collect();
    let id = low.open(stmt.span);
    let children = low.gather(|low| {
        let chosen = low.fresh("chosen", Type::Text);
        low.question(stmt, QuestionKind::Choose { answers: answers.clone() }, chosen, Type::Text);
        let branch = low.open(stmt.span);
        let arms =
            stmt.body.iter().zip(&answers).map(|(answer, name)| arm(low, chosen, answer, name)).collect();
        low.fill(branch, Op::Branch(arms));
    });
    low.fill(id, group(Role::Block, children));
}

impl Lowering<'_> {
    /// Of two answers with one text nobody could pick the second.
    fn tell_apart(&mut self, answers: &[Stmt]) {
        let mut known: Vec<(String, Span)> = vec![];
        for answer in answers {
            let (name, head) = (fixed(&answer.operands, 0), self.head(answer.span));
            if let Some((_, first)) = known.iter().find(|(other, _)| *other == name) {
                let message = format!("there are two answers `{name}`");
                let report = Diagnostic::error(codes::EQUAL_TITLES, head, message);
                self.report(report.also(*first, "the other one").help("give one of them another text"));
            }
            known.push((name, head));
        }
    }
}

fn arm<'p>(low: &mut Lowering<'p>, chosen: VarId, answer: &'p Stmt, name: &str) -> Arm {
    let is = Expr::Binary(BinaryOp::Eq, Box::new(Expr::Var(chosen)), Box::new(text(name)));
    let body = low.block(answer.span, &answer.body);
    low.entitle(body, Some(text(name)), answer.prose.as_ref());
    Arm { when: Some(is), body }
}
