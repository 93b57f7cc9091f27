//! The blocks of a document. Of the importer only this module and `inline`, which reads what stands in a block, name the
//! Markdown parser.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::code::Code;
use super::inline::{Gathering, Inline};

/// Lists nest no deeper than this; what is deeper stays as it is written.
const DEEPEST: usize = 24;

/// A block with the line of the document where it begins.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) line: usize,
    /// Its bytes in the mended text.
    pub(super) range: Range<usize>,
    pub(super) kind: BlockKind,
}

impl Block {
    /// The code that it is, if it is code.
    pub(super) fn code(&self) -> Option<&Code> {
        if let BlockKind::Code(code) = &self.kind { Some(code) } else { None }
    }

    /// Its last line in the document, where it is code; else its first.
    pub(super) fn last_line(&self) -> usize {
        self.line + self.code().map_or(0, |code| code.text.lines().count())
    }
}

#[derive(Clone, Debug)]
pub(super) enum BlockKind {
    Heading(u8, Inline),
    Paragraph(Inline),
    Code(Code),
    List(List),
    /// An HTML comment.
    Hidden(String),
    /// A quote, a table, HTML: as it is written.
    Raw(String),
    Rule,
}

/// A list.
#[derive(Clone, Debug)]
pub(super) struct List {
    /// Number of its first item, where it is numbered.
    pub(super) start: Option<u64>,
    pub(super) items: Vec<Item>,
}

/// An item of a list.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) line: usize,
    /// Its tick box, and whether it is ticked.
    pub(super) task: Option<bool>,
    pub(super) blocks: Vec<Block>,
    /// As it is written, without its indentation.
    pub(super) raw: String,
}

/// Reads the blocks of a text; `lines` has the line of the document for each line of it.
pub(super) fn read(text: &str, lines: &[usize]) -> Vec<Block> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let events: Vec<_> = Parser::new_ext(text, options).into_offset_iter().collect();
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let mut reader = Reader { text, events, at: 0, starts, lines };
    let blocks = reader.blocks(0);
    reader.with_gaps(blocks)
}

struct Reader<'a> {
    text: &'a str,
    events: Vec<(Event<'a>, Range<usize>)>,
    at: usize,
    /// Where the lines of the text begin.
    starts: Vec<usize>,
    lines: &'a [usize],
}

impl<'a> Reader<'a> {
    /// The line of the document at a place of the text.
    fn line(&self, at: usize) -> usize {
        let line = self.starts.partition_point(|start| *start <= at).saturating_sub(1);
        self.lines.get(line).or(self.lines.last()).copied().unwrap_or(1)
    }

    fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    fn raw(&self, range: &Range<usize>) -> String {
        unindented(self.text, range)
    }

    fn next(&mut self) -> Option<(Event<'a>, Range<usize>)> {
        let next = self.events.get(self.at).cloned();
        self.at += 1;
        next
    }

    /// The blocks up to the end of what they stand in.
    fn blocks(&mut self, depth: usize) -> Vec<Block> {
        let mut blocks = vec![];
        while let Some((event, range)) = self.events.get(self.at).cloned() {
            let line = self.line(range.start);
            if matches!(event, Event::End(_)) {
                break;
            }
            if is_inline(&event) {
                let inline = self.inline();
                blocks.push(Block { line, range, kind: BlockKind::Paragraph(inline) });
                continue;
            }
            self.at += 1;
            let kinds = self.block(event, &range, depth);
            blocks.extend(kinds.into_iter().map(|kind| Block { line, range: range.clone(), kind }));
        }
        blocks
    }

    /// The block that an event opens.
    fn block(&mut self, event: Event<'a>, range: &Range<usize>, depth: usize) -> Vec<BlockKind> {
        match event {
            Event::Start(Tag::Paragraph) => vec![BlockKind::Paragraph(self.inline_whole())],
            Event::Start(Tag::Heading { level, .. }) => {
                vec![BlockKind::Heading(level as u8, self.inline_whole())]
            }
            Event::Start(Tag::CodeBlock(kind)) => vec![BlockKind::Code(self.code(&kind, range))],
            Event::Start(Tag::List(start)) if depth < DEEPEST => {
                vec![BlockKind::List(List { start, items: self.items(depth + 1) })]
            }
            Event::Start(Tag::HtmlBlock) => {
                self.skip();
                html(&self.raw(range))
            }
            Event::Start(_) => {
                self.skip();
                vec![BlockKind::Raw(self.raw(range))]
            }
            Event::Rule => vec![BlockKind::Rule],
            _ => vec![],
        }
    }

    /// Passes over everything up to the end of what has just been opened.
    fn skip(&mut self) {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next() {
                Some((Event::Start(_), _)) => depth += 1,
                Some((Event::End(_), _)) => depth -= 1,
                Some(_) => {}
                None => return,
            }
        }
    }

    fn code(&mut self, kind: &CodeBlockKind<'_>, range: &Range<usize>) -> Code {
        let mut text = String::new();
        let mut first = None;
        while let Some((event, place)) = self.next() {
            match event {
                Event::Text(part) => {
                    first.get_or_insert(place.start);
                    text.push_str(&part);
                }
                Event::End(TagEnd::CodeBlock) => break,
                _ => {}
            }
        }
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.as_ref(),
            CodeBlockKind::Indented => "",
        };
        Code::new(info, &text, self.line(first.unwrap_or(range.start)))
    }

    fn items(&mut self, depth: usize) -> Vec<Item> {
        let mut items = vec![];
        while let Some((event, range)) = self.next() {
            match event {
                Event::Start(Tag::Item) => items.push(self.item(&range, depth)),
                Event::End(TagEnd::List(_)) => break,
                _ => {}
            }
        }
        items
    }

    fn item(&mut self, range: &Range<usize>, depth: usize) -> Item {
        let mut task = None;
        let blocks = {
            let two = (self.events.get(self.at), self.events.get(self.at + 1));
            if let (Some((Event::Start(Tag::Paragraph), _)), Some((Event::TaskListMarker(_), _))) = two {
                self.events.swap(self.at, self.at + 1);
            }
            if let Some((Event::TaskListMarker(ticked), _)) = self.events.get(self.at) {
                task = Some(*ticked);
                self.at += 1;
            }
            self.blocks(depth)
        };
        self.at += 1;
        Item { line: self.line(range.start), task, blocks, raw: self.raw(range) }
    }

    /// The inline content up to the end of its block, which is passed too.
    fn inline_whole(&mut self) -> Inline {
        let inline = self.inline();
        self.at += 1;
        inline
    }

    /// The inline content that stands here.
    fn inline(&mut self) -> Inline {
        let mut gathering = Gathering::new(self.text);
        while let Some((event, range)) = self.events.get(self.at) {
            if !is_inline(event) && !is_inline_end(event) {
                break;
            }
            gathering.take(event, range);
            self.at += 1;
        }
        gathering.finish()
    }

    /// Beside the blocks what no block holds, such as the definitions of links.
    fn with_gaps(&self, blocks: Vec<Block>) -> Vec<Block> {
        let mut all = vec![];
        let mut done = 0;
        for block in blocks {
            all.extend(self.gap(done..block.range.start));
            done = done.max(block.range.end);
            all.push(block);
        }
        all.extend(self.gap(done..self.text.len()));
        all
    }

    fn gap(&self, range: Range<usize>) -> Option<Block> {
        let text = self.slice(range.clone());
        let blank = text.len() - text.trim_start().len();
        let start = range.start + blank;
        let kind = BlockKind::Raw(text.trim().to_owned());
        (!text.trim().is_empty()).then(|| Block { line: self.line(start), range: start..range.end, kind })
    }
}

/// What is written at a place of a text, without the indentation that its first line has.
pub(super) fn unindented(text: &str, range: &Range<usize>) -> String {
    let begin = text.get(..range.start).and_then(|text| text.rfind('\n')).map_or(0, |at| at + 1);
    let column = text.get(begin..range.start).unwrap_or_default().chars().count();
    let mut lines = text.get(range.clone()).unwrap_or_default().trim_end().lines();
    let mut raw = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        let cut = line.char_indices().take(column).find(|(_, c)| !c.is_whitespace()).map(|(at, _)| at);
        let end = line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
        raw.push('\n');
        raw.push_str(line.get(cut.unwrap_or(end)..).unwrap_or_default());
    }
    raw
}

fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => matches!(
            tag,
            Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::Superscript
                | Tag::Subscript
        ),
        Event::Text(_)
        | Event::Code(_)
        | Event::InlineHtml(_)
        | Event::SoftBreak
        | Event::HardBreak
        | Event::InlineMath(_)
        | Event::DisplayMath(_)
        | Event::FootnoteReference(_) => true,
        _ => false,
    }
}

fn is_inline_end(event: &Event<'_>) -> bool {
    let Event::End(tag) = event else { return false };
    matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image
            | TagEnd::Superscript
            | TagEnd::Subscript
    )
}

/// Comments of HTML, and what stands beside them.
fn html(raw: &str) -> Vec<BlockKind> {
    let mut kinds = vec![];
    let mut rest = raw;
    while let Some((before, inside)) = rest.split_once("<!--") {
        let (hidden, after) = inside.split_once("-->").unwrap_or((inside, ""));
        kinds.extend(written(before));
        kinds.push(BlockKind::Hidden(hidden.trim_end().to_owned()));
        rest = after;
    }
    kinds.extend(written(rest));
    kinds
}

fn written(text: &str) -> Option<BlockKind> {
    let text = text.trim_matches('\n').trim_end();
    (!text.trim().is_empty()).then(|| BlockKind::Raw(text.to_owned()))
}
