//! What people decided about something that did not go by itself.

use super::frames::{ByPerson, Seen};
use super::{Detail, Line, Live};
use crate::event::{Actor, Choice, Frame, Kind, Settlement, Site};

impl Live {
    /// How it goes on after a failure; what the policy decides by itself shows in what follows.
    pub(super) fn decided(
        &mut self,
        seen: Seen<'_>,
        site: Site,
        choice: &Choice,
        (by, note): (Option<&Actor>, Option<&str>),
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
        let note = note.unwrap_or_default();
        let said = match choice {
            Choice::Run => return self.let_go(seen, site, (by, note)),
            Choice::Retry => ("again", note),
            Choice::ByHand(why) => ("done by hand", why.as_str()),
            // Of a phase or the run nothing is passed over: a guard broke or it was asked to stop, and it goes on.
            Choice::GoOn(why) if is_whole(seen, site) => ("goes on", why.as_str()),
            Choice::GoOn(why) => ("passed over", why.as_str()),
            Choice::Waive { why, until } => {
                waived = format!("waived until {until:.0}");
                (waived.as_str(), why.as_str())
            }
            Choice::Rollback if is_gate(seen, site) => ("rejected", note),
            Choice::Rollback => ("roll back", note),
            Choice::Leave => ("left as it is", note),
            Choice::GiveUp(why) => ("given up", why.as_str()),
        };
        self.said(seen, site, said, by)
    }

    /// A step that was asked about begins: the time for that was the person's.
    fn let_go(&mut self, seen: Seen<'_>, site: Site, (by, note): (&Actor, &str)) -> Vec<Line> {
        if let Some(place) = self.frames.get_mut(&site.frame) {
            place.began = seen.state.now;
        }
        let lines = self.said(seen, site, ("run", note), by);
        if self.detail == Detail::Ends && note.is_empty() { vec![] } else { lines }
    }

    /// What was settled from outside, while the run was stuck.
    pub(super) fn settled(
        &mut self,
        seen: Seen<'_>,
        site: Site,
        how: &Settlement,
        (by, note): (&Actor, Option<&str>),
    ) -> Vec<Line> {
        self.ended_by_person(
            site,
            match how {
                Settlement::Skip(_) => Some(ByPerson::PassedOver),
                Settlement::Done(_) => Some(ByPerson::ByHand),
                _ => None,
            },
        );
        let note = note.unwrap_or_default();
        let said = match how {
            Settlement::Again => ("again", note),
            Settlement::Done(why) => ("settled as done", why.as_str()),
            Settlement::Skip(why) => ("left undone", why.as_str()),
            Settlement::Rollback => ("roll back", note),
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
        let done = match word {
            "roll back" => "rolled back",
            "again" => "tried again",
            word => word,
        };
        self.books.word(&name, done, why, Some(by));
        self.told(site.frame, format!("→ {said} ({}: {why})", by.name), None)
    }
}

/// Whether a gate stands there.
fn is_gate(seen: Seen<'_>, site: Site) -> bool {
    seen.state.frame(site.frame).is_some_and(|frame| matches!(frame.kind, Kind::Gate(_)))
}

/// Whether a phase, an attempt or the run stands there as a whole, not something in it.
fn is_whole(seen: Seen<'_>, site: Site) -> bool {
    let frame = seen.state.frame(site.frame);
    frame.is_some_and(|frame| frame.node == site.node && Frame::as_scope(frame).is_some())
}
