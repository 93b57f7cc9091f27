//! What is folded away or set apart between other blocks, until it is closed: `<details>` and `::: warning`. What its
//! opening says holds for all that stands in it.

use super::blocks::{Block, BlockKind};
use super::withheld::withheld;

/// Why nothing is run of what stands somewhere, with the line that says so.
pub(super) type Withheld = Option<(usize, &'static str)>;

/// What is open where blocks stand one after the other.
pub(super) struct Folds {
    around: Withheld,
    open: Vec<Withheld>,
}

impl Folds {
    /// Nothing is open yet; what stands around withholds its blocks, or not.
    pub(super) fn new(around: Withheld) -> Self {
        Self { around, open: vec![] }
    }

    /// Takes the next block, and says what holds for those behind it.
    pub(super) fn take(&mut self, block: &Block) -> Withheld {
        match &block.kind {
            BlockKind::Raw(raw) => self.html(raw, block.line),
            BlockKind::Paragraph(inline) => self.colons(&inline.plain, block.line),
            _ => {}
        }
        self.around.or_else(|| self.open.iter().copied().flatten().next())
    }

    fn html(&mut self, raw: &str, line: usize) {
        let opened = raw.split("<details").skip(1);
        self.open.extend(opened.map(|inside| Some((line, withheld(summary(inside)?)?))));
        let struck = ["<del>", "<s>", "<strike>"].iter().map(|tag| raw.matches(tag).count()).sum();
        self.open.extend(std::iter::repeat_n(Some((line, "it is struck out")), struck));
        let closed = ["</details", "</del", "</s>", "</strike"]
            .iter()
            .map(|tag| raw.matches(tag).count())
            .sum::<usize>();
        self.open.truncate(self.open.len().saturating_sub(closed));
    }

    fn colons(&mut self, plain: &str, line: usize) {
        let (begins, ends) = (plain.starts_with(":::"), plain.ends_with(":::"));
        let closes = begins && plain.chars().all(|c| c == ':') || !begins && ends;
        if closes {
            self.open.pop();
        } else if begins && !ends {
            self.open.push(withheld(plain).map(|why| (line, why)));
        }
    }
}

/// The words that unfold what stands below them.
fn summary(raw: &str) -> Option<&str> {
    raw.split_once("<summary>")?.1.split("</summary>").next()
}
