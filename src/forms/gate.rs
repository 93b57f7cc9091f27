//! `gate`: go or no-go.

use super::lower::{Lowering, group};
use super::shape::{BASE, FLOW};
use crate::plan::Role;
use crate::program::{BlockOf, Flow, Place, Schema, SlotKind, Stmt};
use crate::value::Type;

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "gate",
    summary: "Go or no-go",
    doc: "Every item is evaluated and shown in one table. A no holds: test again, waive it for a \
          reason and for so long, or reject. Only a reject fails. Bound by `let`, a reject is a value.",
    example: r#"gate "Pre-flight" {
  confirm "Customer messages are prepared"
  check "The disk has room" { run test -d backups }
}"#,
    stands_in: FLOW,
    operands: &[SlotKind::Title],
    block: BlockOf::Required(Place::Gate),
    flow: Flow::Through,
    gives: Some(&Type::Bool),
    ..BASE
};

/// Every item, side by side in one table.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    super::lint::gate(low, stmt);
    let id = low.open_titled(stmt);
    let verdict = stmt.bind.as_ref().map(|bind| low.var(bind.var));
    let children = low.gather(|low| low.items(&stmt.body));
    low.fill(id, group(Role::Gate { verdict }, children));
}
