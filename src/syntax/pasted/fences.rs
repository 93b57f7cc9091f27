//! A script whose first or last line is written otherwise, and a last line too many: what stands between them is read as the
//! script. The signs that are meant take the place of those that are written, up to their end, so that places stay.

use std::ops::Range;

use super::super::clean::Line;
use super::super::habit::{FENCE, is_language};

/// A longer script is not looked for.
const LONGEST: usize = 500;

/// Signs that stand for others.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sign {
    /// Where they are written.
    pub(super) written: Range<usize>,
    /// What they mean.
    pub(super) meant: String,
    /// The bytes in which that fits; blanks before the signs are some of them.
    pub(super) room: Range<usize>,
}

impl Sign {
    fn new((start, line): Line<'_>, written: Range<usize>, meant: String) -> Option<Self> {
        let written = start + written.start..start + written.end;
        let begin = written.end.checked_sub(meant.len())?.min(written.start);
        (begin >= start && line.get(..begin - start)?.trim().is_empty()).then_some(Self {
            room: begin..written.end,
            written,
            meant,
        })
    }
}

/// The signs to write of the script that begins with the first of those lines, and how many lines it has.
pub(super) fn script(rest: &[Line<'_>]) -> Option<(Vec<Sign>, usize)> {
    let rest = rest.get(..LONGEST).unwrap_or(rest);
    let first = *rest.first()?;
    let (written, meant) = head(first.1)?;
    let is_right = first.1.get(written.clone()) == Some(meant.as_str());
    let ticks = meant.bytes().take_while(|byte| *byte == b'`').count();
    let mut inside = rest.iter().skip(1).take_while(|(_, line)| !opens(line));
    let number = inside.clone().position(|(_, line)| closes(line, ticks) || ends(line))? + 1;
    let (start, last) = *rest.get(number)?;
    let mut signs = vec![];
    if !is_right {
        signs.push(Sign::new(first, written, meant)?);
    } else if inside.any(|(_, line)| closes(line, ticks)) {
        return None;
    }
    if !closes(last, ticks) {
        let code = last.trim();
        let at = last.len() - last.trim_start().len();
        signs.push(Sign::new((start, last), at..at + code.len(), "`".repeat(ticks))?);
    }
    (!signs.is_empty()).then_some((signs, number + 1))
}

/// Whether the first of those lines, the first behind a script, closes it once more.
pub(super) fn closes_again(rest: &[Line<'_>]) -> bool {
    let next = || rest.iter().skip(1).find(|(_, line)| line.trim_start().starts_with(FENCE));
    rest.first().is_some_and(|(_, line)| line.trim() == FENCE) && next().is_none_or(|(_, line)| opens(line))
}

/// What opens a script in its first line, with its language, and how that is written here.
fn head(line: &str) -> Option<(Range<usize>, String)> {
    let code = line.trim_start();
    let begin = line.len() - code.len();
    let word = code.split([' ', '`', '~']).next().unwrap_or_default();
    if matches!(word, "let" | "look") {
        return code.find(FENCE).map(|at| (begin + at..begin + at + FENCE.len(), FENCE.to_owned()));
    }
    let fence = code.get(word.len()..)?.trim_start();
    let behind = fence.trim_start_matches(['`', '~']);
    let signs = fence.get(..fence.len() - behind.len()).filter(|signs| !signs.is_empty())?;
    let tag = behind.trim_start_matches([' ', '{', '.']);
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
    let (tag, rest) = tag.split_at_checked(end)?;
    let rest = rest.strip_prefix('}').filter(|_| behind.trim_start().starts_with('{')).unwrap_or(rest);
    let is_word = word.is_empty() || word.trim_end_matches(':') == "run" || is_language(word);
    let is_right = word.is_empty() && signs.len() >= FENCE.len() && behind.starts_with(tag);
    let language = if tag.is_empty() && is_language(word) { word } else { tag };
    // Between single backticks stand the words of a text.
    let is_fence =
        is_word && !rest.contains('`') && (is_right && signs.starts_with('`') || is_language(language));
    let ticks = if signs.starts_with('`') { signs.len().max(FENCE.len()) } else { FENCE.len() };
    is_fence.then(|| (begin..line.len() - rest.len(), format!("{}{language}", "`".repeat(ticks))))
}

/// Whether a line opens a script and can close none.
fn opens(line: &str) -> bool {
    let behind = line.trim().trim_start_matches('`');
    line.trim().len() - behind.len() >= FENCE.len() && behind.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Whether a line closes a script that so many backticks open.
fn closes(line: &str, ticks: usize) -> bool {
    let behind = line.trim().trim_start_matches('`');
    line.trim().len() - behind.len() == ticks && (behind.is_empty() || behind.trim() == "{")
}

/// Whether a line has nothing but signs that end a script, however many.
fn ends(line: &str) -> bool {
    let code = line.trim();
    ["``", "~~~", "'''"]
        .iter()
        .any(|signs| code.starts_with(signs) && code.chars().all(|c| signs.contains(c)))
}
