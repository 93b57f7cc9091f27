//! The lines of an outline, as data.

use serde::Serialize;

/// A step, named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepRef {
    /// Its number in the tree, from 1.
    pub number: usize,
    /// Its title.
    pub title: String,
}

/// A line of the tree with what is below it.
#[derive(Debug, Default, Serialize)]
pub struct Item {
    /// `step`, `run`, `check`, `rollback`, `commit`, …
    pub kind: &'static str,
    /// Number of a step, from 1 in the order of the tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<usize>,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its one line: a command, a request, a condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The target where a step or an effect is done; left out where it is this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// `reads`, `changes` or `asks`, of a step `irreversible` too; empty where it says nothing.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub class: &'static str,
    /// Options as shown: `within 10m`, `retry 3`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Names that its answer gets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub binds: Vec<String>,
    /// A script, verbatim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub script: Option<String>,
    /// The prose beside it, where a person acts or decides by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prose: Option<String>,
    /// What is in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    /// How much of the prose of its block stands above it; `None` for what has no place among the statements.
    #[serde(skip)]
    pub(crate) above: Option<usize>,
}

/// The kind of a passage of prose that stands between the items of a block.
pub(crate) const PROSE: &str = "prose";

impl Item {
    /// Gives it the prose of its block.
    pub(super) fn place(&mut self, prose: &str) {
        (self.prose, self.items) = placed(prose, std::mem::take(&mut self.items));
    }
}

/// The prose of a block set where it stands: what opens the block, and each later passage among the items.
pub(super) fn placed(prose: &str, items: Vec<Item>) -> (Option<String>, Vec<Item>) {
    let mut passages = Passages { prose, told: 0 };
    let first = items.iter().find_map(|item| item.above);
    let opening = passages.up_to(first.unwrap_or(prose.len()));
    let last = items.iter().rposition(|item| item.above.is_some());
    let mut all = vec![];
    for (at, item) in items.into_iter().enumerate() {
        all.extend(item.above.and_then(|above| passages.up_to(above)).map(passage));
        all.push(item);
        if Some(at) == last {
            all.extend(passages.up_to(prose.len()).map(passage));
        }
    }
    (opening, all)
}

fn passage(prose: String) -> Item {
    Item { kind: PROSE, prose: Some(prose), ..Item::default() }
}

/// The prose of a block, taken off its front.
struct Passages<'p> {
    prose: &'p str,
    told: usize,
}

impl Passages<'_> {
    /// What was not yet taken of it before that place.
    fn up_to(&mut self, end: usize) -> Option<String> {
        let passage = self.prose.get(self.told..end)?.trim_matches('\n');
        self.told = end;
        (!passage.is_empty()).then(|| passage.to_owned())
    }
}
