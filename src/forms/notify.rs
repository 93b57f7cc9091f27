//! `notify`: says something on a channel.

use super::lower::{Lowering, fixed};
use super::shape::{BASE, RECORDING};
use crate::plan::{Act, ResponsePart};
use crate::program::{Schema, SlotKind, Stmt};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "notify",
    summary: "Says something on a channel",
    doc: "Sends the text to a channel of `bowline.toml`; where none is set up it is shown to be copied. \
          Recorded either way. A notice that is not taken is reported and changes nothing else.",
    example: r#"notify "release" "v1.0.0 is out""#,
    stands_in: RECORDING,
    operands: &[SlotKind::Channel, SlotKind::Text],
    ..BASE
};

/// Says it on the channel.
pub(crate) fn lower<'p>(stmt: &'p Stmt, low: &mut Lowering<'p>) {
    let channel = fixed(&stmt.operands, 0);
    if let Some(text) = low.operand(stmt, 0) {
        low.act(stmt, Act::Notify { channel, text }, ResponsePart::Answer);
    }
}
