//! Who may approve in a run, and with which keys: settled when the run starts, and kept with it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::needed::is_operator;
use super::{NAMESPACE, Needed, Quorum};
use crate::sign::{Signer, read_signers};

/// Groups and keys as they were when the run started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// Id of the run.
    pub run: String,
    /// Whether votes must be signed.
    pub signed: bool,
    /// Members by group. Without any `bowline.toml` there is none.
    pub groups: Vec<(String, Vec<String>)>,
    /// Keys, a line of an allowed-signers file each, times in UTC.
    pub signers: Vec<String>,
}

impl Roster {
    /// The members of a group; `None` where it is not known.
    #[must_use]
    pub fn members(&self, group: &str) -> Option<&[String]> {
        let found = self.groups.iter().find(|(name, _)| name == group);
        found.map(|(_, members)| members.as_slice())
    }

    /// Whether a person is in a group. Of a group that is not known anybody is one where nothing need be signed.
    pub(super) fn is_member(&self, person: &str, group: &str) -> bool {
        match self.members(group) {
            Some(members) => members.iter().any(|member| member == person),
            None => !self.signed,
        }
    }

    /// Whether a person is in one of the groups that are needed.
    pub(super) fn may_vote(&self, person: &str, needed: &Needed) -> bool {
        needed.quorum.iter().any(|one| self.is_member(person, &one.from))
    }

    /// Everybody in the groups that are needed.
    pub(super) fn voters(&self, needed: &Needed) -> BTreeSet<&str> {
        let groups = needed.quorum.iter().filter_map(|one| self.members(&one.from));
        groups.flatten().map(String::as_str).collect()
    }

    /// The keys.
    pub(super) fn keys(&self) -> Vec<Signer> {
        self.signers
            .iter()
            .filter_map(|line| read_signers(line, &jiff::tz::TimeZone::UTC).ok())
            .flatten()
            .collect()
    }

    /// Whether a key (type and base64) may sign approvals, for that person where one is named.
    #[must_use]
    pub fn takes_key(&self, key: &str, person: Option<&str>) -> bool {
        let fits = |signer: &Signer| person.is_none_or(|person| signer.is_of(person));
        self.keys().iter().any(|signer| signer.key == key && signer.may_sign(NAMESPACE) && fits(signer))
    }

    /// Whether there is a key that this person may sign with at some time.
    fn has_key(&self, person: &str) -> bool {
        self.keys().iter().any(|signer| signer.may_sign(NAMESPACE) && signer.is_of(person))
    }

    /// Members of a group as they stand at a time: each with why no vote of theirs would count, where that is so.
    #[must_use]
    pub fn standing(
        &self,
        group: &str,
        operators: Option<&BTreeSet<String>>,
        at: Timestamp,
    ) -> Vec<(&str, Option<String>)> {
        let keys = self.keys();
        let why = |person: &str| {
            if operators.is_some_and(|operators| is_operator(person, operators)) {
                return Some("who operates the run".to_owned());
            }
            let mut own = keys.iter().filter(|key| key.is_of(person)).peekable();
            if !self.signed {
                return None;
            }
            if own.peek().is_none() {
                return Some("who has no key".to_owned());
            }
            let mut whys = own.map(|key| key.objection(at, NAMESPACE));
            whys.try_fold(String::new(), |_, why| why).map(|why| format!("whose key {why}"))
        };
        let members = self.members(group).unwrap_or_default().iter();
        members.map(|person| (person.as_str(), why(person))).collect()
    }

    /// Members of a group whose vote can count; `None` where anybody's can.
    pub(super) fn able(
        &self,
        group: &str,
        self_approval: bool,
        operators: &BTreeSet<String>,
    ) -> Option<Vec<&String>> {
        let members = match (self.members(group), self.signed) {
            (Some(members), _) => members,
            (None, true) => &[],
            (None, false) => return None,
        };
        let able = |person: &&String| {
            (self_approval || !is_operator(person, operators)) && (!self.signed || self.has_key(person))
        };
        Some(members.iter().filter(able).collect())
    }

    /// In words, for each alternative, why it can never be met; nothing where one can.
    #[must_use]
    pub fn lacks(&self, needed: &Needed, operators: &BTreeSet<String>) -> Vec<String> {
        let each = needed.quorum.iter().map(|one| self.lack(one, needed.self_approval, operators));
        each.collect::<Option<Vec<_>>>().unwrap_or_default()
    }

    fn lack(&self, one: &Quorum, self_approval: bool, operators: &BTreeSet<String>) -> Option<String> {
        let Quorum { need, from } = one;
        let able = self.able(from, self_approval, operators)?;
        if able.len() >= *need as usize {
            return None;
        }
        let Some(members) = self.members(from) else {
            return Some(format!("there is no group `{from}`"));
        };
        let out: Vec<String> = members
            .iter()
            .filter(|person| !able.contains(person))
            .map(|person| {
                let why =
                    if self.has_key(person) || !self.signed { "operates the run" } else { "has no key" };
                format!("{person} {why}")
            })
            .collect();
        let out = if out.is_empty() { String::new() } else { format!(" ({})", out.join(", ")) };
        Some(format!("{need} from `{from}` are needed, and {} can approve{out}", able.len()))
    }
}
