//! What follows a keyword, once it is told apart: operands and options, and what is said of one that is missing.

use super::types::noun;
use super::{GivenOption, Operand, SlotKind};
use crate::diag::listed;
use crate::syntax::tree::Item;
use crate::text::Span;
use crate::value::{Expr, Type, VarId};

/// The item of a `for`: its name, its variable, where it is declared.
pub(super) type NewItem<'a> = (&'a str, VarId, Span);

/// The items of a statement, told apart.
#[derive(Debug, Default)]
pub(super) struct Matched<'a> {
    pub(super) operands: Vec<Operand>,
    pub(super) options: Vec<GivenOption>,
    /// The name that exists inside the block only (`for x`).
    pub(super) item: Option<NewItem<'a>>,
    /// The type of the items of the list operand, and whether they are tainted.
    pub(super) item_type: Option<(Type, bool)>,
    /// Whether any value is tainted.
    pub(super) secret: bool,
    /// The first operand that is not there, and what stands in its place.
    pub(super) missing: Option<(SlotKind, Option<&'a Item>)>,
    /// Whether an option lacks what belongs to it, which is reported.
    pub(super) half_option: bool,
}

/// What stands for an operand that was reported.
pub(super) fn unknown(span: Span) -> Operand {
    Operand::Expr(Expr::Const(crate::value::Value::Null), Type::Unknown, span)
}

/// What a slot wants, as a noun.
pub(super) fn wanted(kind: SlotKind) -> String {
    match kind {
        SlotKind::Title | SlotKind::TitleOptional => "a title in quotes".into(),
        SlotKind::Any | SlotKind::AnyOptional => "a value".into(),
        SlotKind::Bool => "a condition".into(),
        SlotKind::Int => noun(&Type::Int),
        SlotKind::Content => "a text in quotes or an artifact".into(),
        SlotKind::Text | SlotKind::FixedText => "a text in quotes".into(),
        SlotKind::Group => "the name of a group, in quotes".into(),
        SlotKind::Role => "the name of a role, in quotes".into(),
        SlotKind::Channel => "the name of a channel, in quotes".into(),
        SlotKind::Target => "the name of a target".into(),
        SlotKind::Duration => noun(&Type::Duration),
        SlotKind::Regex => "a regular expression such as `/^ready$/`".into(),
        SlotKind::List => "a list".into(),
        SlotKind::OneOf(words) => format!("one of {}", listed(words)),
        SlotKind::NewName => "a new name".into(),
        SlotKind::Decl => "a name and a type, as in `link: url`".into(),
        SlotKind::Assign => "a name and a value, as in `NAME = value`".into(),
        SlotKind::Json => "a JSON value, as in `{ key: value }`".into(),
        SlotKind::Args => "values in brackets, as in `(name: value)`".into(),
        SlotKind::Signature => "a name with its parameters, as in `name(x: text)`".into(),
        SlotKind::Word(word) => format!("the word `{word}`"),
    }
}
