//! Runbooks to begin from: what `bowline new` writes. Knows their texts, and where the title stands.

use crate::syntax;
use crate::syntax::tree::{Item, Line, Stmt};
use crate::text::{Source, SourceId, Span};

/// A runbook to begin from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// What `bowline new` calls it.
    pub kind: &'static str,
    /// What it is for, in a line.
    pub about: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// Every template.
pub const TEMPLATES: &[Template] = &[
    Template {
        kind: "release",
        about: "move a service to a release, and back when it is not well",
        text: include_str!("../../templates/release.runbook"),
    },
    Template {
        kind: "incident",
        about: "from the alert to a service that is well again",
        text: include_str!("../../templates/incident.runbook"),
    },
    Template {
        kind: "migration",
        about: "change a schema while nobody writes, with the backup as the way back",
        text: include_str!("../../templates/migration.runbook"),
    },
    Template {
        kind: "rotation",
        about: "put a new credential in the place of an old one",
        text: include_str!("../../templates/rotation.runbook"),
    },
    Template {
        kind: "failover",
        about: "make a replica the primary",
        text: include_str!("../../templates/failover.runbook"),
    },
];

impl Template {
    /// Its text under another title.
    #[must_use]
    pub fn titled(&self, title: &str) -> String {
        let source = Source::new(self.kind, self.text);
        let (tree, _) = syntax::parse(SourceId::default(), &source);
        let first =
            tree.lines.iter().find_map(|line| if let Line::Stmt(stmt) = line { Some(stmt) } else { None });
        let Some(span) = first.and_then(title_span) else { return self.text.to_owned() };
        let (before, rest) = self.text.split_at(span.range().start);
        let after = rest.get(span.range().len()..).unwrap_or_default();
        format!("{before}\"{}\"{after}", verbatim(title))
    }
}

/// Where the title of a runbook stands, with its quotes.
fn title_span(first: &Stmt) -> Option<Span> {
    match first.items.first() {
        Some(Item::Expr(title)) => Some(title.span),
        _ => None,
    }
}

/// A text between quotes in which nothing is a value.
fn verbatim(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('{', "{{").replace('}', "}}")
}
