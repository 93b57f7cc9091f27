//! Blocks by the headings that they stand under, and lists that code broke apart put together again.

use super::blocks::{Block, BlockKind, List};
use super::inline::Inline;
use super::remark::{Kind, Remark};

/// A heading with all that stands under it.
#[derive(Clone, Debug, Default)]
pub(super) struct Section {
    /// None for what stands before the first heading.
    pub(super) heading: Option<Heading>,
    pub(super) blocks: Vec<Block>,
    pub(super) children: Vec<Section>,
    /// Where it ends in the mended text.
    pub(super) end: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Heading {
    pub(super) level: u8,
    pub(super) inline: Inline,
    pub(super) line: usize,
    pub(super) start: usize,
}

/// The document as a tree, and what was put together.
pub(super) fn arrange(blocks: Vec<Block>, text: &str) -> (Section, Vec<Remark>) {
    let (mut remarks, end) = (vec![], text.len());
    let mut open = vec![Section::default()];
    for block in joined(blocks, text, &mut remarks) {
        let start = block.range.start;
        let BlockKind::Heading(level, inline) = block.kind else {
            open.iter_mut().next_back().into_iter().for_each(|section| section.blocks.push(block.clone()));
            continue;
        };
        while open.len() > 1 && open.last().is_some_and(|section| section.level() >= level) {
            close(&mut open, start);
        }
        let heading = Heading { level, inline, line: block.line, start };
        open.push(Section { heading: Some(heading), ..Section::default() });
    }
    while open.len() > 1 {
        close(&mut open, end);
    }
    let mut root = open.pop().unwrap_or_default();
    root.end = end;
    (root, remarks)
}

impl Section {
    fn level(&self) -> u8 {
        self.heading.as_ref().map_or(0, |heading| heading.level)
    }
}

fn close(open: &mut Vec<Section>, end: usize) {
    let Some(mut section) = open.pop() else { return };
    section.end = end;
    if let Some(parent) = open.last_mut() {
        parent.children.push(section);
    }
}

/// Code that stands between two parts of a list, or right under its last item, belongs to the item before it.
fn joined(blocks: Vec<Block>, text: &str, remarks: &mut Vec<Remark>) -> Vec<Block> {
    let mut all: Vec<Block> = vec![];
    let mut rest = blocks.into_iter().peekable();
    while let Some(block) = rest.next() {
        let goes_on = rest.peek().is_some_and(is_numbered);
        let before = text.get(..block.range.start).unwrap_or_default().trim_end_matches(' ');
        let adjacent = before.ends_with('\n') && !before.ends_with("\n\n");
        match (all.last_mut(), &block.kind) {
            (Some(last), BlockKind::Code(_)) if is_numbered(last) && (goes_on || adjacent) => {
                remarks.push(Remark::new(
                    block.line,
                    Kind::Guess,
                    "the code breaks a list; it belongs to the item before it",
                ));
                attach(last, &block);
            }
            (Some(last), BlockKind::List(next)) if continues(last, next) => {
                append(last, next.clone(), block.range.end);
            }
            _ => all.push(block),
        }
    }
    all
}

fn is_numbered(block: &Block) -> bool {
    matches!(&block.kind, BlockKind::List(List { start: Some(_), .. }))
}

fn attach(block: &mut Block, code: &Block) {
    block.range.end = code.range.end;
    if let BlockKind::List(list) = &mut block.kind {
        list.items.last_mut().into_iter().for_each(|item| item.blocks.push(code.clone()));
    }
}

/// Whether a numbered list goes on with another: by its number, or because every item is number one and the list before
/// it ended with code.
fn continues(block: &Block, next: &List) -> bool {
    let BlockKind::List(List { start: Some(start), items }) = &block.kind else { return false };
    let Some(number) = next.start else { return false };
    let broken = items
        .last()
        .and_then(|item| item.blocks.last())
        .is_some_and(|last| matches!(last.kind, BlockKind::Code(_)));
    broken && (number == start + items.len() as u64 || number == *start)
}

fn append(block: &mut Block, next: List, end: usize) {
    block.range.end = end;
    if let BlockKind::List(list) = &mut block.kind {
        list.items.extend(next.items);
    }
}
