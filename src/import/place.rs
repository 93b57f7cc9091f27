//! Sections and blocks to statements: headings are phases, what is done is a step, and in doubt a person does it.

use super::blocks::{Block, BlockKind, Item, List};
use super::code::Code;
use super::draft::Draft;
use super::effects::{Done, Effects, effects, fenced};
use super::flags::{flags, is_order, is_reference, is_undo};
use super::inline::Inline;
use super::inputs::{Inputs, name_of};
use super::note::{Kind, Note};
use super::placeholders::{Search, find};
use super::sections::{Heading, Section};
use super::shell::looks_like_command;
use super::titles::{Titled, titled};

/// Makes statements of a document.
pub(super) struct Placer<'a> {
    /// The mended text.
    pub(super) text: &'a str,
    pub(super) inputs: Inputs,
    /// Remarks that wait for the statement of their line, in order.
    pub(super) pending: Vec<Note>,
    /// How many commands became statements, and how many were left to a person.
    pub(super) commands: usize,
    pub(super) by_hand: usize,
}

impl<'a> Placer<'a> {
    pub(super) fn new(text: &'a str, mut pending: Vec<Note>) -> Self {
        pending.sort_by_key(|note| note.line);
        Self { text, inputs: Inputs::default(), pending, commands: 0, by_hand: 0 }
    }

    /// The remarks on lines up to this one that have no place yet.
    pub(super) fn due(&mut self, line: usize) -> Vec<Draft> {
        let count = self.pending.partition_point(|note| note.line <= line);
        self.pending.drain(..count).map(Draft::Note).collect()
    }

    /// What stands right under a heading, or before the first one.
    pub(super) fn flow_of(&mut self, section: &Section) -> Vec<Draft> {
        self.flow(&section.blocks)
    }

    /// Everything of a section but its heading.
    pub(super) fn inside(&mut self, section: &Section) -> Vec<Draft> {
        let mut drafts = self.flow(&section.blocks);
        for child in &section.children {
            drafts.extend(self.section(child));
        }
        drafts
    }

    /// A section with its heading.
    pub(super) fn section(&mut self, section: &Section) -> Vec<Draft> {
        let Some(heading) = &section.heading else { return self.inside(section) };
        let raw = self.text.get(heading.start..section.end).unwrap_or_default().trim_end().to_owned();
        let plain = heading.inline.plain.as_str();
        if is_undo(plain) && !has_steps_by_number(section) {
            return self.undo(section, heading, &raw);
        }
        if is_reference(plain) && !is_for_doing(section) {
            let mut drafts = self.due(heading.line + raw.lines().count());
            drafts.extend(with_flags(vec![Draft::Prose(raw.clone())], &raw, heading.line));
            return drafts;
        }
        let body = if is_leaf(section) { self.leaf(section, heading) } else { None };
        let drafts = body.unwrap_or_else(|| self.phase(section, heading));
        if drafts.iter().any(Draft::is_done) { drafts } else { as_prose(drafts, raw) }
    }

    fn phase(&mut self, section: &Section, heading: &Heading) -> Vec<Draft> {
        let due = self.due(heading.line);
        let head = titled(&heading.inline);
        let mut body: Vec<Draft> = head.rest.into_iter().map(Draft::Prose).collect();
        body.extend(self.inside(section));
        let mut drafts = due;
        drafts.extend(heading_notes(heading));
        drafts.push(Draft::Phase(head.title, body));
        drafts
    }

    /// A section of what is done only when something failed: nothing of it is done on the way forward.
    fn undo(&mut self, section: &Section, heading: &Heading, raw: &str) -> Vec<Draft> {
        let mut drafts = self.due(heading.line + raw.lines().count());
        let before = self.commands;
        let mut scratch = Inputs::default();
        std::mem::swap(&mut scratch, &mut self.inputs);
        let _ = self.inside(section);
        std::mem::swap(&mut scratch, &mut self.inputs);
        let commands = self.commands - before;
        self.commands = before;
        self.by_hand += commands;
        let note = format!(
            "a section about going back, with {commands} command{}: nothing of it is done on the way forward; write it into the `rollback` of the steps that it undoes",
            if commands == 1 { "" } else { "s" }
        );
        drafts.push(Draft::Note(Note::new(heading.line, Kind::Undo, note)));
        drafts.extend(
            flags(raw, heading.line).into_iter().filter(|note| note.line > heading.line).map(Draft::Note),
        );
        drafts.push(Draft::Prose(raw.to_owned()));
        drafts
    }

    /// A section without parts that is one step itself.
    fn leaf(&mut self, section: &Section, heading: &Heading) -> Option<Vec<Draft>> {
        let codes: Vec<&Code> = section.blocks.iter().filter_map(as_code).collect();
        let done = codes.iter().filter(|code| code.verdict() != super::code::Verdict::Text).count();
        let steps = section
            .blocks
            .iter()
            .any(|block| matches!(block.kind, BlockKind::List(_)) || self.orders_alone(block));
        let ordered = is_order(&heading.inline.plain) || section.blocks.iter().any(is_text);
        match done {
            1 if !steps => Some(self.step(&titled(&heading.inline), heading.line, &section.blocks)),
            0 if !steps && ordered && !section.blocks.is_empty() => {
                Some(self.step(&titled(&heading.inline), heading.line, &section.blocks))
            }
            0 if section.blocks.is_empty() && is_order(&heading.inline.plain) => {
                Some(self.step(&titled(&heading.inline), heading.line, &[]))
            }
            _ => None,
        }
    }

    /// Whether a paragraph is nothing but a command.
    fn orders_alone(&self, block: &Block) -> bool {
        matches!(&block.kind, BlockKind::Paragraph(inline) if inline.code.as_ref().is_some_and(|code| looks_like_command(code)) || ticks(inline))
    }

    /// Blocks one after the other: paragraphs are prose or orders, code is a step, items of lists are steps.
    fn flow(&mut self, blocks: &[Block]) -> Vec<Draft> {
        let mut drafts = vec![];
        let mut blocks = blocks.iter().peekable();
        while let Some(block) = blocks.next() {
            if !matches!(block.kind, BlockKind::List(_) | BlockKind::Code(_)) {
                drafts.extend(self.due(block.line));
            }
            match &block.kind {
                BlockKind::Paragraph(inline) => {
                    let code = blocks.peek().filter(|next| {
                        as_code(next).is_some_and(|code| code.verdict() != super::code::Verdict::Text)
                    });
                    if let Some(code) = code.copied() {
                        blocks.next();
                        drafts.extend(self.step(&titled(inline), block.line, &[code.clone()]));
                        drafts.extend(hidden(inline, block.line));
                    } else {
                        drafts.extend(self.paragraph(inline, block));
                    }
                }
                BlockKind::Code(code) => self.bare_code(code, block, &mut drafts),
                BlockKind::List(list) => drafts.extend(self.list(list)),
                BlockKind::Hidden(text) => drafts.extend(hidden_text(text, block.line)),
                BlockKind::Raw(raw) => {
                    drafts.extend(with_flags(vec![Draft::Prose(raw.clone())], raw, block.line))
                }
                BlockKind::Heading(..) | BlockKind::Rule => {}
            }
        }
        drafts
    }

    /// A paragraph that no code follows.
    fn paragraph(&mut self, inline: &Inline, block: &Block) -> Vec<Draft> {
        let mut drafts = hidden(inline, block.line);
        if let Some(code) = inline.code.as_ref().filter(|code| looks_like_command(code)) {
            drafts.extend(self.inline_command(code, block.line));
        } else if ticks(inline) {
            drafts.extend(ticked(inline, block.line));
        } else if is_order(&inline.plain) && !inline.plain.ends_with(':') {
            drafts.extend(self.step(&titled(inline), block.line, &[]));
        } else {
            drafts.extend(with_flags(vec![Draft::Prose(inline.raw.clone())], &inline.raw, block.line));
        }
        drafts
    }

    /// A command that stands alone between backticks.
    fn inline_command(&mut self, code: &str, line: usize) -> Vec<Draft> {
        let block = Code { tag: String::new(), rest: String::new(), text: code.to_owned(), line };
        let title = Titled { title: run_title(code), rest: None };
        self.step(&title, line, &[Block { line, range: 0..0, kind: BlockKind::Code(block) }])
    }

    /// Code that nothing introduces.
    fn bare_code(&mut self, code: &Code, block: &Block, drafts: &mut Vec<Draft>) {
        let title = match code.verdict() {
            super::code::Verdict::Text => {
                let prose = Draft::Prose(fenced(&info(code), &code.text));
                match drafts.last_mut() {
                    Some(Draft::Step(_, body) | Draft::Manual(_, body)) => body.push(prose),
                    _ => drafts.push(prose),
                }
                return;
            }
            super::code::Verdict::Commands(_) => run_title(first_command(code)),
            super::code::Verdict::ByHand(_) => format!("Do what line {} shows", code.line),
        };
        drafts.extend(self.step(&Titled { title, rest: None }, block.line, std::slice::from_ref(block)));
    }

    fn list(&mut self, list: &List) -> Vec<Draft> {
        let mut drafts: Vec<Draft> = vec![];
        for item in &list.items {
            for draft in self.item(item, list.start.is_none()) {
                match (drafts.last_mut(), draft) {
                    (Some(Draft::Prose(before)), Draft::Prose(text)) => *before = format!("{before}\n{text}"),
                    (_, draft) => drafts.push(draft),
                }
            }
        }
        drafts
    }

    fn item(&mut self, item: &Item, bullet: bool) -> Vec<Draft> {
        let (first, rest) =
            item.blocks.split_first().map_or((None, [].as_slice()), |(first, rest)| (Some(first), rest));
        let Some(BlockKind::Paragraph(inline)) = first.map(|block| &block.kind) else {
            return self.flow(&item.blocks);
        };
        let mut drafts = hidden(inline, item.line);
        if item.task == Some(true) {
            drafts.push(Draft::Note(Note::new(
                item.line,
                Kind::Guess,
                "the box was ticked; the step is still to be done",
            )));
        }
        if bullet && item.task.is_none() && rest.is_empty() && is_remark(inline) {
            drafts.extend(with_flags(vec![Draft::Prose(item.raw.clone())], &item.raw, item.line));
            return drafts;
        }
        if let Some(code) = inline.code.as_ref().filter(|code| rest.is_empty() && looks_like_command(code)) {
            drafts.extend(self.inline_command(code, item.line));
            return drafts;
        }
        let head = titled(inline);
        if rest.iter().any(is_of_steps) || is_label(inline) && rest.iter().any(is_list) {
            let mut body: Vec<Draft> = head.rest.into_iter().map(Draft::Prose).collect();
            body.extend(self.flow(rest));
            drafts.extend(flags(&inline.raw, item.line).into_iter().map(Draft::Note));
            drafts.push(Draft::Phase(head.title, body));
        } else {
            drafts.extend(self.step(&head, item.line, rest));
        }
        drafts
    }

    /// A step with everything that stands in it, in its order; a person's where nothing in it is run.
    fn step(&mut self, head: &Titled, line: usize, blocks: &[Block]) -> Vec<Draft> {
        let mut drafts: Vec<Draft> =
            flags(head.rest.as_ref().unwrap_or(&head.title), line).into_iter().map(Draft::Note).collect();
        let mut body: Vec<Draft> = head.rest.iter().cloned().map(Draft::Prose).collect();
        let by_hand = self.why_by_hand(blocks);
        let mut runs = false;
        for block in blocks {
            match (&block.kind, by_hand) {
                (BlockKind::Code(code), None) => runs |= self.code(code, &mut body),
                (BlockKind::Code(code), Some(_)) => body.push(Draft::Prose(fenced(&info(code), &code.text))),
                (BlockKind::Paragraph(inline), _) => {
                    body.extend(hidden(inline, block.line));
                    drafts.extend(flags(&inline.raw, block.line).into_iter().map(Draft::Note));
                    body.push(Draft::Prose(inline.raw.clone()));
                }
                (BlockKind::List(_), _) => {
                    let raw = self.raw(block);
                    drafts.extend(flags(&raw, block.line).into_iter().map(Draft::Note));
                    body.push(Draft::Prose(raw));
                }
                (BlockKind::Hidden(text), _) => body.extend(hidden_text(text, block.line)),
                (BlockKind::Raw(raw), _) => {
                    drafts.extend(flags(raw, block.line).into_iter().map(Draft::Note));
                    body.push(Draft::Prose(raw.clone()));
                }
                (BlockKind::Heading(..) | BlockKind::Rule, _) => {}
            }
        }
        if let Some((line, why)) = by_hand {
            self.by_hand += 1;
            drafts.push(Draft::Note(Note::new(line, Kind::Guess, format!("a person does it: {why}"))));
        }
        drafts.push(if runs {
            Draft::Step(head.title.clone(), body)
        } else {
            Draft::Manual(head.title.clone(), body)
        });
        drafts
    }

    /// Why the code of a step cannot be left to bowline, if any of it cannot.
    fn why_by_hand(&mut self, blocks: &[Block]) -> Option<(usize, &'static str)> {
        let mut scratch = Inputs::default();
        blocks.iter().filter_map(as_code).find_map(|code| match effects(code, &mut scratch) {
            Done::ByHand(why) => Some((code.line, why)),
            _ => None,
        })
    }

    fn code(&mut self, code: &Code, body: &mut Vec<Draft>) -> bool {
        if let Done::Effects(Effects { drafts, commands }) = effects(code, &mut self.inputs) {
            let beside = code.rest.clone();
            body.extend((!beside.is_empty()).then(|| Draft::Comment(code.line, beside)));
            body.extend(drafts);
            self.commands += commands;
            return true;
        }
        body.push(Draft::Prose(fenced(&info(code), &code.text)));
        false
    }

    /// A block as it is written, without the indentation that it has in an item.
    fn raw(&self, block: &Block) -> String {
        let before = self.text.get(..block.range.start).unwrap_or_default();
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count());
        let text = self.text.get(block.range.clone()).unwrap_or_default().trim_end();
        let lines = text.lines().enumerate().map(|(at, line)| {
            let blank =
                line.chars().take(if at == 0 { 0 } else { column }).take_while(|c| c.is_whitespace()).count();
            line.chars().skip(blank).collect::<String>()
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// The last line of the document that a block of a step has.
fn last_line(block: &Block) -> usize {
    block.line + as_code(block).map_or(0, |code| code.text.lines().count())
}

/// Places to fill in that stand in text for people: inputs, if a command is made of it.
fn proposals(text: &str, line: usize) -> Vec<Note> {
    let mut notes: Vec<Note> = vec![];
    for place in find(text, Search::Prose) {
        let written = text.get(place.range).unwrap_or_default();
        let note = format!("`{written}` may be an input: input {}: text", name_of(&place.name));
        if notes.iter().all(|one| one.text != note) {
            notes.push(Note::new(line, Kind::Guess, note));
        }
    }
    notes
}

fn as_code(block: &Block) -> Option<&Code> {
    if let BlockKind::Code(code) = &block.kind { Some(code) } else { None }
}

/// What stands behind the fence of a block of code that is kept as text.
fn info(code: &Code) -> String {
    let rest = code.rest.replace(super::tags::UNCLOSED.trim_start(), "");
    format!("{} {rest}", code.tag).trim().to_owned()
}

fn is_list(block: &Block) -> bool {
    matches!(block.kind, BlockKind::List(_))
}

/// Whether a block can be an instruction: text does, a table only where it has a column for it.
fn is_text(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Raw(raw) => !raw.starts_with(['|', '<']) || is_table_of_steps(raw),
        BlockKind::Paragraph(_) | BlockKind::Code(_) => true,
        _ => false,
    }
}

fn is_leaf(section: &Section) -> bool {
    section.children.is_empty()
}

/// Whether anything in a section is plainly something to do: code, numbers, tick boxes.
fn is_for_doing(section: &Section) -> bool {
    let doing = |block: &Block| match &block.kind {
        BlockKind::List(list) => list.start.is_some() || list.items.iter().any(|item| item.task.is_some()),
        BlockKind::Code(code) => code.verdict() != super::code::Verdict::Text,
        BlockKind::Paragraph(inline) => ticks(inline),
        _ => false,
    };
    section.blocks.iter().any(doing) || section.children.iter().any(is_for_doing)
}

/// A heading that names going back, in the middle of something else: `2. Roll back the canary` with parts of its own.
fn has_steps_by_number(section: &Section) -> bool {
    let starts = |section: &Section| {
        section
            .heading
            .as_ref()
            .is_some_and(|heading| heading.inline.plain.to_lowercase().starts_with("step "))
    };
    starts(section)
}

/// Whether a block in an item makes the item a phase: a list of things to do.
fn is_of_steps(block: &Block) -> bool {
    let BlockKind::List(list) = &block.kind else { return false };
    list.start.is_some()
        || list.items.iter().any(|item| {
            item.task.is_some()
                || item.blocks.iter().any(|block| is_step_of_item(block) || is_of_steps(block))
        })
        || list.items.iter().any(|item| {
            item.blocks.first().is_some_and(
                |first| matches!(&first.kind, BlockKind::Paragraph(inline) if is_order(&inline.plain)),
            )
        })
}

fn is_step_of_item(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Code(code) => code.verdict() != super::code::Verdict::Text,
        BlockKind::Paragraph(inline) => inline.code.as_ref().is_some_and(|code| looks_like_command(code)),
        _ => false,
    }
}

/// An item that only tells: a link, a name with what it is, nothing but code that is no command.
fn is_remark(inline: &Inline) -> bool {
    let tells = |rest: &str| rest.trim_start().starts_with([':', ',', '–', '—', '-']);
    let bold = inline.lead.as_ref().is_some_and(|(lead, rest)| lead.ends_with(':') || rest.starts_with(':'));
    let label = bold
        || inline
            .plain
            .split_once(": ")
            .is_some_and(|(name, rest)| name.split(' ').count() < 3 && !is_order(rest));
    let term = inline.raw.starts_with('`') && inline.raw.split('`').nth(2).is_some_and(tells);
    let code = inline.code.as_ref().is_some_and(|code| !looks_like_command(code));
    let link = inline.raw.starts_with('[')
        && inline
            .raw
            .split_once("](")
            .and_then(|(_, rest)| rest.split_once(')'))
            .is_some_and(|(_, rest)| tells(rest));
    inline.links_only || code || (label || term || link) && !is_order(&inline.plain)
}

/// An item that is nothing but the name of the list below it.
fn is_label(inline: &Inline) -> bool {
    inline
        .lead
        .as_ref()
        .is_some_and(|(lead, rest)| lead.ends_with(':') && rest.trim().is_empty() || rest.trim() == ":")
}

/// Whether a table tells what to do, row by row.
fn is_table_of_steps(raw: &str) -> bool {
    let head = raw.lines().next().unwrap_or_default().to_lowercase();
    ["step", "action", "task", "command", "instruction"].iter().any(|word| super::flags::has(&head, word))
}

/// Whether a paragraph has lines that begin with a tick box, without being a list.
fn ticks(inline: &Inline) -> bool {
    inline.raw.lines().any(|line| box_of(line).is_some())
}

fn box_of(line: &str) -> Option<(bool, &str)> {
    const BOXES: [(&str, bool); 7] = [
        ("[ ] ", false),
        ("[x] ", true),
        ("[X] ", true),
        ("☐ ", false),
        ("□ ", false),
        ("☑ ", true),
        ("✅ ", true),
    ];
    let line = line.trim_start();
    BOXES.iter().find_map(|(sign, ticked)| line.strip_prefix(sign).map(|rest| (*ticked, rest)))
}

/// The steps of a paragraph in which lines have tick boxes of their own.
fn ticked(inline: &Inline, line: usize) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = vec![];
    for (text, number) in inline.raw.lines().zip(line..) {
        match (box_of(text), drafts.last_mut()) {
            (Some((ticked, title)), _) => {
                if ticked {
                    drafts.push(Draft::Note(Note::new(
                        number,
                        Kind::Guess,
                        "the box was ticked; the step is still to be done",
                    )));
                }
                drafts.extend(flags(title, number).into_iter().map(Draft::Note));
                drafts.push(Draft::Manual(title.trim().to_owned(), vec![]));
            }
            (None, Some(Draft::Manual(_, body))) => match body.last_mut() {
                Some(Draft::Prose(prose)) => *prose = format!("{prose}\n{text}"),
                _ => body.push(Draft::Prose(text.to_owned())),
            },
            (None, _) => drafts.push(Draft::Prose(text.to_owned())),
        }
    }
    drafts
}

pub(super) fn heading_notes(heading: &Heading) -> Vec<Draft> {
    let mut drafts = hidden(&heading.inline, heading.line);
    drafts.extend(flags(&heading.inline.plain, heading.line).into_iter().map(Draft::Note));
    drafts
}

fn hidden(inline: &Inline, line: usize) -> Vec<Draft> {
    inline.hidden.iter().flat_map(|text| hidden_text(text, line)).collect()
}

/// What an HTML comment says: nobody saw it in the document, so it is pointed at.
pub(super) fn hidden_text(text: &str, line: usize) -> Vec<Draft> {
    if text.trim().is_empty() {
        return vec![];
    }
    let mut drafts = vec![];
    if text.lines().any(|line| is_order(line) || looks_like_command(line)) {
        drafts.push(Draft::Note(Note::new(
            line,
            Kind::Guess,
            "an HTML comment that readers do not see holds an instruction",
        )));
    }
    drafts.extend(flags(text, line).into_iter().map(Draft::Note));
    drafts.push(Draft::Comment(line, text.to_owned()));
    drafts
}

fn with_flags(drafts: Vec<Draft>, text: &str, line: usize) -> Vec<Draft> {
    flags(text, line).into_iter().chain(proposals(text, line)).map(Draft::Note).chain(drafts).collect()
}

/// What is nowhere done is prose as it is written; its notes stay.
fn as_prose(drafts: Vec<Draft>, raw: String) -> Vec<Draft> {
    fn notes(drafts: Vec<Draft>, found: &mut Vec<Draft>) {
        for draft in drafts {
            match draft {
                Draft::Note(_) => found.push(draft),
                Draft::Phase(_, body) | Draft::Step(_, body) | Draft::Manual(_, body) => notes(body, found),
                _ => {}
            }
        }
    }
    let mut found = vec![];
    notes(drafts, &mut found);
    found.push(Draft::Prose(raw));
    found
}

/// A title for a command that has none.
fn run_title(command: &str) -> String {
    const LONGEST: usize = 60;
    let line = command.lines().next().unwrap_or_default().trim().trim_end_matches('\\').trim();
    let short: String = line.chars().take(LONGEST).collect();
    let more = if short.len() < line.len() || command.lines().count() > 1 { " …" } else { "" };
    format!("Run `{short}{more}`")
}

fn first_command(code: &Code) -> &str {
    let line = code.text.lines().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let line = line.unwrap_or(&code.text);
    super::shell::prompted(line).map_or(line, |found| found.command)
}
