//! Sections and blocks to statements: headings are phases, what is done is a step, and in doubt a person does it.

use super::blocks::{Block, BlockKind, Item, List, unindented};
use super::code::{Code, Verdict};
use super::draft::Draft;
use super::effects::{Done, Effects, effects, fenced};
use super::hints::hints;
use super::inline::Inline;
use super::inputs::Inputs;
use super::judge::{
    is_called_step, is_done_alone, is_for_doing, is_label, is_leaf, is_list, is_of_steps, is_remark, is_text,
    ticks,
};
use super::orders::{is_order, is_reference, is_undo, withheld};
use super::remark::{Kind, Remark};
use super::remarks::{
    as_prose, code_remarks, heading_remarks, hidden, hidden_text, proposals, ticked, was_ticked, with_hints,
};
use super::sections::{Heading, Section};
use super::shell::looks_like_command;
use super::titles::{Titled, first_command, run_title, titled};

/// Makes statements of a document.
pub(super) struct Placer<'a> {
    /// The mended text.
    pub(super) text: &'a str,
    pub(super) inputs: Inputs,
    /// Remarks that wait for the statement of their line, in order.
    pub(super) pending: Vec<Remark>,
    /// How many commands became statements, and how many were left to a person.
    pub(super) commands: usize,
    pub(super) by_hand: usize,
    /// In a section of which nothing is done on the way forward.
    going_back: bool,
    /// Why nothing is run of what stands here, with the line that says so: below "If it hangs" or "Never do this".
    withheld: Option<(usize, &'static str)>,
}

impl<'a> Placer<'a> {
    pub(super) fn new(text: &'a str, mut pending: Vec<Remark>) -> Self {
        pending.sort_by_key(|remark| remark.line);
        let (inputs, commands, by_hand) = (Inputs::default(), 0, 0);
        Self { text, inputs, pending, commands, by_hand, going_back: false, withheld: None }
    }

    /// What stands below words, which may keep it from being run.
    fn below(&mut self, said: &str, line: usize, work: impl FnOnce(&mut Self) -> Vec<Draft>) -> Vec<Draft> {
        let around = self.withheld;
        self.withheld = around.or_else(|| Some((line, withheld(said)?)));
        let drafts = work(self);
        self.withheld = around;
        drafts
    }

    /// The remarks on lines up to this one that have no place yet.
    pub(super) fn due(&mut self, line: usize) -> Vec<Draft> {
        let count = self.pending.partition_point(|remark| remark.line <= line);
        self.pending.drain(..count).map(Draft::Remark).collect()
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
        if is_undo(plain) && !is_called_step(section) {
            return self.undo(section, heading, &raw);
        }
        if is_reference(plain) && !is_for_doing(section) {
            let mut drafts = self.due(heading.line + raw.lines().count());
            drafts.extend(with_hints(vec![Draft::Prose(raw.clone())], &raw, heading.line));
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
        body.extend(self.below(&heading.inline.plain, heading.line, |this| this.inside(section)));
        let mut drafts = due;
        drafts.extend(heading_remarks(heading));
        drafts.push(Draft::Phase(head.title, body));
        drafts
    }

    /// A section of what is done only when something failed: nothing of it is done on the way forward.
    fn undo(&mut self, section: &Section, heading: &Heading, raw: &str) -> Vec<Draft> {
        let mut drafts = self.due(heading.line + raw.lines().count());
        let before = self.commands;
        let mut scratch = Inputs::default();
        std::mem::swap(&mut scratch, &mut self.inputs);
        self.going_back = true;
        let _ = self.inside(section);
        self.going_back = false;
        std::mem::swap(&mut scratch, &mut self.inputs);
        let commands = self.commands - before;
        self.commands = before;
        self.by_hand += commands;
        let remark = format!(
            "a section about going back, with {commands} command{}: nothing of it is done on the way forward; write it into the `rollback` of the steps that it undoes",
            if commands == 1 { "" } else { "s" }
        );
        drafts.push(Draft::Remark(Remark::new(heading.line, Kind::Undo, remark)));
        drafts.extend(
            hints(raw, heading.line)
                .into_iter()
                .filter(|remark| remark.line > heading.line)
                .map(Draft::Remark),
        );
        drafts.push(Draft::Prose(raw.to_owned()));
        drafts
    }

    /// A section without parts that is one step itself.
    fn leaf(&mut self, section: &Section, heading: &Heading) -> Option<Vec<Draft>> {
        let codes: Vec<&Code> = section.blocks.iter().filter_map(Block::code).collect();
        let done = codes.iter().filter(|code| code.verdict() != Verdict::Text).count();
        let steps = section
            .blocks
            .iter()
            .any(|block| matches!(block.kind, BlockKind::List(_)) || is_done_alone(block));
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

    /// Blocks one after the other: paragraphs are prose or orders, code is a step, items of lists are steps.
    fn flow(&mut self, blocks: &[Block]) -> Vec<Draft> {
        let (mut drafts, around) = (vec![], self.withheld);
        let mut blocks = blocks.iter().peekable();
        while let Some(block) = blocks.next() {
            if !matches!(block.kind, BlockKind::List(_) | BlockKind::Code(_)) {
                drafts.extend(self.due(block.line));
            }
            match &block.kind {
                BlockKind::Paragraph(inline) => {
                    let code = blocks
                        .peek()
                        .filter(|next| next.code().is_some_and(|code| code.verdict() != Verdict::Text));
                    if let Some(code) = code.copied() {
                        blocks.next();
                        drafts.extend(self.step(&titled(inline), block.line, std::slice::from_ref(code)));
                        drafts.extend(hidden(inline, block.line));
                    } else {
                        drafts.extend(self.paragraph(inline, block));
                        let list = blocks.next_if(|next| is_list(next) && inline.plain.ends_with(':'));
                        if let Some(Block { kind: BlockKind::List(list), .. }) = list {
                            drafts.extend(self.below(&inline.plain, block.line, |this| this.list(list)));
                        }
                    }
                }
                BlockKind::Code(code) => self.bare_code(code, block, &mut drafts),
                BlockKind::List(list) => drafts.extend(self.list(list)),
                BlockKind::Hidden(text) => drafts.extend(hidden_text(text, block.line)),
                BlockKind::Raw(raw) => {
                    self.withheld = around.or_else(|| Some((block.line, withheld(summary(raw)?)?)));
                    drafts.extend(with_hints(vec![Draft::Prose(raw.clone())], raw, block.line));
                }
                BlockKind::Heading(..) | BlockKind::Rule => {}
            }
        }
        self.withheld = around;
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
            drafts.extend(with_hints(vec![Draft::Prose(inline.raw.clone())], &inline.raw, block.line));
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
            Verdict::Text => {
                let text =
                    code_remarks(code).into_iter().chain([Draft::Prose(fenced(&code.info(), &code.text))]);
                match drafts.last_mut() {
                    Some(Draft::Step(_, body) | Draft::Manual(_, body)) => body.extend(text),
                    _ => drafts.extend(text),
                }
                return;
            }
            Verdict::Commands(_) => run_title(first_command(code)),
            Verdict::ByHand(_) => format!("Do what line {} shows", code.line),
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
            drafts.push(Draft::Remark(was_ticked(item.line)));
        }
        if bullet && item.task.is_none() && rest.is_empty() && is_remark(inline) {
            drafts.extend(with_hints(vec![Draft::Prose(item.raw.clone())], &item.raw, item.line));
            return drafts;
        }
        if let Some(code) = inline.code.as_ref().filter(|code| rest.is_empty() && looks_like_command(code)) {
            drafts.extend(self.inline_command(code, item.line));
            return drafts;
        }
        let head = titled(inline);
        if rest.iter().any(is_of_steps) || is_label(inline) && rest.iter().any(is_list) {
            let mut body: Vec<Draft> = head.rest.into_iter().map(Draft::Prose).collect();
            body.extend(self.below(&inline.plain, item.line, |this| this.flow(rest)));
            drafts.extend(hints(&inline.raw, item.line).into_iter().map(Draft::Remark));
            drafts.push(Draft::Phase(head.title, body));
        } else {
            drafts.extend(self.step(&head, item.line, rest));
        }
        drafts
    }

    /// A step with everything that stands in it, in its order; a person's where nothing in it is run.
    fn step(&mut self, head: &Titled, line: usize, blocks: &[Block]) -> Vec<Draft> {
        let mut drafts = self.due(blocks.iter().map(Block::last_line).fold(line, usize::max));
        let said = head.rest.as_ref().unwrap_or(&head.title);
        drafts.extend(hints(said, line).into_iter().chain(proposals(said, line)).map(Draft::Remark));
        let mut body: Vec<Draft> = head.rest.iter().cloned().map(Draft::Prose).collect();
        let by_hand = self.why_by_hand(blocks);
        let by_hand =
            by_hand.or_else(|| if self.going_back { None } else { self.withheld_in(said, line, blocks) });
        let mut runs = false;
        for block in blocks {
            if let BlockKind::Code(code) = &block.kind {
                drafts.extend(code_remarks(code));
            }
            match (&block.kind, by_hand) {
                (BlockKind::Code(code), None) => runs |= self.code(code, &mut body),
                (BlockKind::Code(code), Some(_)) => body.push(Draft::Prose(fenced(&code.info(), &code.text))),
                (BlockKind::Paragraph(inline), _) => {
                    body.extend(hidden(inline, block.line));
                    drafts.extend(hints(&inline.raw, block.line).into_iter().map(Draft::Remark));
                    body.push(Draft::Prose(inline.raw.clone()));
                }
                (BlockKind::List(_), _) => {
                    let raw = unindented(self.text, &block.range);
                    drafts.extend(hints(&raw, block.line).into_iter().map(Draft::Remark));
                    body.push(Draft::Prose(raw));
                }
                (BlockKind::Hidden(text), _) => body.extend(hidden_text(text, block.line)),
                (BlockKind::Raw(raw), _) => {
                    drafts.extend(hints(raw, block.line).into_iter().map(Draft::Remark));
                    body.push(Draft::Prose(raw.clone()));
                }
                (BlockKind::Heading(..) | BlockKind::Rule, _) => {}
            }
        }
        if let Some((line, why)) = by_hand {
            self.by_hand += 1;
            drafts.push(Draft::Remark(Remark::new(line, Kind::Guess, format!("a person does it: {why}"))));
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
        blocks.iter().filter_map(Block::code).find_map(|code| match effects(code, &mut scratch) {
            Done::ByHand(why) => Some((code.line, why)),
            _ => None,
        })
    }

    /// Why words before code in a step, or around it, keep it from being run, with their line.
    fn withheld_in(&self, said: &str, line: usize, blocks: &[Block]) -> Option<(usize, &'static str)> {
        blocks.iter().find(|block| block.code().is_some())?;
        let words = blocks.iter().filter_map(|block| match &block.kind {
            BlockKind::Paragraph(inline) => Some((block.line, inline.raw.as_str())),
            _ => None,
        });
        let own = std::iter::once((line, said)).chain(words);
        own.into_iter().find_map(|(line, said)| Some((line, withheld(said)?))).or(self.withheld)
    }

    fn code(&mut self, code: &Code, body: &mut Vec<Draft>) -> bool {
        if let Done::Effects(Effects { drafts, commands }) = effects(code, &mut self.inputs) {
            let beside = code.rest.clone();
            body.extend(Some(Draft::Comment(code.line, beside)).filter(|_| !code.rest.is_empty()));
            body.extend(drafts);
            self.commands += commands;
            return true;
        }
        body.push(Draft::Prose(fenced(&code.info(), &code.text)));
        false
    }
}

/// The words that unfold what stands below them.
fn summary(raw: &str) -> Option<&str> {
    raw.split_once("<summary>")?.1.split("</summary>").next()
}
