//! `repeat`: again until a condition holds.

use super::lower::{Lowering, has};
use super::shape::{BASE, FLOW};
use crate::diag::codes;
use crate::plan::{Loop, Op};
use crate::program::{BlockOf, Flow, OptionSpec, Part, Schema, SlotKind, Stmt, Tail, TailOf};
use crate::text::Span;

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "repeat",
    summary: "Again until a condition holds",
    doc: "Does its block, at most so many times, until the condition holds; each turn has values of its own \
          and what follows sees those of the last.",
    example: r#"repeat "Find and mend" at most 5 {
  let left = look run memoryos drift count
  log "{left} left"
} until left == "0""#,
    stands_in: FLOW,
    operands: &[SlotKind::Title],
    options: &[OptionSpec {
        word: "at",
        parts: &[Part::Word("most"), Part::Slot(SlotKind::Int)],
        doc: "The most turns; failed when none met the condition.",
    }],
    needed: &["at"],
    block: BlockOf::Same,
    tail: TailOf::Until,
    flow: Flow::LastTurn,
    ..BASE
};

/// The loop; the checks that `until` asks stand at the end of each turn.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let id = low.open_titled(stmt);
    let Some(at_most) = low.option_number(&stmt.options, "at", 1, 1_000_000) else {
        if !has(&stmt.options, "at") {
            low.needs(stmt.span, "repeat", "at most 5");
        }
        return;
    };
    let Some(Tail::Until(calls, until)) = stmt.tail.as_deref() else {
        let end = Span { start: stmt.span.end, ..stmt.span };
        if low.is_line_unread(stmt.span) || low.is_line_unread(end) {
            return;
        }
        let head = low.head(stmt.span);
        let help = "write `} until condition` after its block";
        return low.error(codes::NEEDS_OPTION, head, "`repeat` needs `until`", help);
    };
    let body = low.group(stmt.span, |low| {
        low.stmts(&stmt.body);
        calls.iter().for_each(|call| low.ask(call));
    });
    let until = low.expr(until);
    low.fill(id, Op::Loop(Box::new(Loop::Repeat { at_most, body, until })));
}
