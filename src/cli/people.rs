//! Who drives a run, who holds its roles, and where its notices go.

pub(super) mod keys;
pub(super) mod roster;

use std::collections::{BTreeMap, BTreeSet};

use super::Stop;
use super::config::Found;
use super::out::Console;
use super::questions::Front;
use crate::config::{self, Url};
use crate::diag::nearest;
use crate::event::{Actor, Fact, OPERATOR};
use crate::host::{Channel, Channels};
use crate::plan::{Act, Op, Plan};

/// The local user.
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
pub(super) fn local_user() -> String {
    let name = ["USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
    let uid = rustix::process::getuid().as_raw();
    name.or_else(|| named(uid)).unwrap_or_else(|| format!("uid {uid}"))
}

/// The name of a user in the system's list, for where the environment has none (cron, containers).
#[expect(clippy::disallowed_methods, reason = "the command line asks who it runs for")]
fn named(uid: u32) -> Option<String> {
    let list = std::fs::read_to_string("/etc/passwd").ok()?;
    let mut users = list.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let own = users.find(|fields| fields.get(2).is_some_and(|number| *number == uid.to_string()))?;
    own.first().map(|name| (*name).to_owned())
}

/// Who drives: the local user, or whom `--as` names where that is allowed.
///
/// # Errors
/// When it is not allowed.
pub(super) fn operator(as_name: Option<&str>, found: &Found) -> Result<Actor, Stop> {
    let Some(name) = as_name else { return Ok(Actor { name: local_user(), from_file: false }) };
    if !found.config.allow_as {
        let place = match found.path() {
            Some(path) => format!("into {}", path.display()),
            None => "into a bowline.toml beside the runbook".to_owned(),
        };
        return Err(Stop::usage(format!("`--as` is not allowed here; write `allow-as = true` {place}")));
    }
    match name.trim() {
        "" => Err(Stop::usage("`--as` needs a name")),
        name => Ok(Actor { name: name.to_owned(), from_file: false }),
    }
}

/// What is recorded where `--as` gave the name: who said so.
pub(super) fn in_the_name_of(operator: &Actor) -> Option<Fact> {
    let by = Actor { name: local_user(), from_file: false };
    let bound = Fact::RoleBound { role: OPERATOR.to_owned(), person: operator.name.clone(), by: by.clone() };
    (by.name != operator.name).then_some(bound)
}

/// Every name under which this process acts.
pub(super) fn own_names(operator: &Actor) -> BTreeSet<String> {
    [operator.name.clone(), local_user()].into()
}

/// Who holds each role that the plan asks: as said, else who alone may, else the operator, else whom
/// the person at the terminal names.
///
/// # Errors
/// When a role is left open with nobody to ask, or what was said does not fit.
pub(super) fn roles(
    plan: &Plan,
    said: &[String],
    found: &Found,
    front: &Front<'_>,
) -> Result<Vec<Fact>, Stop> {
    let operator = front.operator;
    let asked = asked_roles(plan);
    let mut holders = given_roles(said, &asked, found)?;
    let mut open = vec![];
    for role in asked {
        if holders.contains_key(&role) {
            continue;
        }
        match found.config.roles.get(&role).map(Vec::as_slice) {
            None | Some([]) => holders.extend(front.holder(&role)?.map(|person| (role, person))),
            Some([one]) => drop(holders.insert(role, one.clone())),
            Some(several) if several.contains(&operator.name) => {
                holders.insert(role, operator.name.clone());
            }
            Some(several) => {
                let text = format!("Who holds the role {role} in this run?");
                match front.choose(&text, several.to_vec())? {
                    Some(one) => drop(holders.insert(role, one)),
                    None => open.push(format!("--role '{role}={}'", several.join("|"))),
                }
            }
        }
    }
    if !open.is_empty() {
        let list = open.join("\n  ");
        return Err(Stop::usage(format!("say who holds which role in this run, one of each:\n  {list}")));
    }
    let bound =
        holders.into_iter().map(|(role, person)| Fact::RoleBound { role, person, by: operator.clone() });
    Ok(bound.collect())
}

/// The roles that a plan's questions go to; that of the operator needs no binding.
pub(super) fn asked_roles(plan: &Plan) -> BTreeSet<String> {
    let role = |op: &Op| match op {
        Op::Do(effect) => match &effect.act {
            Act::Person(question) => question.by.clone(),
            _ => None,
        },
        _ => None,
    };
    plan.nodes.iter().filter_map(|node| role(&node.op)).filter(|role| role != OPERATOR).collect()
}

fn given_roles(
    said: &[String],
    asked: &BTreeSet<String>,
    found: &Found,
) -> Result<BTreeMap<String, String>, Stop> {
    let mut holders = BTreeMap::new();
    for pair in said {
        let Some((role, person)) = pair.split_once('=').filter(|(_, person)| !person.trim().is_empty())
        else {
            return Err(Stop::usage(format!("`--role {pair}` is not of the form role=person")));
        };
        if !asked.contains(role) {
            let near = nearest(role, asked.iter().map(String::as_str));
            let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(Stop::usage(format!("--role: this runbook asks no role `{role}`{hint}")));
        }
        may_hold(found, role, person)?;
        holders.insert(role.to_owned(), person.to_owned());
    }
    Ok(holders)
}

/// Whether a person may hold a role, as `bowline.toml` has it.
///
/// # Errors
/// Who may.
pub(super) fn may_hold(found: &Found, role: &str, person: &str) -> Result<(), Stop> {
    match found.config.roles.get(role) {
        Some(may) if !may.iter().any(|name| name == person) => {
            let message = format!("--role: `{role}` is held by {}, not by {person}", may.join(" or "));
            Err(Stop::usage(message))
        }
        _ => Ok(()),
    }
}

/// The channels of a file, ready for use.
pub(super) struct Opened {
    pub(super) channels: Channels,
    /// Environment variables that URLs came from: no child gets them.
    pub(super) hidden: Vec<String>,
}

/// Opens the channels. One whose URL is not at hand stays closed, and is named.
pub(super) fn open_channels(found: &Found) -> Opened {
    let mut opened = Opened { channels: Channels::new(), hidden: vec![] };
    for (name, channel) in &found.config.channels {
        let channel = match channel {
            config::Channel::Run(words) => Some(Channel::Program(program(found, words))),
            config::Channel::Url(Url::Plain(url)) => Some(Channel::Webhook(url.clone())),
            config::Channel::Url(Url::Env(variable)) => {
                opened.hidden.push(variable.clone());
                url_of(name, variable).map(Channel::Webhook)
            }
        };
        opened.channels.extend(channel.map(|channel| (name.clone(), channel)));
    }
    opened
}

#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
fn url_of(channel: &str, variable: &str) -> Option<String> {
    let why = match std::env::var(variable) {
        Ok(url) if url.starts_with("http://") || url.starts_with("https://") => return Some(url),
        Ok(_) => "holds no http URL",
        Err(_) => "is not set",
    };
    Console.tell(&format!("channel `{channel}`: {variable} {why}; its notices are shown to be copied\n"));
    None
}

/// A program with a path is meant from the folder of the file.
fn program(found: &Found, words: &[String]) -> Vec<String> {
    let mut words = words.to_vec();
    if let Some(first) = words.first_mut().filter(|first| first.contains('/')) {
        *first = found.beside(first).display().to_string();
    }
    words
}
