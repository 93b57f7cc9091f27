//! Statements with their kinds and the places where they stand.

use crate::diag::retired::{Of, find};
use crate::forms;
use crate::program::{BlockOf, Place, Schema};
use crate::syntax::tree::{Block, Head, Line, Stmt, Tail, Tree};
use crate::text::Span;

/// A statement where it stands.
#[derive(Clone, Copy)]
pub(super) struct Standing<'t> {
    pub(super) stmt: &'t Stmt,
    /// Its kind; `None` for a word that begins no statement.
    pub(super) schema: Option<&'static Schema>,
    /// The place that it stands in; `None` inside of what is not known.
    pub(super) place: Option<Place>,
}

impl<'t> Standing<'t> {
    fn of(stmt: &'t Stmt, place: Option<Place>) -> Self {
        Self { stmt, schema: word(&stmt.head).and_then(|word| schema(word, place)), place }
    }

    /// The place that its block is.
    pub(super) fn inside(&self) -> Option<Place> {
        match self.schema?.block {
            BlockOf::Optional(place) | BlockOf::Required(place) => Some(place),
            BlockOf::Same | BlockOf::None => self.place,
        }
    }
}

/// The word under which a statement's kind is found.
pub(super) fn word(head: &Head) -> Option<&str> {
    Some(match head {
        Head::Word(word) => &word.text,
        Head::Run { .. } => "run",
        Head::Fence(_) => "fence",
        Head::Prose(_) => "prose",
        Head::Call(_) => "module.step",
        Head::Expr(_) => "let",
        Head::Unread(_) => return None,
    })
}

/// The kind that a word means at a place; elsewhere any of that word.
pub(super) fn schema(word: &str, place: Option<Place>) -> Option<&'static Schema> {
    let word = find(Of::Keyword, word).map_or(word, |retired| retired.by);
    let mut kinds = forms::SCHEMAS.iter().copied().filter(|schema| schema.word == word);
    let stands = |schema: &&Schema| place.is_some_and(|place| schema.stands_in.contains(&place));
    kinds.clone().find(stands).or_else(|| kinds.next())
}

/// What the top of a file is.
pub(super) fn top(tree: &Tree) -> Place {
    let first =
        tree.lines.iter().find_map(|line| if let Line::Stmt(stmt) = line { Some(stmt) } else { None });
    if first.and_then(Stmt::word) == Some("module") { Place::Module } else { Place::Runbook }
}

/// Visits every statement, outer ones first.
pub(super) fn every<'t>(tree: &'t Tree, visit: &mut dyn FnMut(&Standing<'t>)) {
    lines(&tree.lines, Some(top(tree)), visit);
}

fn lines<'t>(lines_: &'t [Line], place: Option<Place>, visit: &mut dyn FnMut(&Standing<'t>)) {
    for line in lines_ {
        if let Line::Stmt(stmt) = line {
            let standing = Standing::of(stmt, place);
            visit(&standing);
            blocks(stmt).for_each(|block| lines(&block.lines, standing.inside(), visit));
        }
    }
}

/// The blocks of a statement: its own, and those behind it.
pub(super) fn blocks(stmt: &Stmt) -> impl Iterator<Item = &Block> {
    let mut next = Some(stmt);
    let each = std::iter::from_fn(move || {
        let stmt = next.take()?;
        let tail = match stmt.tail.as_deref() {
            Some(Tail::Else(block) | Tail::Otherwise(block)) => Some(block),
            Some(Tail::ElseIf(more)) => {
                next = Some(more);
                None
            }
            Some(Tail::Until(_)) | None => None,
        };
        Some(stmt.block.iter().chain(tail))
    });
    each.flatten()
}

/// What is around a byte of a file.
pub(super) struct Around<'t> {
    /// The statements in whose blocks it is, outermost first.
    pub(super) enclosing: Vec<Standing<'t>>,
    /// The statement that it is in and not in a block of.
    pub(super) stmt: Option<Standing<'t>>,
    /// The place that a statement there would stand in.
    pub(super) place: Option<Place>,
}

impl<'t> Around<'t> {
    /// The statement that the byte is in, or else that in whose block it is.
    pub(super) fn innermost(&self) -> Option<Standing<'t>> {
        self.stmt.or_else(|| self.enclosing.last().copied())
    }
}

/// What is around a byte.
pub(super) fn around(tree: &Tree, offset: u32) -> Around<'_> {
    let mut around = Around { enclosing: vec![], stmt: None, place: Some(top(tree)) };
    let mut lines = &*tree.lines;
    loop {
        let at = lines.partition_point(|line| span(line).end < offset);
        let here = lines.get(at..).unwrap_or_default().iter();
        let here = here.take_while(|line| span(line).start <= offset).filter_map(|line| match line {
            Line::Stmt(stmt) => Some(Standing::of(stmt, around.place)),
            Line::Bad(_) => None,
        });
        let Some(standing) = here.last() else { return around };
        let Some(block) = blocks(standing.stmt).find(|block| is_inside(block, offset)) else {
            around.stmt = Some(standing);
            return around;
        };
        around.place = standing.inside();
        around.enclosing.push(standing);
        lines = &block.lines;
    }
}

fn is_inside(block: &Block, offset: u32) -> bool {
    block.span.start < offset && offset < block.span.end
}

fn span(line: &Line) -> Span {
    match line {
        Line::Stmt(stmt) => stmt.span,
        Line::Bad(span) => *span,
    }
}
