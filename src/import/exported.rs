//! Documents that `bowline export` wrote: steps come back as they were; what only a reader understands comes back as
//! remarks. Knows the marks that export sets.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::blocks::{Block, BlockKind, Item};
use super::carried::statement;
use super::code::Code;
use super::draft::Draft;
use super::effects::{exported, fenced};
use super::inline::Inline;
use super::inputs::Inputs;
use super::marks::{is_marked, unescaped, unmarked};
use super::remark::{Kind, Remark};
use crate::export::marks::{
    COMMENT, GOING_BACK, IF_THE_ANSWER, IN_CASE, NOTHING_TO_UNDO, ONLY_IF, OTHERWISE, PUT_BACK, PUTTING_BACK,
    RUN, SCRIPT, UNDO, VALUES,
};

/// Whether `bowline export` wrote a document.
pub(super) fn is_exported(text: &str) -> bool {
    text.trim_start().starts_with(&format!("<!-- {COMMENT} -->"))
}

/// A heading with what stands under it, up to its rule.
struct Chapter {
    line: usize,
    words: Inline,
    nodes: Vec<Node>,
}

enum Node {
    Block(Block),
    Chapter(Chapter),
}

/// Headings in headings, no deeper than a plan nests.
const DEEPEST: usize = 200;

fn nodes(blocks: &mut Peekable<IntoIter<Block>>, depth: usize) -> Vec<Node> {
    let mut found = vec![];
    while let Some(block) = blocks.next() {
        match block.kind {
            BlockKind::Heading(_, words) if depth < DEEPEST => {
                found.push(Node::Chapter(Chapter {
                    line: block.line,
                    words,
                    nodes: nodes(blocks, depth + 1),
                }));
            }
            BlockKind::Heading(_, ref words) => {
                let kind = BlockKind::Paragraph(words.clone());
                found.push(Node::Block(Block { kind, ..block }));
            }
            BlockKind::Rule if depth > 0 => return found,
            BlockKind::Rule => {}
            _ => found.push(Node::Block(block)),
        }
    }
    found
}

/// How a step is undone, as it stands at the end of the document.
struct Undo {
    restores: bool,
    number: usize,
    title: String,
    line: usize,
    nodes: Vec<Node>,
}

/// Reads a document back.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) inputs: Inputs,
    pub(super) commands: usize,
    pub(super) by_hand: usize,
    undos: Vec<Undo>,
}

impl Reading {
    /// The title of the document, and its statements.
    pub(super) fn whole(&mut self, blocks: Vec<Block>) -> (Option<String>, Vec<Draft>) {
        let mut title = None;
        let mut drafts = vec![];
        for node in nodes(&mut blocks.into_iter().peekable(), 0) {
            match node {
                Node::Chapter(chapter) if title.is_none() && !is_marked(&chapter.words.raw) => {
                    title = Some(chapter.words.plain.clone());
                    drafts.extend(self.inside(chapter.nodes));
                }
                node @ (Node::Chapter(_) | Node::Block(_)) => drafts.extend(self.node(node)),
            }
        }
        self.attach(&mut drafts);
        (title, drafts)
    }

    fn inside(&mut self, nodes: Vec<Node>) -> Vec<Draft> {
        let mut drafts = vec![];
        for node in nodes {
            drafts.extend(self.node(node));
        }
        drafts
    }

    fn node(&mut self, node: Node) -> Vec<Draft> {
        match node {
            Node::Block(block) => self.block(&block),
            Node::Chapter(chapter) if is_marked(&chapter.words.raw) => self.own(chapter),
            Node::Chapter(chapter) => {
                let before = self.undos.len();
                let mut body = self.inside(chapter.nodes);
                if self.undos.len() > before {
                    let undos = self.undos.split_off(before);
                    let outer = std::mem::replace(&mut self.undos, undos);
                    self.attach(&mut body);
                    self.undos = outer;
                }
                vec![Draft::Phase(chapter.words.plain, body)]
            }
        }
    }

    /// A chapter with a heading of bowline's.
    fn own(&mut self, chapter: Chapter) -> Vec<Draft> {
        let words = unmarked(&chapter.words.plain).to_owned();
        if words == GOING_BACK || words == PUTTING_BACK {
            return self.undo_chapter(chapter);
        }
        if words == VALUES {
            let rows = chapter.nodes.into_iter().flat_map(values);
            return std::iter::once(lost(chapter.line, &chapter.words.raw)).chain(rows).collect();
        }
        let choice = [ONLY_IF, OTHERWISE, IF_THE_ANSWER].iter().any(|opener| words.starts_with(opener));
        let mut drafts = vec![lost(chapter.line, &chapter.words.raw)];
        let body = self.inside(chapter.nodes);
        drafts.push(if choice { Draft::Choice(words, body) } else { Draft::Phase(words, body) });
        drafts
    }

    fn undo_chapter(&mut self, chapter: Chapter) -> Vec<Draft> {
        let restores = unmarked(&chapter.words.plain) == PUTTING_BACK;
        let mut drafts = vec![lost(chapter.line, &chapter.words.raw)];
        for node in chapter.nodes {
            match node {
                Node::Chapter(chapter) => match numbered(unmarked(&chapter.words.plain)) {
                    Some((number, title)) => {
                        self.undos.push(Undo {
                            restores,
                            number,
                            title,
                            line: chapter.line,
                            nodes: chapter.nodes,
                        });
                    }
                    None => drafts.extend(self.node(Node::Chapter(chapter))),
                },
                node @ Node::Block(_) => drafts.extend(self.node(node)),
            }
        }
        drafts
    }

    fn block(&mut self, block: &Block) -> Vec<Draft> {
        match &block.kind {
            BlockKind::Paragraph(inline) => vec![Draft::Prose(unguarded(&inline.raw))],
            BlockKind::List(list) => list.items.iter().flat_map(|item| self.item(item)).collect(),
            BlockKind::Raw(raw) => remark(raw, block.line),
            BlockKind::Code(code) => vec![by_hand(code)],
            BlockKind::Hidden(text) if text.trim() == COMMENT => {
                vec![lost(block.line, text.trim())]
            }
            BlockKind::Hidden(text) => vec![Draft::Comment(block.line, text.clone())],
            BlockKind::Heading(..) | BlockKind::Rule => vec![],
        }
    }

    fn item(&mut self, item: &Item) -> Vec<Draft> {
        let first = item.blocks.first().map(|block| &block.kind);
        match (first, item.task) {
            (Some(BlockKind::Paragraph(inline)), _) if is_marked(&inline.raw) => self.carried(item),
            (Some(BlockKind::Paragraph(inline)), Some(_)) if inline.lead.is_some() => {
                vec![self.step(inline, item)]
            }
            _ => vec![Draft::Prose(item.raw.clone())],
        }
    }

    /// A statement of bowline's: as it was where all of it is there, else line by line a remark.
    fn carried(&mut self, item: &Item) -> Vec<Draft> {
        match statement(&item.raw, item.line) {
            Some((draft, commands)) => {
                self.commands += commands;
                vec![draft]
            }
            None => lines_lost(&item.raw, item.line),
        }
    }

    /// A step, by a person where any of its code is not a command for sure.
    fn step(&mut self, inline: &Inline, item: &Item) -> Draft {
        let title = inline.lead.as_ref().map_or_else(|| inline.plain.clone(), |(lead, _)| lead.clone());
        let blocks = item.blocks.get(1..).unwrap_or_default();
        let (doing, sure) = self.judged(blocks);
        let mut body = self.body(blocks, sure);
        if doing && !sure {
            self.by_hand += 1;
            let why = "a person does it: not all of its code is a command";
            body.insert(0, Draft::Remark(Remark::new(item.line, Kind::Guess, why)));
        }
        if doing && sure { Draft::Step(title, body) } else { Draft::Manual(title, body) }
    }

    /// Whether blocks have code that does something, and whether all of it is commands.
    fn judged(&self, blocks: &[Block]) -> (bool, bool) {
        let codes = blocks.iter().filter_map(|block| match &block.kind {
            BlockKind::Code(code) if is_done(code) || code.rest == IN_CASE => Some(code),
            _ => None,
        });
        let codes: Vec<&Code> = codes.collect();
        let mut scratch = Inputs::default();
        let sure = codes
            .iter()
            .all(|code| code.rest != IN_CASE && code.tag != "http" && exported(code, &mut scratch).is_ok());
        (!codes.is_empty(), sure)
    }

    /// What is in a step or an undo; its code is run where all of it is commands for sure.
    fn body(&mut self, blocks: &[Block], sure: bool) -> Vec<Draft> {
        let mut body = vec![];
        for block in blocks {
            match &block.kind {
                BlockKind::Code(code) if sure && is_done(code) => {
                    body.extend(self.code(code).unwrap_or_default());
                }
                _ => body.extend(self.aside(block)),
            }
        }
        body
    }

    fn aside(&mut self, block: &Block) -> Vec<Draft> {
        match &block.kind {
            BlockKind::Code(code) => vec![by_hand(code)],
            _ => self.block(block),
        }
    }

    fn code(&mut self, code: &Code) -> Option<Vec<Draft>> {
        let effects = exported(code, &mut self.inputs).ok()?;
        self.commands += effects.commands;
        Some(effects.drafts)
    }

    /// Puts each undo into its step; one that fits no step stays as prose.
    fn attach(&mut self, drafts: &mut Vec<Draft>) {
        for undo in std::mem::take(&mut self.undos) {
            let (line, restores) = (undo.line, undo.restores);
            let label = lost(
                line,
                &format!("{} {}: {}", if restores { PUT_BACK } else { UNDO }, undo.number, undo.title),
            );
            let body = self.undo_body(undo.nodes, line);
            let mut left = undo.number;
            if let Some(step) = nth_step(drafts, &mut left, &undo.title) {
                step.push(label);
                step.push(if restores { Draft::Restore(body) } else { Draft::Rollback(body) });
            } else {
                drafts.push(label);
                drafts.push(Draft::Manual(format!("Only to go back: {}", undo.title), body));
            }
        }
    }

    fn undo_body(&mut self, nodes: Vec<Node>, line: usize) -> Vec<Draft> {
        let blocks: Vec<Block> = nodes
            .into_iter()
            .filter_map(|node| if let Node::Block(block) = node { Some(block) } else { None })
            .collect();
        let (doing, sure) = self.judged(&blocks);
        let mut body = self.body(&blocks, sure);
        if !(doing && sure) {
            body.push(Draft::Confirm(format!("It is done, as line {line} of the document says")));
        }
        body
    }
}

/// What is in the step of a number, if it has that title.
fn nth_step<'d>(drafts: &'d mut [Draft], left: &mut usize, title: &str) -> Option<&'d mut Vec<Draft>> {
    for draft in drafts {
        match draft {
            Draft::Step(own, body) | Draft::Manual(own, body) => {
                *left = left.saturating_sub(1);
                if *left == 0 {
                    return own.split_whitespace().eq(title.split_whitespace()).then_some(body);
                }
            }
            Draft::Phase(_, body) | Draft::Choice(_, body) => {
                if let Some(found) = nth_step(body, left, title) {
                    return Some(found);
                }
                if *left == 0 {
                    return None;
                }
            }
            _ => {}
        }
    }
    None
}

/// `Undo 3: Title`.
fn numbered(words: &str) -> Option<(usize, String)> {
    let rest = words.strip_prefix(UNDO).or_else(|| words.strip_prefix(PUT_BACK))?.strip_prefix(' ')?;
    let (number, title) = rest.split_once(": ")?;
    Some((number.parse().ok()?, title.to_owned()))
}

fn is_done(code: &Code) -> bool {
    code.rest == RUN || code.rest == SCRIPT
}

/// Code that stays as it is, for people.
fn by_hand(code: &Code) -> Draft {
    Draft::Prose(fenced(format!("{} {}", code.tag, code.rest).trim(), &code.text))
}

fn lost(line: usize, text: &str) -> Draft {
    Draft::Remark(Remark::new(line, Kind::Lost, unmarked(text)))
}

/// Each line of a text as a remark that Markdown could not carry.
fn lines_lost(text: &str, line: usize) -> Vec<Draft> {
    let lines = text.lines().zip(line..).filter(|(text, _)| !text.trim().is_empty());
    lines
        .map(|(text, line)| {
            lost(line, text.trim_start().trim_start_matches(['-', ' ']).trim_start_matches("[ ] "))
        })
        .collect()
}

/// A quote: a remark of bowline's, or prose.
fn remark(raw: &str, line: usize) -> Vec<Draft> {
    let inside: Vec<&str> =
        raw.lines().map(|line| line.trim_start().trim_start_matches('>').trim_start()).collect();
    if !inside.first().is_some_and(|first| is_marked(first)) || !raw.starts_with('>') {
        return vec![Draft::Prose(raw.to_owned())];
    }
    let text = inside.join("\n");
    let (first, more) = text.split_once('\n').unwrap_or((&text, ""));
    match unmarked(first).strip_prefix(NOTHING_TO_UNDO) {
        Some(why) => lines_lost(more, line + 1).into_iter().chain([Draft::Nothing(unescaped(why))]).collect(),
        None => lines_lost(&text, line),
    }
}

/// The table of values, row by row; their names are inputs where a command has them.
fn values(node: Node) -> Vec<Draft> {
    match node {
        Node::Block(Block { kind: BlockKind::Raw(raw), line, .. }) => {
            let rows = raw.lines().zip(line..).filter(|(row, _)| !row.starts_with("|---"));
            rows.map(|(row, line)| lost(line, row)).collect()
        }
        Node::Block(Block { kind: BlockKind::Paragraph(inline), line, .. }) => lines_lost(&inline.raw, line),
        Node::Block(_) => vec![],
        Node::Chapter(chapter) => vec![lost(chapter.line, &chapter.words.raw)],
    }
}

/// Prose without the backslashes that kept it from opening a section.
fn unguarded(raw: &str) -> String {
    let free = |line: &str| {
        let body = line.trim_start();
        let guarded = ["\\#", "\\---", "\\***", "\\___"].iter().any(|sign| body.starts_with(sign));
        if guarded { line.replacen('\\', "", 1) } else { line.to_owned() }
    };
    raw.lines().map(free).collect::<Vec<_>>().join("\n")
}
