//! What the votes on an approval come to, and until when they count. Pure.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::time::{duration, later};
use crate::approval::{Needed, Quorum, Roster, Tally, tally};
use crate::event::{Ballot, EffectRun, RunState, Site};
use crate::plan::{NodeId, Plan, QuestionKind};

/// Who is needed for the approval at a node.
pub(super) fn needed(plan: &Plan, node: NodeId) -> Option<Needed> {
    match approval_at(plan, node)? {
        QuestionKind::Approval { quorum, self_approval, .. } => {
            let quorum = quorum.iter().map(|one| Quorum { need: one.need, from: one.from.clone() });
            Some(Needed { quorum: quorum.collect(), self_approval: *self_approval })
        }
        _ => None,
    }
}

fn approval_at(plan: &Plan, node: NodeId) -> Option<&QuestionKind> {
    let question = plan.question(node).filter(|_| plan.is_approval(node))?;
    Some(&question.kind)
}

/// When the time of an approval is over that was asked then.
pub(super) fn expiry(plan: &Plan, state: &RunState, site: Site, asked: Timestamp) -> Option<Timestamp> {
    let QuestionKind::Approval { within: Some(within), .. } = approval_at(plan, site.node)? else {
        return None;
    };
    Some(later(asked, duration(state, site.frame, within)?))
}

/// How an approval was decided.
pub(super) struct Verdict {
    /// Whether it is a yes.
    pub(super) yes: bool,
    /// Who decided, names with commas.
    pub(super) by: String,
    /// In words.
    pub(super) message: String,
}

/// Whether the votes on an approval decide it.
pub(super) fn decided(plan: &Plan, state: &RunState, node: NodeId, run: &EffectRun) -> Option<Verdict> {
    let (ballot, roster) = (run.ballot.as_deref()?, state.roster.as_ref()?);
    verdict(ballot, &needed(plan, node)?, roster, state.operators())
}

fn verdict(
    ballot: &Ballot,
    needed: &Needed,
    roster: &Roster,
    operators: &BTreeSet<String>,
) -> Option<Verdict> {
    let signed = |people: &[String]| {
        let mut of = ballot.votes.iter().filter(|vote| people.contains(&vote.person));
        if of.all(|vote| vote.key.is_some()) { "signed" } else { "unsigned" }
    };
    match tally(&ballot.votes, needed, roster, operators) {
        Tally::Open => None,
        Tally::Met { quorum: Quorum { need, from }, people } => {
            let message = format!("{}, {need} from {from}", signed(&people));
            Some(Verdict { yes: true, by: people.join(", "), message })
        }
        Tally::Rejected { person, why } => {
            Some(Verdict { yes: false, message: format!("rejected by {person}: {why}"), by: person })
        }
        Tally::Unreachable { people } => {
            let by = people.join(", ");
            let message = format!("{by} declined, and {needed} can no longer be had");
            Some(Verdict { yes: false, by, message })
        }
    }
}
