//! Sections and blocks to statements: headings are phases, what is done is a step, and in doubt a person does it.

use super::blocks::{Block, BlockKind, Item, List};
use super::code::{Code, Verdict};
use super::draft::Draft;
use super::effects::fenced;
use super::fold::{Folds, Withheld};
use super::hints::hints;
use super::inline::Inline;
use super::inputs::Inputs;
use super::judge::{
    is_bare_command, is_called_step, is_done_alone, is_for_doing, is_introduced, is_label, is_leaf, is_list,
    is_of_steps, is_remark, is_text, ticks,
};
use super::line::{looks_like_command, may_be_command, tells_of_command};
use super::orders::{is_order, is_reference};
use super::remark::{Kind, Remark};
use super::remarks::{
    as_prose, as_written, code_remarks, heading_remarks, hidden, hidden_text, sentence_of_command, ticked,
    unknown_program, was_ticked, with_hints,
};
use super::sections::{Heading, Section};
use super::titles::{Titled, first_command, run_title, titled};
use super::withheld::{behind_label, is_struck, is_undo, opens_note, withheld};

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
    pub(super) going_back: bool,
    /// Why nothing is run of what stands here, with the line that says so: below "If it hangs" or "Never do this".
    pub(super) withheld: Withheld,
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
        let mut folds = Folds::new(around);
        let mut blocks = blocks.iter().peekable();
        while let Some(block) = blocks.next() {
            self.withheld = folds.take(block);
            if !matches!(block.kind, BlockKind::List(_) | BlockKind::Code(_)) {
                drafts.extend(self.due(block.line));
            }
            match &block.kind {
                BlockKind::Paragraph(inline) => {
                    let next = blocks.next_if(|next| is_introduced(next, inline));
                    drafts.extend(self.introduction(inline, block, next));
                }
                BlockKind::Code(code) => self.bare_code(code, block, &mut drafts),
                BlockKind::List(list) => drafts.extend(self.list(list)),
                BlockKind::Hidden(text) => drafts.extend(hidden_text(text, block.line)),
                BlockKind::Raw(raw) => drafts.extend(as_written(raw, block.line)),
                BlockKind::Heading(..) | BlockKind::Rule => {}
            }
        }
        self.withheld = around;
        drafts
    }

    /// A paragraph with what it introduces: its code is a step that it names, unless it only warns of it.
    fn introduction(&mut self, inline: &Inline, block: &Block, next: Option<&Block>) -> Vec<Draft> {
        let (plain, mut drafts) = (&inline.plain, vec![]);
        let warns = behind_label(plain).is_some() || opens_note(plain) || plain.starts_with(":::");
        match next.map(|next| (next, &next.kind)) {
            Some((next, BlockKind::Code(_))) if !warns => {
                drafts.extend(self.step(&titled(inline), block.line, std::slice::from_ref(next)));
                drafts.extend(hidden(inline, block.line));
            }
            Some((next, BlockKind::Code(code))) => {
                drafts.extend(self.paragraph(inline, block));
                drafts.extend(self.below(plain, block.line, |this| {
                    let mut drafts = vec![];
                    this.bare_code(code, next, &mut drafts);
                    drafts
                }));
            }
            Some((_, BlockKind::List(list))) => {
                drafts.extend(self.paragraph(inline, block));
                drafts.extend(self.below(plain, block.line, |this| this.list(list)));
            }
            _ => drafts.extend(self.paragraph(inline, block)),
        }
        drafts
    }

    /// A paragraph by itself.
    fn paragraph(&mut self, inline: &Inline, block: &Block) -> Vec<Draft> {
        let mut drafts = hidden(inline, block.line);
        if let Some(done) = self.inline_code(inline, block.line) {
            drafts.extend(done);
        } else if ticks(inline) {
            drafts.extend(ticked(inline, block.line));
        } else if is_struck(&inline.raw) {
            drafts.push(Draft::Prose(inline.raw.clone()));
        } else if is_bare_command(inline) {
            let title = format!("Do what line {} says", block.line);
            drafts.extend(self.step(&Titled { title, rest: Some(inline.raw.clone()) }, block.line, &[]));
        } else if is_order(&inline.plain) && !inline.plain.ends_with(':') {
            drafts.extend(self.step(&titled(inline), block.line, &[]));
        } else {
            drafts.extend(with_hints(vec![Draft::Prose(inline.raw.clone())], &inline.raw, block.line));
        }
        drafts
    }

    /// What stands alone between backticks: a command, or a sentence about one, which a person looks at.
    fn inline_code(&mut self, inline: &Inline, line: usize) -> Option<Vec<Draft>> {
        let text = inline.code.clone()?;
        if looks_like_command(&text) {
            let title = Titled { title: run_title(&text), rest: None };
            let code = Code { tag: String::new(), rest: String::new(), text, line };
            return Some(self.step(
                &title,
                line,
                &[Block { line, range: 0..0, kind: BlockKind::Code(code) }],
            ));
        }
        let remark = if tells_of_command(&text) {
            sentence_of_command(line)
        } else {
            may_be_command(&text).then(|| unknown_program(line))?
        };
        Some(std::iter::once(Draft::Remark(remark)).chain(self.step(&titled(inline), line, &[])).collect())
    }

    /// Code that nothing introduces.
    fn bare_code(&mut self, code: &Code, block: &Block, drafts: &mut Vec<Draft>) {
        let title = match code.verdict() {
            Verdict::Text => {
                let told = code.tag.is_empty() && code.text.lines().any(tells_of_command);
                let told = told.then(|| Draft::Remark(sentence_of_command(code.line)));
                let prose = Draft::Prose(fenced(&code.info(), &code.text));
                let text = told.into_iter().chain(code_remarks(code)).chain([prose]);
                match drafts.last_mut() {
                    Some(Draft::Step(_, body) | Draft::Manual(_, body)) => body.extend(text),
                    _ => drafts.extend(text),
                }
                return;
            }
            Verdict::Commands(_) if self.withheld.is_some() => {
                format!("See to what line {} shows", code.line)
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
        if rest.is_empty() && (is_struck(&inline.raw) || bullet && item.task.is_none() && is_remark(inline)) {
            drafts.extend(with_hints(vec![Draft::Prose(item.raw.clone())], &item.raw, item.line));
            return drafts;
        }
        if let Some(done) = rest.is_empty().then(|| self.inline_code(inline, item.line)).flatten() {
            drafts.extend(done);
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
}
