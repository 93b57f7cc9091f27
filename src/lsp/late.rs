//! Reports about the plan of a text, kept while its next version is checked.

use crate::compile::Checked;
use crate::diag::Diagnostic;
use crate::text::{SourceId, Span};

/// What was found in a text.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) checked: Checked,
    /// Of its reports those that only the plan showed; of a text that was told of once, all.
    pub(super) late: Vec<Diagnostic>,
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
