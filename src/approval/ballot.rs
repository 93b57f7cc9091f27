//! Counting: distinct people, the alternatives of a quorum, and when it can no longer be met.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;

use super::Roster;

/// So many of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quorum {
    /// How many people; at least 1.
    pub need: u32,
    /// The group.
    pub from: String,
}

/// Who is needed: one of the alternatives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needed {
    /// The alternatives, in the order written.
    pub quorum: Vec<Quorum>,
    /// Whether who drives the run may be one of them.
    pub self_approval: bool,
}

impl fmt::Display for Needed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = self.quorum.iter().map(|one| format!("{} from {}", one.need, one.from));
        f.write_str(&each.collect::<Vec<_>>().join(" or "))?;
        f.write_str(if self.self_approval { ", the operator may be one of them" } else { "" })
    }
}

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
    let counts = |vote: &&Vote| needed.self_approval || !is_operator(&vote.person, operators);
    let votes: Vec<&Vote> = votes.iter().filter(counts).collect();
    if let Some((person, why)) = votes.iter().find_map(|vote| match &vote.choice {
        VoteChoice::Reject(why) => Some((vote.person.clone(), why.clone())),
        _ => None,
    }) {
        return Tally::Rejected { person, why };
    }
    let said = |wanted: fn(&VoteChoice) -> bool| -> Vec<String> {
        votes.iter().filter(|vote| wanted(&vote.choice)).map(|vote| vote.person.clone()).collect()
    };
    let approved = said(|choice| matches!(choice, VoteChoice::Approve(_)));
    for quorum in &needed.quorum {
        let people = approved.iter().filter(|person| roster.is_member(person, &quorum.from));
        let people: Vec<String> = people.cloned().collect();
        if people.len() >= quorum.need as usize {
            return Tally::Met { quorum: quorum.clone(), people };
        }
    }
    let declined = said(|choice| matches!(choice, VoteChoice::Decline(_)));
    let out: BTreeSet<&String> = declined.iter().collect();
    let reachable = needed.quorum.iter().any(|one| {
        let left = roster.able(&one.from, needed.self_approval, operators);
        left.is_none_or(|left| {
            left.iter().filter(|person| !out.contains(**person)).count() >= one.need as usize
        })
    });
    if reachable || declined.is_empty() { Tally::Open } else { Tally::Unreachable { people: declined } }
}

/// Whether a person drives or has driven the run: by that name, or by the part of it before an `@`.
pub(super) fn is_operator(person: &str, operators: &BTreeSet<String>) -> bool {
    let local = |name: &str| name.split('@').next().unwrap_or_default().to_owned();
    operators.iter().any(|operator| operator == person || local(operator) == local(person))
}
