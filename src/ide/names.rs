//! From a name to where it gets its meaning, to where else it stands, and to another name.
//!
//! A thing is known by where its name is bound, in whatever program that file is seen: so what a module offers is found in
//! all files that use it.

use super::View;
use crate::program::{Mention, Named};
use crate::syntax::is_reserved;
use crate::syntax::tree::{Arg, Expr, ExprKind, Head, Item, Line, Tree};
use crate::text::{SourceId, Span};

/// Where the name of a thing is bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, by its name.
    pub file: String,
    /// The name there.
    pub span: Span,
}

/// The name at a byte of the file that is looked at.
#[must_use]
pub fn named_at(view: &View<'_>, offset: u32) -> Option<Mention> {
    let here = SourceId::default();
    let mentions =
        view.index.mentions.iter().filter(|one| one.span.source == here && one.span.touches(offset));
    mentions.min_by_key(|one| one.span.end - one.span.start).copied()
}

/// Where a thing gets its name: one place, or one in each branch. Of a module or runbook the beginning of its file.
#[must_use]
pub fn definition(view: &View<'_>, named: Named) -> Vec<Span> {
    let bindings: Vec<_> = of(view, named).filter(|one| one.binds).map(|one| one.span).collect();
    match named {
        _ if !bindings.is_empty() => bindings,
        Named::File(source) => vec![Span::new(source, 0, 0)],
        Named::Var(var) => {
            view.index.var(var).map(|var| Span { end: var.span.start, ..var.span }).into_iter().collect()
        }
        Named::Def(def) => {
            view.index.def(def).map(|def| Span { end: def.span.start, ..def.span }).into_iter().collect()
        }
        Named::Constant(_) => vec![],
    }
}

fn of<'v>(view: &View<'v>, named: Named) -> impl Iterator<Item = &'v Mention> {
    view.index.mentions.iter().filter(move |one| one.named == named)
}

impl Place {
    /// Where a thing gets its name first; `None` for what has no name of its own (a module is its file).
    #[must_use]
    pub fn of(view: &View<'_>, named: Named) -> Option<Self> {
        let span = of(view, named).find(|one| one.binds)?.span;
        Some(Self { file: view.sources.get(span.source)?.name().to_owned(), span })
    }
}

/// Where the name of a thing stands in the files of a program, its bindings included.
#[must_use]
pub fn mentions_of(view: &View<'_>, place: &Place) -> Vec<Mention> {
    let is_it = |one: &&Mention| {
        let file = view.sources.get(one.span.source).is_some_and(|source| source.name() == place.file);
        one.binds && file && (one.span.start, one.span.end) == (place.span.start, place.span.end)
    };
    let named = view.index.mentions.iter().find(is_it).map(|one| one.named);
    named.map_or_else(Vec::new, |named| of(view, named).copied().collect())
}

/// What a place reads after a renaming.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamed {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// The edits that give a thing another name in the files of a program.
///
/// # Errors
/// Where the new name cannot be one; in words.
pub fn rename(view: &View<'_>, place: &Place, new: &str) -> Result<Vec<Renamed>, String> {
    check_name(new)?;
    let brought = brought(view);
    let edit = |one: Mention| {
        let old = view.sources.get(one.span.source).map(|source| source.slice(one.span)).unwrap_or_default();
        let text = if brought.contains(&one.span) { format!("{old}: {new}") } else { new.to_owned() };
        Renamed { span: one.span, text }
    };
    Ok(mentions_of(view, place).into_iter().map(edit).collect())
}

fn check_name(new: &str) -> Result<(), String> {
    let first = new.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if !first || !new.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(format!("`{new}` is no name: letters, digits and `_`, no digit first"));
    }
    if is_reserved(new) {
        return Err(format!("`{new}` is a word of the language and cannot be a name"));
    }
    Ok(())
}

/// Where a value is handed on under its own name, `(token)`: that name stays, whatever the value is called.
fn brought(view: &View<'_>) -> Vec<Span> {
    let mut found = vec![];
    for tree in view.trees {
        of_lines(tree, &mut found);
    }
    found
}

fn of_lines(tree: &Tree, found: &mut Vec<Span>) {
    let mut pending: Vec<&Line> = tree.lines.iter().collect();
    while let Some(line) = pending.pop() {
        let Line::Stmt(stmt) = line else { continue };
        if let Head::Fence(fence) = &stmt.head {
            found.extend(fence.args.iter().filter_map(lone));
        }
        for item in &stmt.items {
            if let Item::Args(_, args) = item {
                found.extend(args.iter().filter_map(lone));
            }
        }
        pending.extend(super::standing::blocks(stmt).flat_map(|block| &block.lines));
    }
}

fn lone(arg: &Arg) -> Option<Span> {
    match (&arg.name, &arg.value) {
        (None, Expr { span, kind: ExprKind::Name(_) }) => Some(*span),
        _ => None,
    }
}
