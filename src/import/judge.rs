//! What a block, an item or a section is: something to do, or something to know.

use super::blocks::{Block, BlockKind};
use super::code::Verdict;
use super::inline::Inline;
use super::line::{looks_like_command, may_be_command, tells_of_command};
use super::orders::is_order;
use super::sections::Section;
use super::tags::{SHELLS, TERMINALS};
use super::words::has;

pub(super) fn is_list(block: &Block) -> bool {
    matches!(block.kind, BlockKind::List(_))
}

/// Whether a paragraph introduces the block behind it: code that is done, or a list behind a colon.
pub(super) fn is_introduced(next: &Block, inline: &Inline) -> bool {
    match &next.kind {
        BlockKind::Code(code) => code.verdict() != Verdict::Text,
        BlockKind::List(_) => inline.plain.ends_with(':'),
        _ => false,
    }
}

/// Whether a block can be an instruction: text does, a table only where it has a column for it; notes at the foot and the
/// addresses of links are none.
pub(super) fn is_text(block: &Block) -> bool {
    match &block.kind {
        BlockKind::Raw(raw) => !raw.starts_with(['|', '<', '[']) || is_table_of_steps(raw),
        BlockKind::Paragraph(_) | BlockKind::Code(_) => true,
        _ => false,
    }
}

pub(super) fn is_leaf(section: &Section) -> bool {
    section.children.is_empty()
}

/// Whether anything in a section is plainly something to do: code, numbers, tick boxes.
pub(super) fn is_for_doing(section: &Section) -> bool {
    let doing = |block: &Block| match &block.kind {
        BlockKind::List(list) => list.start.is_some() || list.items.iter().any(|item| item.task.is_some()),
        BlockKind::Code(code) => code.verdict() != Verdict::Text,
        BlockKind::Paragraph(inline) => ticks(inline),
        _ => false,
    };
    section.blocks.iter().any(doing) || section.children.iter().any(is_for_doing)
}

/// A heading that begins with `Step`: in the middle of something else.
pub(super) fn is_called_step(section: &Section) -> bool {
    let heading = section.heading.as_ref();
    heading.is_some_and(|heading| heading.inline.plain.to_lowercase().starts_with("step "))
}

/// Whether a paragraph is done by itself: a command and nothing else, or lines with tick boxes.
pub(super) fn is_done_alone(block: &Block) -> bool {
    let BlockKind::Paragraph(inline) = &block.kind else { return false };
    inline.code.as_ref().is_some_and(|code| is_for_doing_alone(code)) || ticks(inline)
}

/// Code between backticks that is done, or looked whether it is so: a command, it may be one, or a sentence about one.
fn is_for_doing_alone(code: &str) -> bool {
    looks_like_command(code) || tells_of_command(code) || may_be_command(code)
}

/// Whether a block in an item makes the item a phase: a list of things to do.
pub(super) fn is_of_steps(block: &Block) -> bool {
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
        BlockKind::Code(code) => code.verdict() != Verdict::Text,
        BlockKind::Paragraph(inline) => inline.code.as_ref().is_some_and(|code| is_for_doing_alone(code)),
        _ => false,
    }
}

/// An item that only tells: a link, a name with what it is, nothing but code that is no command.
pub(super) fn is_remark(inline: &Inline) -> bool {
    let tells = |rest: &str| rest.trim_start().starts_with([':', ',', '–', '—', '-']);
    let bold = inline.lead.as_ref().is_some_and(|(lead, rest)| lead.ends_with(':') || rest.starts_with(':'));
    let label = bold
        || inline
            .plain
            .split_once(": ")
            .is_some_and(|(name, rest)| name.split(' ').count() < 3 && !is_order(rest));
    let term = inline.raw.starts_with('`') && inline.raw.split('`').nth(2).is_some_and(tells);
    let code = inline.code.as_ref().is_some_and(|code| !is_for_doing_alone(code));
    let link = inline.raw.starts_with('[')
        && inline
            .raw
            .split_once("](")
            .and_then(|(_, rest)| rest.split_once(')'))
            .is_some_and(|(_, rest)| tells(rest));
    inline.links_only || code || (label || term || link) && !is_order(&inline.plain)
}

/// An item that is nothing but the name of the list below it.
pub(super) fn is_label(inline: &Inline) -> bool {
    inline
        .lead
        .as_ref()
        .is_some_and(|(lead, rest)| lead.ends_with(':') && rest.trim().is_empty() || rest.trim() == ":")
}

/// Whether a paragraph is nothing but commands that are not written as code.
pub(super) fn is_bare_command(inline: &Inline) -> bool {
    let command = |line: &str| looks_like_command(line) && !line.trim().starts_with('#');
    !inline.raw.contains('`') && !inline.raw.is_empty() && inline.raw.lines().all(command)
}

/// Why a person sees to what is kept as it is written: it holds something to do.
pub(super) fn seen_to(raw: &str) -> Option<&'static str> {
    let body = |line: &str| line.trim_start_matches(['>', ' ', '\t']).to_owned();
    let command = |line: &str| looks_like_command(line) && !line.starts_with('#');
    let shell = |line: &str| {
        let tag = line.trim_start_matches(['`', '~']);
        tag.len() + 3 <= line.len() && SHELLS.iter().chain(TERMINALS).any(|shell| *shell == tag.trim())
    };
    match raw.chars().next()? {
        '|' if is_table_of_steps(raw) => Some("it is a table of steps"),
        '>' if raw.lines().map(body).any(|line| shell(&line) || command(&line)) => {
            Some("the code stands in a quote")
        }
        '<' if raw.lines().any(|line| command(behind_tags(line))) => Some("the code stands in HTML"),
        _ => None,
    }
}

/// A line of HTML without the tags that it begins with.
fn behind_tags(line: &str) -> &str {
    let mut rest = line.trim_start();
    while let Some((_, behind)) = rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        rest = behind.trim_start();
    }
    rest
}

/// Whether a table tells what to do, row by row.
fn is_table_of_steps(raw: &str) -> bool {
    let head = raw.lines().next().unwrap_or_default().to_lowercase();
    ["step", "action", "task", "command", "instruction"].iter().any(|word| has(&head, word))
}

/// Whether a paragraph has lines that begin with a tick box, without being a list.
pub(super) fn ticks(inline: &Inline) -> bool {
    inline.raw.lines().any(|line| box_of(line).is_some())
}

pub(super) fn box_of(line: &str) -> Option<(bool, &str)> {
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
