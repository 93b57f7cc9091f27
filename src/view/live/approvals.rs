//! Approvals as a reader knows them: what is asked of whom, and what they said.

use jiff::Timestamp;

use super::{Line, Live};
use crate::approval::{Vote, VoteChoice, field};
use crate::event::EffectId;
use crate::view::paint::Ink;

impl Live {
    /// Who is needed, until when, and how they answer.
    pub(super) fn requested(&mut self, at: Timestamp, effect: EffectId, text: &str) -> Vec<Line> {
        let Some(running) = self.effects.get_mut(&effect) else { return vec![] };
        running.requested = true;
        let site = running.site;
        let of = |name: &str| field(text, name).unwrap_or_default().to_owned();
        let until = match of("expires").as_str() {
            "never" => String::new(),
            expires => {
                expires.parse().map(|until| format!(" until {}", self.clock(at, until))).unwrap_or_default()
            }
        };
        let told = format!(
            "approval \"{}\": {}{until}; `bowline approve {}`",
            of("approval"),
            of("needed"),
            of("run")
        );
        self.told(site.frame, told, Some(Ink::Alert))
    }

    pub(super) fn voted(&mut self, effect: EffectId, vote: &Vote) -> Vec<Line> {
        let Some(site) = self.effects.get(&effect).map(|running| running.site) else { return vec![] };
        let (mark, ink) = match vote.choice {
            VoteChoice::Approve(_) => ("✓", Ink::Good),
            VoteChoice::Reject(_) => ("✗", Ink::Bad),
            VoteChoice::Decline(_) => ("-", Ink::Alert),
        };
        let signed = if vote.key.is_some() { "" } else { " (unsigned)" };
        self.told(site.frame, format!("{mark} {}{signed}", vote.told()), Some(ink))
    }
}
