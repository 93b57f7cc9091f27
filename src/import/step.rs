//! A step with everything that stands in it: what of it is run, and why a person does the rest.

use super::blocks::{Block, BlockKind, unindented};
use super::code::{Code, Verdict};
use super::draft::Draft;
use super::effects::{Done, Effects, effects, fenced};
use super::fold::{Folds, Withheld};
use super::inputs::Inputs;
use super::judge::is_bare_command;
use super::orders::is_order;
use super::place::Placer;
use super::remark::{Kind, Remark};
use super::remarks::{code_remarks, hidden, hidden_text, proposals_of_code, remarks};
use super::titles::Titled;
use super::withheld::{ANSWER, opens_note, withheld};

impl Placer<'_> {
    /// A step with everything that stands in it, in its order; a person's where nothing in it is run.
    pub(super) fn step(&mut self, head: &Titled, line: usize, blocks: &[Block]) -> Vec<Draft> {
        let mut drafts = self.due(blocks.iter().map(Block::last_line).fold(line, usize::max));
        let said = head.rest.as_ref().unwrap_or(&head.title);
        drafts.extend(remarks(said, line));
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
                (BlockKind::Code(code), None) if self.code(code, &mut body) => runs = true,
                (BlockKind::Code(code), _) => {
                    drafts.extend(proposals_of_code(code).into_iter().map(Draft::Remark));
                    body.push(Draft::Prose(fenced(&code.info(), &code.text)));
                }
                (BlockKind::Paragraph(inline), _) => {
                    body.extend(hidden(inline, block.line));
                    drafts.extend(remarks(&inline.raw, block.line));
                    body.push(Draft::Prose(inline.raw.clone()));
                }
                (BlockKind::List(_), _) => {
                    let raw = unindented(self.text, &block.range);
                    drafts.extend(remarks(&raw, block.line));
                    body.push(Draft::Prose(raw));
                }
                (BlockKind::Hidden(text), _) => body.extend(hidden_text(text, block.line)),
                (BlockKind::Raw(raw), _) => {
                    drafts.extend(remarks(raw, block.line));
                    body.push(Draft::Prose(raw.clone()));
                }
                (BlockKind::Heading(..) | BlockKind::Rule, _) => {}
            }
        }
        if let Some((line, why)) = by_hand {
            self.by_hand += 1;
            drafts.push(Draft::Remark(Remark::new(line, Kind::Guess, format!("a person does it: {why}"))));
        }
        drafts.extend(if runs { unasked(blocks) } else { vec![] });
        drafts.push(if runs {
            Draft::Step(head.title.clone(), body)
        } else {
            Draft::Manual(head.title.clone(), body)
        });
        drafts
    }

    /// Why the code of a step cannot be left to bowline, if any of it cannot.
    fn why_by_hand(&mut self, blocks: &[Block]) -> Withheld {
        let mut scratch = Inputs::default();
        blocks.iter().find_map(|block| match &block.kind {
            BlockKind::Code(code) => match effects(code, &mut scratch) {
                Done::ByHand(why) => Some((code.line, why)),
                _ => None,
            },
            BlockKind::Paragraph(inline) if is_bare_command(inline) => Some((block.line, BARE)),
            _ => None,
        })
    }

    /// Why words before code in a step, or around it, keep it from being run, with their line.
    fn withheld_in(&self, said: &str, line: usize, blocks: &[Block]) -> Withheld {
        let last = blocks.iter().rposition(|block| block.code().is_some())?;
        let done =
            blocks.iter().rposition(|block| block.code().is_some_and(|code| code.verdict() != Verdict::Text));
        let words = blocks.iter().enumerate().filter_map(|(at, block)| match &block.kind {
            // A note behind all code is about something else.
            BlockKind::Paragraph(inline) if at > last && opens_note(&inline.plain) => None,
            BlockKind::Paragraph(inline) => Some((at, block.line, inline.raw.as_str())),
            _ => None,
        });
        let own = std::iter::once((0, line, said)).chain(words);
        // What a command answers is told behind it.
        let holds = |at: usize, why: &&str| *why != ANSWER || done.is_none_or(|done| at < done);
        let said = own
            .into_iter()
            .find_map(|(at, line, said)| Some((line, withheld(said).filter(|why| holds(at, why))?)));
        let commented = || blocks.iter().filter_map(Block::code).find_map(withheld_by_comment);
        said.or_else(|| folded(blocks)).or_else(commented).or(self.withheld)
    }

    /// Runs code where bowline can.
    fn code(&mut self, code: &Code, body: &mut Vec<Draft>) -> bool {
        if let Done::Effects(Effects { drafts, commands }) = effects(code, &mut self.inputs) {
            let beside = code.rest.clone();
            body.extend(Some(Draft::Comment(code.line, beside)).filter(|_| !code.rest.is_empty()));
            body.extend(drafts);
            self.commands += commands;
            return true;
        }
        false
    }
}

/// Why a person does what would be run otherwise: it would be left out.
const BARE: &str = "a command stands in its text";

/// Why a comment in code keeps it from being run: `# or`, `# only if it hangs`. Those inside of a construct tell how it works.
fn withheld_by_comment(code: &Code) -> Withheld {
    let comment = |line: &str| {
        let line = line.strip_prefix('#').map(str::to_owned);
        line.filter(|text| !text.starts_with('!'))
    };
    let behind = |line: &str| {
        let apart = line.split_once(" # ").filter(|(command, _)| !command.trim().is_empty());
        apart.map(|(_, text)| text.to_owned())
    };
    let mut lines = code.text.lines().zip(code.line..);
    lines.find_map(|(line, number)| Some((number, withheld(&comment(line).or_else(|| behind(line))?)?)))
}

/// Why code in a step is not run for where it is folded away.
fn folded(blocks: &[Block]) -> Withheld {
    let mut folds = Folds::new(None);
    blocks.iter().find_map(|block| folds.take(block).filter(|_| block.code().is_some()))
}

/// The remarks on orders between commands: nobody is asked to follow them.
fn unasked(blocks: &[Block]) -> Vec<Draft> {
    let next = blocks.iter().skip(1).map(Some).chain([None]);
    let orders = blocks.iter().zip(next).filter(|(block, next)| {
        let introduces = next.is_some_and(|next| next.code().is_some());
        matches!(&block.kind, BlockKind::Paragraph(inline) if !introduces && is_order(&inline.plain))
    });
    let told = "an order in the text of a step: nobody is asked to follow it";
    orders.map(|(block, _)| Draft::Remark(Remark::new(block.line, Kind::Guess, told))).collect()
}
