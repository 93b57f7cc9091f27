//! What was done under the plan before, as people said how it stands in this one.

use super::frames::{ByPerson, Seen};
use super::{Line, Live};
use crate::event::{Carried, Carry, Fact};
use crate::view::paint::Ink;

impl Live {
    /// What a run tells that goes on from another.
    pub(super) fn anew(&mut self, seen: Seen<'_>, fact: &Fact) -> Vec<Line> {
        let text = match fact {
            Fact::Carried(carried) => return self.carried(seen, carried),
            Fact::PlannedAnew { from, why, by, .. } => {
                format!("planned anew ({}): all above was done as run {from}; {why}", by.name)
            }
            Fact::LeftBehind { what, why, by } => {
                self.books.word(&format!("\"{what}\""), "stays, nothing undoes it", why, Some(by));
                format!("\"{what}\" stays from the plan before ({}): {why}", by.name)
            }
            _ => return vec![],
        };
        vec![Line::new(0, text).ink(Ink::Alert)]
    }

    fn carried(&mut self, seen: Seen<'_>, carried: &Carried) -> Vec<Line> {
        let Carried { frame, node, how, started, why, by, .. } = carried;
        let own = self
            .title(seen, *frame, *node)
            .filter(|_| seen.state.frame(*frame).is_some_and(|at| at.node != *node));
        let title = own.unwrap_or_else(|| self.near(*frame));
        if *started {
            self.books.changes(*frame);
        }
        let told = match how {
            Carry::Keep => "stands as it was done under the plan before",
            Carry::Again => "is done again, as this plan has it",
            Carry::Done => {
                if let Some(place) = self.frames.get_mut(frame) {
                    place.by_person = Some(ByPerson::ByHand);
                }
                "done by hand"
            }
        };
        self.books.word(&format!("\"{title}\""), told, why, Some(by));
        self.told(*frame, format!("! {title} {told} ({}): {why}", by.name), Some(Ink::Alert))
    }
}
