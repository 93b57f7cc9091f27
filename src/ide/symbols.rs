//! The outline of a file: what has a title, and what is declared.

use super::File;
use super::standing::{Standing, blocks, every};
use crate::program::{BlockOf, Place, SlotKind};
use crate::syntax::tree::{ExprKind, Head, Item, Line, Stmt};
use crate::text::Span;

/// An entry of the outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its title or name, as written.
    pub name: String,
    /// The word that it begins with.
    pub detail: String,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it.
    pub span: Span,
    /// The title or name.
    pub selection: Span,
    /// What stands inside.
    pub children: Vec<Symbol>,
}

/// What an entry of the outline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// The file itself.
    File,
    /// An input, a constant or an answer that is asked for.
    Value,
    /// A check or step that a module defines.
    Definition,
    /// A statement that groups others.
    Group,
    /// A step or something that a person does.
    Step,
    /// Something that looks and judges.
    Judgement,
    /// Any other statement with a title.
    Other,
}

/// The outline of a file.
#[must_use]
pub fn symbols(file: File<'_>) -> Vec<Symbol> {
    let mut flat = vec![];
    every(file.tree, &mut |standing| flat.extend(symbol(file, standing)));
    nested(flat)
}

/// Puts each into the last one that holds it; they come outer ones first.
fn nested(flat: Vec<Symbol>) -> Vec<Symbol> {
    let mut open: Vec<Symbol> = vec![];
    let mut done = vec![];
    for symbol in flat {
        close(&mut open, &mut done, symbol.span.start);
        open.push(symbol);
    }
    close(&mut open, &mut done, u32::MAX);
    done
}

fn close(open: &mut Vec<Symbol>, done: &mut Vec<Symbol>, at: u32) {
    while open.last().is_some_and(|last| last.span.end <= at) {
        let Some(ended) = open.pop() else { return };
        open.last_mut().map_or(&mut *done, |outer| &mut outer.children).push(ended);
    }
}

fn symbol(file: File<'_>, standing: &Standing<'_>) -> Option<Symbol> {
    let stmt = standing.stmt;
    let (selection, declared) = named(standing)?;
    let word = super::standing::word(&stmt.head)?.to_owned();
    let written = file.source.slice(selection);
    let name = written.trim_matches(['"', '\'']).split_whitespace().collect::<Vec<_>>().join(" ");
    let name = if name.is_empty() { word.clone() } else { name };
    let kind = if declared { declared_kind(stmt) } else { kind(standing) };
    Some(Symbol { name, detail: word, kind, span: stmt.span, selection, children: vec![] })
}

/// Where the title or name of a statement stands, and whether it is a name.
fn named(standing: &Standing<'_>) -> Option<(Span, bool)> {
    let stmt = standing.stmt;
    if let (Some(bind), Some(Place::Module)) = (&stmt.bind, standing.place) {
        return Some((bind.name.span, true));
    }
    match (stmt.items.first(), standing.schema) {
        (Some(Item::Signature(signature)), _) => Some((signature.name.span, true)),
        (Some(Item::Decl(decl)), _) => Some((decl.name.span, true)),
        (Some(Item::Expr(title)), Some(schema)) => {
            let slot = schema.operands.first();
            let titled = matches!(slot, Some(SlotKind::Title | SlotKind::TitleOptional));
            let file = matches!(schema.word, "runbook" | "module" | "call");
            let text = matches!(title.kind, ExprKind::Text(_) | ExprKind::Raw(_)) || schema.word == "module";
            ((titled || file) && text).then_some((title.span, false))
        }
        (None, Some(schema)) if opens(stmt) && matches!(schema.block, BlockOf::Required(_)) => {
            match &stmt.head {
                Head::Word(word) => Some((word.span, false)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether its block takes more than a line.
fn opens(stmt: &Stmt) -> bool {
    blocks(stmt)
        .any(|block| block.lines.len() > 1 || block.lines.iter().any(|line| matches!(line, Line::Bad(_))))
}

fn declared_kind(stmt: &Stmt) -> SymbolKind {
    if matches!(stmt.items.first(), Some(Item::Signature(_))) {
        SymbolKind::Definition
    } else {
        SymbolKind::Value
    }
}

fn kind(standing: &Standing<'_>) -> SymbolKind {
    let Some(schema) = standing.schema else { return SymbolKind::Other };
    match schema.block {
        _ if matches!(schema.word, "runbook" | "module") => SymbolKind::File,
        BlockOf::Required(Place::Step | Place::Manual | Place::Undo) => SymbolKind::Step,
        BlockOf::Required(Place::Check | Place::Guard | Place::Gate | Place::DoneWhen) => {
            SymbolKind::Judgement
        }
        BlockOf::Required(_) | BlockOf::Same => SymbolKind::Group,
        BlockOf::Optional(_) | BlockOf::None if schema.judges => SymbolKind::Judgement,
        BlockOf::Optional(_) | BlockOf::None => SymbolKind::Other,
    }
}
