//! Names of `bowline.toml` in a runbook: groups, roles, channels, targets. Without that file any name will do.

use std::fmt::Display;

use super::resolver::Resolver;
use super::{Names, Operand, SlotKind};
use crate::diag::{Diagnostic, codes, nearest};
use crate::syntax::tree;
use crate::text::Span;

impl<'a> Resolver<'a> {
    /// A fixed text that names something of `bowline.toml`.
    pub(super) fn named_slot(
        &mut self,
        kind: SlotKind,
        written: &'a tree::Expr,
        takes: &dyn Display,
    ) -> Option<Operand> {
        let operand = self.fixed_slot(written, takes)?;
        if let (Some(names), Operand::Word(name, span)) = (self.input.names, &operand)
            && let Some(report) = unknown(names, kind, name, *span)
        {
            self.report(report);
        }
        Some(operand)
    }

    /// The name of a target may be a value; one that is fixed is looked up.
    pub(super) fn known_target(&mut self, written: &'a tree::Expr) {
        if let (Some(names), Some(name)) = (self.input.names, written.fixed_text())
            && let Some(report) = unknown(names, SlotKind::Target, &name, written.span)
        {
            self.report(report);
        }
    }
}

/// The report about a name that the file does not have.
fn unknown(names: &Names, kind: SlotKind, name: &str, span: Span) -> Option<Diagnostic> {
    let (known, word): (Vec<&str>, _) = match kind {
        SlotKind::Group => (names.groups.keys().map(String::as_str).collect(), "group"),
        SlotKind::Role => (names.roles.iter().map(String::as_str).collect(), "role"),
        SlotKind::Target => (names.targets.iter().map(String::as_str).collect(), "target"),
        _ => (names.channels.iter().map(String::as_str).collect(), "channel"),
    };
    if known.contains(&name) {
        return None;
    }
    let message = format!("{} has no {word} \"{name}\"", names.file);
    let report = match kind {
        SlotKind::Group => Diagnostic::error(codes::UNKNOWN_GROUP, span, message),
        SlotKind::Role => Diagnostic::error(codes::UNKNOWN_ROLE, span, message),
        SlotKind::Target => Diagnostic::error(codes::UNKNOWN_TARGET, span, message),
        _ => Diagnostic::warning(codes::UNKNOWN_CHANNEL, span, message)
            .label("will be shown, for somebody to copy"),
    };
    Some(match nearest(name, known) {
        Some(near) => report.help(format!("did you mean \"{near}\"?")).guess(
            format!("write \"{near}\""),
            span,
            format!("\"{near}\""),
        ),
        None => report.help(format!("add it there: {}", entry(kind, name))),
    })
}

/// How a name is set up.
fn entry(kind: SlotKind, name: &str) -> String {
    let quoted = name.chars().any(|c| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
    let key = if quoted || name.is_empty() { format!("\"{name}\"") } else { name.to_owned() };
    match kind {
        SlotKind::Group => format!("`{key} = [\"ana\", \"bo\"]` under `[groups]`"),
        SlotKind::Role => format!("`{key} = \"ana\"` under `[roles]`"),
        SlotKind::Target => format!("`{key} = {{ ssh = \"user@host\" }}` under `[targets]`"),
        _ => format!("`{key} = {{ run = [\"program\"] }}` or `{{ url = \"https://…\" }}` under `[channels]`"),
    }
}
