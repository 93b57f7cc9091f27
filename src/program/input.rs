//! What the resolver is given: files already read and parsed, and the statement kinds.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Schema;
use crate::syntax::tree::{Block, Head, Item, Line, Stmt, Tail, Tree};
use crate::text::{Source, SourceId, Span};

/// A file with its text and its tree.
#[derive(Clone, Copy, Debug)]
pub struct Unit<'a> {
    /// Its text.
    pub source: &'a Source,
    /// What the parser made of it.
    pub tree: &'a Tree,
}

/// Where the text of a `use` or `call` led.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// To this file, which is among [`ResolveInput::files`].
    File(SourceId),
    /// To a file that could not be read or parsed; already reported, so nothing more is said.
    Broken,
}

/// Everything that [`super::resolve`] needs. It reads no file itself.
#[derive(Clone, Copy, Debug)]
pub struct ResolveInput<'a> {
    /// The runbook itself.
    pub runbook: Unit<'a>,
    /// Modules and called runbooks, by the source of their tree.
    pub files: &'a HashMap<SourceId, Unit<'a>>,
    /// Where each `use` and `call` leads: the file it stands in and its text. No entry: unknown.
    pub links: &'a HashMap<(SourceId, String), Link>,
    /// The names under `std/`, for spelling.
    pub std_modules: &'a [&'a str],
    /// Every statement kind.
    pub schemas: &'static [&'static Schema],
    /// What `bowline.toml` names; `None` where there is no such file: then any name will do.
    pub names: Option<&'a Names>,
}

/// The names that `bowline.toml` gives to people and places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The file, as messages call it.
    pub file: String,
    /// Groups of approvers.
    pub groups: BTreeMap<String, GroupSize>,
    /// Roles, the operator's included.
    pub roles: BTreeSet<String>,
    /// Channels.
    pub channels: BTreeSet<String>,
    /// Targets, `local` included.
    pub targets: BTreeSet<String>,
}

/// What of a group can be known before a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupSize {
    /// How many distinct people it has.
    pub people: usize,
    /// The line of the file that names it, from 1.
    pub line: u32,
}

/// What a file takes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The text after `use` or `call`, `./memoria`.
    pub text: String,
    /// Whether it is taken in as a module or as a runbook.
    pub kind: UseKind,
    /// The text with its quotes.
    pub span: Span,
}

/// How a file is taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UseKind {
    /// `use "…"`.
    Module,
    /// `call "…" (…)`.
    Runbook,
}

/// The files that a tree names, in order; a text with values in it names none.
#[must_use]
pub fn uses(tree: &Tree) -> Vec<Use> {
    let mut found = vec![];
    collect(&tree.lines, &mut found);
    found
}

fn collect(lines: &[Line], found: &mut Vec<Use>) {
    for line in lines {
        let mut next = if let Line::Stmt(stmt) = line { Some(stmt) } else { None };
        while let Some(stmt) = next {
            found.extend(use_of(stmt));
            collect_block(stmt.block.as_ref(), found);
            next = None;
            match stmt.tail.as_deref() {
                Some(Tail::Else(block) | Tail::Otherwise(block)) => collect_block(Some(block), found),
                Some(Tail::ElseIf(stmt)) => next = Some(stmt),
                Some(Tail::Until(_)) | None => {}
            }
        }
    }
}

fn collect_block(block: Option<&Block>, found: &mut Vec<Use>) {
    if let Some(block) = block {
        collect(&block.lines, found);
    }
}

fn use_of(stmt: &Stmt) -> Option<Use> {
    let Head::Word(word) = &stmt.head else { return None };
    let kind = match word.text.as_str() {
        "use" => UseKind::Module,
        "call" => UseKind::Runbook,
        _ => return None,
    };
    let Some(Item::Expr(name)) = stmt.items.first() else { return None };
    Some(Use { text: name.fixed_text()?, kind, span: name.span })
}
