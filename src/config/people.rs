//! People with their keys, groups of approvers, and roles.

use std::collections::{BTreeMap, HashMap};

use toml::de::{DeTable, DeValue};

use super::reader::{At, Reader};
use super::{Config, Group, keys};
use crate::diag::{Diagnostic, codes, nearest};
use crate::text::Span;

const PEOPLE: &str = "ana = \"ssh-ed25519 AAAAC3Nz… ana\"";
const GROUPS: &str = "release-managers = [\"ana\", \"bo\"]";
const ROLES: &str = "database = \"bo\"";

/// The role that whoever drives a run always holds, so that nobody is named for it here. It is `event::OPERATOR`, which this
/// module may not know; a test holds them equal.
pub(super) const OPERATOR: &str = "operator";

/// Names of people where they are used, to be looked up once all are known.
type Mentions = Vec<(String, Span)>;

impl Reader<'_> {
    /// `[people]`: a public key, or a list of them, for each.
    pub(super) fn people(&mut self, table: &DeTable<'_>) -> BTreeMap<String, Vec<String>> {
        let mut owners: HashMap<String, String> = HashMap::new();
        let mut people = BTreeMap::new();
        for (name, value) in table {
            let name = name.get_ref().to_string();
            let mut own = vec![];
            for (key, at) in self.one_or_more(&name, value, PEOPLE) {
                if self.is_key_of(&key, &name, at, &mut owners) {
                    own.push(key);
                }
            }
            people.insert(name, own);
        }
        people
    }

    fn is_key_of(&mut self, key: &str, name: &str, at: At<'_>, owners: &mut HashMap<String, String>) -> bool {
        let identity = match keys::identity(key) {
            Ok(identity) => identity,
            Err(why) => {
                let help = "copy the line of the file that ends in `.pub`";
                self.wrong_value(at, format!("this is no public key: {why}"), help);
                return false;
            }
        };
        match owners.insert(identity, name.to_owned()) {
            None => true,
            Some(owner) if owner == name => {
                self.wrong_value(at, format!("`{name}` has this key twice"), "take one out");
                false
            }
            Some(owner) => {
                let message = format!("this is the key of `{owner}` too: one person would count as two");
                self.wrong_value(at, message, "give each person a key of their own");
                false
            }
        }
    }

    /// A text, or a list of them.
    fn one_or_more<'v>(&mut self, name: &str, value: At<'v>, example: &str) -> Vec<(String, At<'v>)> {
        if let DeValue::Array(_) = value.get_ref() {
            return self.texts(name, value, example).unwrap_or_default();
        }
        self.text(name, value, example).map(|text| (text, value)).into_iter().collect()
    }

    /// `[groups]`: who may approve.
    pub(super) fn groups(&mut self, table: &DeTable<'_>, mentions: &mut Mentions) -> BTreeMap<String, Group> {
        let mut groups = BTreeMap::new();
        for (name, value) in table {
            let line = self.line(self.span(name.span()));
            let listed = self.texts(name.get_ref(), value, GROUPS).unwrap_or_default();
            let members = self.distinct(&format!("group `{}`", name.get_ref()), listed, mentions);
            groups.insert(name.get_ref().to_string(), Group { members, line });
        }
        groups
    }

    fn distinct(
        &mut self,
        place: &str,
        listed: Vec<(String, At<'_>)>,
        mentions: &mut Mentions,
    ) -> Vec<String> {
        let mut names: Vec<String> = vec![];
        for (name, at) in listed {
            if names.contains(&name) {
                self.wrong_value(at, format!("`{name}` stands twice in {place}"), "take one out");
                continue;
            }
            mentions.push((name.clone(), self.span(at.span())));
            names.push(name);
        }
        names
    }

    /// `[roles]`: who answers what is asked `by "role"`.
    pub(super) fn roles(
        &mut self,
        table: &DeTable<'_>,
        mentions: &mut Mentions,
    ) -> BTreeMap<String, Vec<String>> {
        let mut roles = BTreeMap::new();
        for (name, value) in table {
            let (role, span) = (name.get_ref().to_string(), self.span(name.span()));
            if role == OPERATOR {
                let message = "the role `operator` is always held by whoever drives the run";
                self.error(
                    codes::CONFIG_VALUE,
                    span,
                    message,
                    "take the line out, or name the role otherwise",
                );
                continue;
            }
            let listed = self.one_or_more(&role, value, ROLES);
            if matches!(value.get_ref(), DeValue::Array(items) if items.is_empty()) {
                self.wrong_value(value, format!("nobody may hold the role `{role}`"), "name somebody");
            }
            let holders = self.distinct(&format!("role `{role}`"), listed, mentions);
            roles.insert(role, holders);
        }
        roles
    }

    /// Where all people are written down here, a name that is none of them is a mistake.
    pub(super) fn look_up_people(&mut self, config: &Config, mentions: Mentions) {
        if config.people.is_empty() || config.allowed_signers.is_some() {
            return;
        }
        for (name, span) in mentions.into_iter().filter(|(name, _)| !config.people.contains_key(name)) {
            let report = Diagnostic::error(codes::CONFIG_NAME, span, format!("`[people]` has no `{name}`"));
            self.report(match nearest(&name, config.people.keys().map(String::as_str)) {
                Some(near) => report.help(format!("did you mean `{near}`?")).guess(
                    format!("write \"{near}\""),
                    span,
                    format!("\"{near}\""),
                ),
                None => report.help(format!("add the key, or `{name} = []` for somebody without one")),
            });
        }
    }
}
