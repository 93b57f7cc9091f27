//! What looks said, as a reader is told it: of a `done when`, and of a check that goes on looking.

use super::frames::FrameTold;
use super::index::is_poll;
use super::{Detail, Line, Live};
use crate::event::Verdict;
use crate::plan::Plan;
use crate::view::paint::Ink;

impl Live {
    /// The answer of a `done when`: before a step a no is no failure, after its undo it is what is wanted.
    pub(super) fn looked_whether(&mut self, known: &FrameTold, undone: bool, verdict: &Verdict) -> Vec<Line> {
        let (text, ink) = match (verdict, undone) {
            (Verdict::Failed(_), true) => ("no longer in place, as it should be".to_owned(), None),
            (Verdict::Failed(why), false) => (format!("not in place yet: {why}"), None),
            (Verdict::Passed | Verdict::InPlace, true) => {
                ("! still in place after the rollback".to_owned(), Some(Ink::Bad))
            }
            (Verdict::Inconclusive(why), _) => {
                (format!("? whether it is in place is not known: {why}"), Some(Ink::Alert))
            }
            (Verdict::Passed | Verdict::InPlace | Verdict::Stopped, _) => return vec![],
        };
        let beside_the_point = self.detail == Detail::Ends && ink.is_none();
        if beside_the_point || self.is_quiet(known.parent) {
            return vec![];
        }
        self.told(known.parent, text, ink)
    }

    /// A look of a check that goes on is told when it says something new.
    pub(super) fn looked(&mut self, plan: &Plan, known: &FrameTold, verdict: &Verdict) -> Vec<Line> {
        let said = match verdict {
            Verdict::Failed(why) => format!("not yet: {why}"),
            Verdict::Inconclusive(why) => format!("no answer: {why}"),
            Verdict::Passed | Verdict::InPlace => "passes".to_owned(),
            Verdict::Stopped => return vec![],
        };
        let Some(check) = self.frames.get_mut(&known.parent) else { return vec![] };
        let new = check.last != said && *verdict != Verdict::Passed;
        check.last.clone_from(&said);
        let tell = new && self.detail == Detail::All && check.heading.is_some() && is_poll(plan, check.node);
        let text = format!("… {}: {said}", check.title);
        let above = check.parent;
        if tell { self.told(above, text, None) } else { vec![] }
    }
}
