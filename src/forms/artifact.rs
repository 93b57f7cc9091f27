//! `artifact`: a file that was produced, with its SHA-256.

use super::lower::Lowering;
use super::shape::{BASE, EFFECTS};
use crate::plan::{Act, ResponsePart};
use crate::program::{Schema, SlotKind, Stmt};
use crate::value::Type;

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "artifact",
    summary: "A file that was produced, with its SHA-256",
    doc: "The file must exist; the value carries its hash, which is checked again whenever the value is \
          used. Kept with the run.",
    example: r#"step "Back up" {
  run touch backup.json
  let export = artifact "backup.json"
  rollback none "only leaves a file"
}"#,
    stands_in: EFFECTS,
    operands: &[SlotKind::Text],
    gives: Some(&Type::Artifact),
    judges: true,
    ..BASE
};

/// Hashes the file, and binds it.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    if let Some(path) = low.operand(stmt, 0) {
        low.act(stmt, Act::Artifact(path), ResponsePart::File);
    }
}
