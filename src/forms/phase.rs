//! `phase`: groups what belongs together.

use super::lower::{Lowering, group};
use super::shape::{BASE, FLOW};
use crate::plan::{PhaseScope, Role};
use crate::program::{BlockOf, Flow, OptionSpec, Part, Place, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "phase",
    summary: "Groups what belongs together",
    doc: "The scope of guards and restores. `window` says when its steps may start; undo always may.",
    example: r#"phase "Upgrade" window "Sat 02:00-04:00 Europe/Paris" {
  check "Ready" { run memoryos ready }
}"#,
    stands_in: FLOW,
    operands: &[SlotKind::Title],
    options: &[OptionSpec {
        word: "window",
        parts: &[Part::Slot(SlotKind::FixedText)],
        doc: "No step starts outside it: `Sat 02:00-04:00 Europe/Paris`.",
    }],
    block: BlockOf::Required(Place::Phase),
    flow: Flow::Through,
    ..BASE
};

/// A scope of its own.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let id = low.open_titled(stmt);
    let window = low.window(&stmt.options, "window");
    low.phases += 1;
    low.watches.push(vec![]);
    let children = low.gather(|low| low.stmts(&stmt.body));
    let watches = low.watches.pop().unwrap_or_default();
    low.phases -= 1;
    low.fill(id, group(Role::Phase(PhaseScope { watches, window }), children));
}
