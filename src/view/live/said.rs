//! What people decided about something that did not go by itself.

use super::frames::{ByPerson, Seen};
use super::{Detail, Line, Live};
use crate::event::{Actor, Choice, Frame, Settlement, Site};

impl Live {
    /// How it goes on after a failure; what the policy decides by itself shows in what follows.
    pub(super) fn decided(
        &mut self,
        seen: Seen<'_>,
        site: Site,
        choice: &Choice,
        by: Option<&Actor>,
    ) -> Vec<Line> {
        self.over(site);
        let Some(by) = by else { return vec![] };
        self.ended_by_person(
            site,
            match choice {
                Choice::GoOn(_) => Some(ByPerson::PassedOver),
                Choice::ByHand(_) => Some(ByPerson::ByHand),
                _ => None,
            },
        );
        let waived;
        let said = match choice {
            Choice::Run => return self.let_go(seen, site, by),
            Choice::Retry => ("again", ""),
            Choice::ByHand(why) => ("done by hand", why.as_str()),
            // Of a phase or the run nothing is passed over: a guard broke or it was asked to stop, and it goes on.
            Choice::GoOn(why) if is_whole(seen, site) => ("goes on", why.as_str()),
            Choice::GoOn(why) => ("passed over", why.as_str()),
            Choice::Waive { why, until } => {
                waived = format!("waived until {until:.0}");
                (waived.as_str(), why.as_str())
            }
            Choice::Rollback => ("roll back", ""),
            Choice::Leave => ("left as it is", ""),
            Choice::GiveUp(why) => ("given up", why.as_str()),
        };
        self.said(seen, site, said, by)
    }

    /// A step that was asked about begins: the time for that was the person's.
    fn let_go(&mut self, seen: Seen<'_>, site: Site, by: &Actor) -> Vec<Line> {
        if let Some(place) = self.frames.get_mut(&site.frame) {
            place.began = seen.state.now;
        }
        if self.detail == Detail::Ends { vec![] } else { self.said(seen, site, ("run", ""), by) }
    }

    /// What was settled from outside, while the run was stuck.
    pub(super) fn settled(&mut self, seen: Seen<'_>, site: Site, how: &Settlement, by: &Actor) -> Vec<Line> {
        self.ended_by_person(
            site,
            match how {
                Settlement::Skip(_) => Some(ByPerson::PassedOver),
                Settlement::Done(_) => Some(ByPerson::ByHand),
                _ => None,
            },
        );
        let said = match how {
            Settlement::Again => ("again", ""),
            Settlement::Done(why) => ("settled as done", why.as_str()),
            Settlement::Skip(why) => ("left undone", why.as_str()),
            Settlement::Rollback => ("roll back", ""),
            Settlement::GiveUp(why) => ("given up", why.as_str()),
        };
        self.said(seen, site, said, by)
    }

    /// How the step or undo there came to its end; what stands beside steps has none.
    fn ended_by_person(&mut self, site: Site, how: Option<ByPerson>) {
        if let Some(unit) = self.unit_of(site.frame) {
            unit.by_person = how;
        }
    }

    fn said(&mut self, seen: Seen<'_>, site: Site, (word, why): (&str, &str), by: &Actor) -> Vec<Line> {
        let name = self.named(seen, site);
        let said = if name.is_empty() { word.to_owned() } else { format!("{name}: {word}") };
        if why.is_empty() {
            return self.told(site.frame, format!("→ {said} ({})", by.name), None);
        }
        self.books.word(&name, word, why, Some(by));
        self.told(site.frame, format!("→ {said} ({}: {why})", by.name), None)
    }
}

/// Whether a phase, an attempt or the run stands there as a whole, not something in it.
fn is_whole(seen: Seen<'_>, site: Site) -> bool {
    let frame = seen.state.frame(site.frame);
    frame.is_some_and(|frame| frame.node == site.node && Frame::as_scope(frame).is_some())
}
