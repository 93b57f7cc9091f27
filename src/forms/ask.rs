//! `ask`: a person gives a value.

use super::shape::{BASE, BY, PEOPLE};
use crate::program::{BlockOf, Flow, Place, Schema, SlotKind};

/// What the statement declares.
pub(crate) static SCHEMA: Schema = Schema {
    word: "ask",
    summary: "A person gives a value",
    doc: "Binds what a person enters, checked against its type; `one of` is a menu, a `secret` is not \
          echoed.",
    example: r#"ask link: url "Link to the published entry""#,
    stands_in: PEOPLE,
    operands: &[SlotKind::Decl, SlotKind::Title],
    options: &[BY],
    block: BlockOf::Optional(Place::TextBlock),
    flow: Flow::Through,
    ..BASE
};
