//! What people decided about something that did not go by itself.

use super::frames::{ByPerson, Seen};
use super::{Detail, Line, Live};
use crate::event::{Actor, Choice, Settlement, Site};

impl Live {
    /// How it goes on after a failure; what the policy decides by itself shows in what follows.
    pub(super) fn decided(
        &mut self,
        seen: Seen<'_>,
        site: Site,
        choice: &Choice,
        by: Option<&Actor>,
    ) -> Vec<Line> {
        let Some(by) = by else { return vec![] };
        let by_person = match choice {
            Choice::GoOn(_) => Some(ByPerson::PassedOver),
            Choice::ByHand(_) => Some(ByPerson::ByHand),
            _ => None,
        };
        if let Some(place) = self.frames.get_mut(&site.frame) {
            place.by_person = by_person;
        }
        let said = match choice {
            Choice::Run => return self.let_go(seen, site, by),
            Choice::Retry => ("again", ""),
            Choice::ByHand(why) => ("done by hand", why.as_str()),
            // Of the run itself nothing is passed over: it was asked to stop, and goes on.
            Choice::GoOn(why) if self.near(seen, site.frame, site.node).is_empty() => {
                ("goes on", why.as_str())
            }
            Choice::GoOn(why) => ("passed over", why.as_str()),
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
        let said = match how {
            Settlement::Again => ("again", ""),
            Settlement::Done(why) => ("settled as done", why.as_str()),
            Settlement::Skip(why) => ("left undone", why.as_str()),
            Settlement::Rollback => ("roll back", ""),
            Settlement::GiveUp(why) => ("given up", why.as_str()),
        };
        self.said(seen, site, said, by)
    }

    fn said(&mut self, seen: Seen<'_>, site: Site, (word, why): (&str, &str), by: &Actor) -> Vec<Line> {
        let title = self.near(seen, site.frame, site.node);
        let said = if title.is_empty() { word.to_owned() } else { format!("\"{title}\": {word}") };
        if why.is_empty() {
            return self.told(site.frame, format!("→ {said} ({})", by.name), None);
        }
        self.books.word(&title, word, why, Some(by));
        self.told(site.frame, format!("→ {said} ({}: {why})", by.name), None)
    }
}
