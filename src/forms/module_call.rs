//! `module.step`: does a step, or asks a check, of a module.

use super::lower::Lowering;
use super::shape::{BASE, EVERYWHERE};
use crate::program::{DefKind, Form, Schema, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "module.step",
    summary: "Does a step, or asks a check, of a module",
    doc: "A module step stands where a step stands and brings its rollback. A step may consist of exactly \
          one module step; what it says about undo then replaces what the module says. Inside `rollback` and \
          `restore` it is called without its own. A module check may be asked wherever one looks.",
    example: r#"tools.restart("eu")"#,
    stands_in: EVERYWHERE,
    ..BASE
};

/// A module step as a step, a module check as a look.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let Form::Call(call) = &stmt.form else { return };
    match low.def(call).map(|def| def.kind) {
        Some(DefKind::Check) => low.ask(call),
        Some(DefKind::Step) => low.module_step(stmt, call),
        Some(DefKind::Runbook) | None => {}
    }
}
