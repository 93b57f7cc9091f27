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

    /// Why no vote of a person would count, to follow the name. `objection` is that to a key of theirs: one without is enough.
    fn hindrance(
        &self,
        person: &str,
        operators: Option<&BTreeSet<String>>,
        objection: impl Fn(&Signer) -> Option<String>,
    ) -> Option<String> {
        if operators.is_some_and(|operators| is_operator(person, operators)) {
            return Some("operates the run".to_owned());
        }
        if !self.signed {
            return None;
        }
        let keys = self.keys();
        let mut whys = keys.iter().filter(|key| key.is_of(person)).map(objection).peekable();
        if whys.peek().is_none() {
            return Some("has no key".to_owned());
        }
        whys.try_fold(String::new(), |_, why| why).map(|why| format!("has a key that {why}"))
    }

    /// Members of a group as they stand at a time: each with why no vote of theirs would count, where that is so.
    #[must_use]
    pub fn standing(
        &self,
        group: &str,
        operators: Option<&BTreeSet<String>>,
        at: Timestamp,
    ) -> Vec<(&str, Option<String>)> {
        let why = |person: &str| self.hindrance(person, operators, |key| key.objection(at, NAMESPACE));
        let members = self.members(group).unwrap_or_default().iter();
        members.map(|person| (person.as_str(), why(person))).collect()
    }

    /// Members of a group: each with why no vote of theirs can count from that time on, where that is so; `None` where anybody's can.
    fn hindered(&self, one: &Quorum, by: Hindering<'_>) -> Option<Vec<(&String, Option<String>)>> {
        let members = match (self.members(&one.from), self.signed) {
            (Some(members), _) => members,
            (None, true) => &[],
            (None, false) => return None,
        };
        let operators = (!by.self_approval).then_some(by.operators);
        // A key that becomes valid later may count then.
        let ever = |key: &Signer| key.objection(key.after.map_or(by.since, |at| at.max(by.since)), NAMESPACE);
        Some(members.iter().map(|person| (person, self.hindrance(person, operators, ever))).collect())
    }

    /// Members of a group whose vote can count at some time; `None` where anybody's can.
    pub(super) fn able(
        &self,
        one: &Quorum,
        self_approval: bool,
        operators: &BTreeSet<String>,
    ) -> Option<Vec<&String>> {
        let by = Hindering { self_approval, operators, since: Timestamp::MIN };
        let able = self.hindered(one, by)?.into_iter().filter(|(_, why)| why.is_none());
        Some(able.map(|(person, _)| person).collect())
    }

    /// In words, for each alternative, why it can never be met from that time on; nothing where one can.
    #[must_use]
    pub fn lacks(&self, needed: &Needed, operators: &BTreeSet<String>, since: Timestamp) -> Vec<String> {
        let by = Hindering { self_approval: needed.self_approval, operators, since };
        needed.quorum.iter().map(|one| self.lack(one, by)).collect::<Option<Vec<_>>>().unwrap_or_default()
    }

    fn lack(&self, one: &Quorum, by: Hindering<'_>) -> Option<String> {
        let Quorum { need, from } = one;
        let hindered = self.hindered(one, by)?;
        let out: Vec<String> =
            hindered.iter().filter_map(|(person, why)| Some(format!("{person} {}", why.as_ref()?))).collect();
        let able = hindered.len() - out.len();
        if able >= *need as usize {
            return None;
        }
        if self.members(from).is_none() {
            return Some(format!("there is no group `{from}`"));
        }
        let out = if out.is_empty() { String::new() } else { format!(" ({})", out.join(", ")) };
        Some(format!("{need} from `{from}` are needed, and {able} can approve{out}"))
    }
}

/// What may keep votes from counting: who drives the run, and the time from which they are handed in.
#[derive(Clone, Copy)]
struct Hindering<'a> {
    self_approval: bool,
    operators: &'a BTreeSet<String>,
    since: Timestamp,
}
