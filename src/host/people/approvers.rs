//! Whose yes counts: distinct people, members of the group where it is known, not who drives the run.
//!
//! Every approval, typed or from a file, goes through here. Knows names; verifies no signature.

use std::collections::{BTreeMap, BTreeSet};

/// What is known of the people who may approve.
#[derive(Clone, Debug, Default)]
pub struct Approvers {
    /// Members by group, as `bowline.toml` has them. Of a group that is not here anybody is one.
    pub groups: BTreeMap<String, Vec<String>>,
    /// Who drives the run or has driven it, under every name used.
    pub operators: BTreeSet<String>,
    /// Whether only signed votes count: nobody is then asked here.
    pub signed: bool,
}

/// What is needed: so many of which group, one alternative of several.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needed<'a> {
    pub(super) quorum: &'a [(u32, String)],
    pub(super) self_approval: bool,
}

impl Approvers {
    /// Whether a person may be one of those who approve.
    ///
    /// # Errors
    /// Why not, in words.
    pub(super) fn admit(&self, name: &str, needed: Needed<'_>) -> Result<(), String> {
        if self.operators.contains(name) && !needed.self_approval {
            return Err(format!("{name} operates this run and may not approve it"));
        }
        let groups: Vec<&str> = needed.quorum.iter().map(|(_, group)| group.as_str()).collect();
        if groups.is_empty() || groups.iter().any(|group| self.is_member(name, group)) {
            return Ok(());
        }
        Err(format!("{name} is not in {}", groups.join(" or ")))
    }

    /// The alternative that these people meet.
    ///
    /// # Errors
    /// Who may not approve, or how many are still needed.
    pub(super) fn met<'a>(
        &self,
        people: &BTreeSet<String>,
        needed: Needed<'a>,
    ) -> Result<Option<&'a (u32, String)>, String> {
        people.iter().try_for_each(|name| self.admit(name, needed))?;
        let count = |group: &str| people.iter().filter(|name| self.is_member(name, group)).count();
        let met = needed.quorum.iter().find(|(need, group)| count(group) >= *need as usize);
        if met.is_some() || needed.quorum.is_empty() {
            return Ok(met);
        }
        let wanted: Vec<_> =
            needed.quorum.iter().map(|(need, group)| format!("{need} from {group}")).collect();
        Err(format!("it names {}; needed are {}", people_in_words(people.len()), wanted.join(" or ")))
    }

    fn is_member(&self, name: &str, group: &str) -> bool {
        self.groups.get(group).is_none_or(|members| members.iter().any(|member| member == name))
    }
}

fn people_in_words(count: usize) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn approvers() -> Approvers {
        let groups = [("managers", vec!["ana", "bo"]), ("sre", vec!["cy"]), ("empty", vec![])];
        let owned = |(name, members): (&str, Vec<&str>)| {
            (name.to_owned(), members.into_iter().map(str::to_owned).collect())
        };
        let operators = BTreeSet::from(["ana".to_owned(), "olga".to_owned()]);
        Approvers { groups: groups.map(owned).into(), operators, signed: false }
    }

    fn met(names: &[&str], quorum: &[(u32, &str)], self_approval: bool) -> Result<String, String> {
        let people = names.iter().map(|name| (*name).to_owned()).collect();
        let quorum: Vec<_> = quorum.iter().map(|(need, group)| (*need, (*group).to_owned())).collect();
        let needed = Needed { quorum: &quorum, self_approval };
        approvers().met(&people, needed).map(|met| met.map(|(_, group)| group.clone()).unwrap_or_default())
    }

    #[test]
    fn only_members_count_and_only_in_their_group() {
        assert_eq!(met(&["bo"], &[(1, "managers")], false), Ok("managers".into()));
        assert_eq!(met(&["dan"], &[(1, "managers")], false), Err("dan is not in managers".into()));
        assert_eq!(met(&["cy"], &[(2, "managers"), (1, "sre")], false), Ok("sre".into()));
        let mixed = met(&["bo", "cy"], &[(2, "managers"), (2, "sre")], false);
        assert_eq!(mixed, Err("it names 2 people; needed are 2 from managers or 2 from sre".into()));
        assert_eq!(met(&["bo"], &[(1, "empty")], false), Err("bo is not in empty".into()));
    }

    #[test]
    fn who_drives_does_not_count_unless_the_runbook_says_so() {
        let own = "ana operates this run and may not approve it";
        assert_eq!(met(&["ana", "bo"], &[(1, "managers")], false), Err(own.into()));
        assert_eq!(met(&["ana", "bo"], &[(2, "managers")], true), Ok("managers".into()));
    }

    #[test]
    fn of_an_unknown_group_anybody_is_one() {
        assert_eq!(met(&["dan"], &[(1, "elsewhere")], false), Ok("elsewhere".into()));
    }
}
