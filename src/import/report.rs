//! What came of an import, in numbers.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::remark::Kind;

/// The numbers of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Steps, those of people among them.
    pub steps: usize,
    /// Steps that a person does.
    pub manual: usize,
    /// Commands that the runbook runs.
    pub commands: usize,
    /// Commands, or blocks of code, that are left to a person.
    pub left: usize,
    /// Inputs that are proposed for places to fill in.
    pub inputs: usize,
    /// Remarks of each kind.
    pub remarks: BTreeMap<Kind, usize>,
    /// Words of the document.
    pub words: usize,
    /// Words of the document that are nowhere in the runbook.
    pub unplaced: usize,
}

impl Report {
    /// Counts what was drafted.
    pub(super) fn count(&mut self, drafts: &[Draft]) {
        for draft in drafts {
            match draft {
                Draft::Remark(remark) => *self.remarks.entry(remark.kind).or_default() += 1,
                Draft::Step(_, body) => {
                    self.steps += 1;
                    self.count(body);
                }
                Draft::Manual(_, body) => {
                    self.steps += 1;
                    self.manual += 1;
                    self.count(body);
                }
                Draft::Phase(_, body)
                | Draft::Choice(_, body)
                | Draft::Rollback(body)
                | Draft::Restore(body) => self.count(body),
                Draft::Judged(judged) => self.count(&judged.body),
                _ => {}
            }
        }
    }

    /// How many remarks of a kind there are.
    #[must_use]
    pub fn remarks_of(&self, kind: Kind) -> usize {
        self.remarks.get(&kind).copied().unwrap_or_default()
    }
}
