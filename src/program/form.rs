//! How statements and options are written, for messages and pages.

use super::{OptionSpec, Part, Schema, SlotKind};

/// How a statement is written, without its block.
pub(super) fn form(schema: &Schema) -> String {
    let mut words = vec![schema.word.to_owned()];
    words.extend(schema.operands.iter().map(|slot| slot_form(*slot)));
    words.extend(schema.options.iter().map(|spec| {
        let form = option_form(spec);
        if schema.needed.contains(&spec.word) { form } else { format!("[{form}]") }
    }));
    words.join(" ")
}

/// How an option is written.
#[must_use]
pub fn option_form(spec: &OptionSpec) -> String {
    let parts = spec.parts.iter().map(|part| match part {
        Part::Word(word) => (*word).to_owned(),
        Part::Slot(kind) => slot_form(*kind),
        Part::Optional(kind) => format!("[{}]", slot_form(*kind)),
    });
    std::iter::once(spec.word.to_owned()).chain(parts).collect::<Vec<_>>().join(" ")
}

/// The words of an option, without what it is given (`best effort`).
pub(super) fn option_words(spec: &OptionSpec) -> String {
    let words = spec.parts.iter().map_while(|part| match part {
        Part::Word(word) => Some(*word),
        _ => None,
    });
    std::iter::once(spec.word).chain(words).collect::<Vec<_>>().join(" ")
}

fn slot_form(kind: SlotKind) -> String {
    match kind {
        SlotKind::Title => "\"title\"".into(),
        SlotKind::TitleOptional => "[\"title\"]".into(),
        SlotKind::Any => "value".into(),
        SlotKind::AnyOptional => "[value]".into(),
        SlotKind::Bool => "condition".into(),
        SlotKind::Int => "5".into(),
        SlotKind::Text | SlotKind::Content | SlotKind::FixedText => "\"text\"".into(),
        SlotKind::Group => "\"group\"".into(),
        SlotKind::Role => "\"role\"".into(),
        SlotKind::Channel => "\"channel\"".into(),
        SlotKind::Target => "\"target\"".into(),
        SlotKind::Duration => "10m".into(),
        SlotKind::Regex => "/pattern/".into(),
        SlotKind::List => "list".into(),
        SlotKind::OneOf(words) => words.join("|"),
        SlotKind::NewName => "name".into(),
        SlotKind::Decl => "name: type".into(),
        SlotKind::Assign => "NAME = value".into(),
        SlotKind::Json => "{ key: value }".into(),
        SlotKind::Args => "(name: value)".into(),
        SlotKind::Signature => "name(parameter: type)".into(),
        SlotKind::Word(word) => word.into(),
    }
}

/// The line of the example that shows the statement itself.
pub(super) fn example_line(schema: &Schema) -> String {
    let mut lines = schema.example.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.clone().next().unwrap_or_default();
    let begins = lines.clone().find(|line| line.starts_with(schema.word));
    let holds = || lines.find(|line| line.split(' ').any(|word| word == schema.word));
    format!("`{}`", begins.or_else(holds).unwrap_or(first))
}
