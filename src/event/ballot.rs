//! Approvals that are open: what is asked of people, and what they said so far.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::apply::Move;
use super::{Ballot, EffectId, EffectRun, RunState, Site, Slot};
use crate::approval::Vote;

impl RunState {
    /// The approvals that are open, in the order in which they were asked.
    #[must_use]
    pub fn ballots(&self) -> Vec<(Site, &EffectRun, &Ballot)> {
        let mut found: Vec<_> = self
            .frames()
            .flat_map(|frame| frame.slots.iter().map(move |slot| (frame.id, slot)))
            .filter_map(|(frame, slot)| {
                let run = slot.effect()?;
                Some((Site { frame, node: slot.node }, run, run.ballot.as_deref()?))
            })
            .collect();
        found.sort_by_key(|(_, run, _)| run.id);
        found
    }

    /// Whether that was handed in before: counted or not, once is enough.
    #[must_use]
    pub fn was_handed_in(&self, sha256: &str) -> bool {
        self.handed_in.contains(sha256)
    }

    /// How much was handed in so far.
    #[must_use]
    pub fn handed_in(&self) -> usize {
        self.handed_in.len()
    }

    /// Everybody who drives the run or has driven it.
    #[must_use]
    pub fn operators(&self) -> &BTreeSet<String> {
        &self.operators
    }

    pub(super) fn requested(&mut self, effect: EffectId, asked: Timestamp, text: &str) -> Move {
        let run = self.effect_mut(effect)?;
        if run.ballot.is_some() {
            return Err(format!("effect {} is asked already", effect.0));
        }
        run.ballot = Some(Box::new(Ballot { asked, text: text.to_owned(), votes: vec![] }));
        Ok(())
    }

    pub(super) fn voted(&mut self, effect: EffectId, sha256: &str, vote: &Vote) -> Move {
        let ballot = self.effect_mut(effect)?.ballot.as_mut();
        ballot.ok_or_else(|| format!("effect {} is no open approval", effect.0))?.votes.push(vote.clone());
        self.handed_in.insert(sha256.to_owned());
        Ok(())
    }

    pub(super) fn vote_refused(&mut self, sha256: &str) {
        self.handed_in.insert(sha256.to_owned());
    }
}

impl Slot {
    /// The approval that stands here, if one is open.
    #[must_use]
    pub fn ballot(&self) -> Option<&Ballot> {
        self.effect()?.ballot.as_deref()
    }
}
