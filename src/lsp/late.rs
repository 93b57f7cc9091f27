//! Reports about the plan of a text, kept while its next versions are checked.

use crate::compile::{Checked, Loader, Setting, Spent};
use crate::diag::Diagnostic;
use crate::text::{SourceId, Span};

/// What was found in a text.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) checked: Checked,
    /// What of this only the plan showed; until that is looked at, what was so of the version before.
    pub(super) late: Vec<Diagnostic>,
    /// What the editor was told last of this version.
    pub(super) told: Option<Vec<lsp_types::Diagnostic>>,
}

impl Found {
    /// All reports, as far as they are known.
    pub(super) fn known(&self) -> impl Iterator<Item = &Diagnostic> {
        let before = if self.checked.is_finished() { &[] } else { self.late.as_slice() };
        let known = &self.checked.diagnostics;
        known.iter().chain(before.iter().filter(|one| !known.contains(one)))
    }

    /// Looks at the plan.
    pub(super) fn finish(&mut self, loader: &dyn Loader, setting: &Setting) -> Option<Spent> {
        if self.checked.is_finished() {
            return None;
        }
        let early = self.checked.diagnostics.clone();
        let spent = self.checked.finish(loader, setting)?;
        let late = self.checked.diagnostics.iter().filter(|one| !early.contains(one));
        self.late = late.cloned().collect();
        Some(spent)
    }
}

/// The reports about the plan that stand in what did not change, where that stands now.
pub(super) fn still(found: &Found, text: &str) -> Vec<Diagnostic> {
    let Some(before) = found.checked.sources.get(SourceId::default()) else { return vec![] };
    let before = before.text();
    let same = |(a, b): &(u8, u8)| a == b;
    let front = before.bytes().zip(text.bytes()).take_while(same).count();
    let most = before.len().min(text.len()) - front;
    let back = before.bytes().rev().zip(text.bytes().rev()).take(most).take_while(same).count();
    let moved = |one: &Diagnostic| {
        let span = one.primary.span;
        let here = span.source == SourceId::default();
        let range = span.range();
        if !here || range.end <= front {
            return Some(one.clone());
        }
        let behind = range.start >= before.len() - back;
        let at = |offset: usize| (offset + text.len()).saturating_sub(before.len());
        let span = Span::new(span.source, at(range.start), at(range.end));
        let mut one = one.clone();
        one.primary.span = span;
        // Other places may have moved as well; the next report has them.
        one.secondary.clear();
        behind.then_some(one)
    };
    found.late.iter().filter_map(moved).collect()
}
