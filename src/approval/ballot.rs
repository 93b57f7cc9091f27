//! Counting: distinct people, the alternatives of a quorum, and when it can no longer be met.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::needed::is_operator;
use super::{Needed, Quorum, Roster};

/// What one person decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VoteChoice {
    /// Yes; with a note, or none.
    Approve(String),
    /// No, for that reason: ends the approval at once.
    Reject(String),
    /// Steps aside, for that reason.
    Decline(String),
}

/// What one person said to one request, verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vote {
    /// Who, as groups name them.
    pub person: String,
    /// What.
    pub choice: VoteChoice,
    /// When it reached this machine.
    pub arrived: Timestamp,
    /// Fingerprint of the key that signed it; `None` where nothing was signed.
    pub key: Option<String>,
    /// The whole text, as it was signed.
    pub statement: String,
    /// The signature, as `ssh-keygen -Y sign` writes it.
    pub signature: Option<String>,
}

/// How a count stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tally {
    /// An alternative is met, by these people.
    Met {
        /// Which.
        quorum: Quorum,
        /// By whom, in the order of their votes.
        people: Vec<String>,
    },
    /// Somebody rejected it.
    Rejected {
        /// Who.
        person: String,
        /// Why.
        why: String,
    },
    /// Too many stepped aside.
    Unreachable {
        /// They.
        people: Vec<String>,
    },
    /// More are needed.
    Open,
}

/// How the votes on a request stand. Votes of those who drive the run, by now, do not count.
#[must_use]
pub fn tally(votes: &[Vote], needed: &Needed, roster: &Roster, operators: &BTreeSet<String>) -> Tally {
    let votes = counted(votes, needed, operators);
    if let Some((person, why)) = votes.iter().find_map(|vote| match &vote.choice {
        VoteChoice::Reject(why) => Some((vote.person.clone(), why.clone())),
        _ => None,
    }) {
        return Tally::Rejected { person, why };
    }
    let met = approved(&votes, needed, roster).find(|(quorum, people)| people.len() >= quorum.need as usize);
    if let Some((quorum, people)) = met {
        return Tally::Met { quorum: quorum.clone(), people };
    }
    let declined = votes.iter().filter(|vote| matches!(vote.choice, VoteChoice::Decline(_)));
    let declined: Vec<String> = declined.map(|vote| vote.person.clone()).collect();
    let out: BTreeSet<&String> = declined.iter().collect();
    let reachable = needed.quorum.iter().any(|one| {
        let left = roster.able(one, needed.self_approval, operators);
        left.is_none_or(|left| {
            left.iter().filter(|person| !out.contains(**person)).count() >= one.need as usize
        })
    });
    if reachable || declined.is_empty() { Tally::Open } else { Tally::Unreachable { people: declined } }
}

/// The alternatives of a quorum in the order written, each with the people who have approved so far. Votes of those who
/// drive the run, by now, do not count.
#[must_use]
pub fn so_far(
    votes: &[Vote],
    needed: &Needed,
    roster: &Roster,
    operators: &BTreeSet<String>,
) -> Vec<(Quorum, Vec<String>)> {
    let votes = counted(votes, needed, operators);
    approved(&votes, needed, roster).map(|(quorum, people)| (quorum.clone(), people)).collect()
}

fn counted<'a>(votes: &'a [Vote], needed: &Needed, operators: &BTreeSet<String>) -> Vec<&'a Vote> {
    let counts = |vote: &&Vote| needed.self_approval || !is_operator(&vote.person, operators);
    votes.iter().filter(counts).collect()
}

fn approved<'a>(
    votes: &'a [&Vote],
    needed: &'a Needed,
    roster: &'a Roster,
) -> impl Iterator<Item = (&'a Quorum, Vec<String>)> {
    needed.quorum.iter().map(move |quorum| {
        let yes = votes.iter().filter(|vote| matches!(vote.choice, VoteChoice::Approve(_)));
        let of = yes.map(|vote| &vote.person).filter(|person| roster.is_member(person, &quorum.from));
        (quorum, of.cloned().collect())
    })
}
