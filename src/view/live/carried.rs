//! What was done under the plan before, as people said how it stands in this one.

use super::frames::{ByPerson, Seen};
use super::whole::of_run;
use super::{Line, Live};
use crate::event::{Actor, Carried, Carry};
use crate::view::paint::Ink;

impl Live {
    pub(super) fn carried(&mut self, seen: Seen<'_>, carried: &Carried) -> Vec<Line> {
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
    pub(super) fn left_behind(&mut self, what: &str, why: &str, by: &Actor) -> Vec<Line> {
        self.books.word(&format!("\"{what}\""), "stays, nothing undoes it", why, Some(by));
        of_run(format!("\"{what}\" stays from the plan before ({}): {why}", by.name), Ink::Alert)
    }
}

pub(super) fn planned_anew(from: &str, why: &str, by: &Actor) -> Vec<Line> {
    of_run(format!("planned anew ({}): all above was done as run {from}; {why}", by.name), Ink::Alert)
}
