//! `evidence`: keeps a value or a file with the run.

use super::lower::{Lowering, group};
use super::shape::{BASE, RECORDING};
use crate::diag::codes;
use crate::plan::{Act, ResponsePart, Role};
use crate::program::{OptionSpec, Part, Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "evidence",
    summary: "Keeps a value or a file with the run",
    doc: "Adds a value to the record of the run; of an artifact the file too. `evidence artifact \"path\"` \
          takes the file directly.",
    example: r#"check "Space" {
  let free = run df --output=avail backups
  evidence free
}"#,
    stands_in: RECORDING,
    operands: &[SlotKind::AnyOptional],
    options: &[OptionSpec {
        word: "artifact",
        parts: &[Part::Slot(SlotKind::Text)],
        doc: "Keeps the file of that path, which must exist.",
    }],
    ..BASE
};

/// Keeps a value, or first hashes the file that is to be kept.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    if let Some(kept) = low.operand(stmt, 0) {
        return low.act(stmt, Act::Evidence(kept), ResponsePart::File);
    }
    let Some(path) = low.option(&stmt.options, "artifact") else {
        if low.is_line_unread(stmt.span) {
            return;
        }
        let head = low.head(stmt.span);
        let help = "write `evidence report` or `evidence artifact \"path\"`";
        return low.error(codes::NEEDS_OPTION, head, "`evidence` needs a value or a file", help);
    };
    let id = low.open(stmt.span);
    let children = low.gather(|low| {
        let kept = low.produced(stmt.span, path);
        low.act(stmt, Act::Evidence(kept), ResponsePart::File);
    });
    low.fill(id, group(Role::Block, children));
}
