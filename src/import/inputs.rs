//! The inputs that are proposed: one for each place to fill in, under a name that a runbook may use.

use super::placeholders::Placeholder;
use crate::syntax::is_reserved;
use crate::value::functions;

/// An input that is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Input {
    pub(super) name: String,
    /// As it stands in the document.
    pub(super) written: String,
    /// Line of the document where it is met first.
    pub(super) line: usize,
    pub(super) secret: bool,
    /// Whether it stands for several words.
    pub(super) list: bool,
    /// The variable of the environment that it comes from.
    pub(super) from: Option<String>,
    /// What an earlier script of the document sets it to.
    pub(super) default: Option<String>,
}

/// All inputs, in the order in which they are met.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    pub(super) all: Vec<Input>,
    /// What scripts of the document have set so far: variable, value, line.
    set: Vec<(String, String, usize)>,
}

impl Inputs {
    /// The name of the input for a place to fill in; proposes it where it is new.
    pub(super) fn named(&mut self, place: &Placeholder, written: &str, line: usize) -> String {
        let name = name_of(&place.name);
        if !self.all.iter().any(|input| input.name == name) {
            let default = self.set.iter().rev().find(|(set, ..)| place.variable && *set == place.name);
            let default = default.map(|(_, value, _)| value.clone());
            let secret = default.is_none() && is_secret(&name);
            let from = (place.variable && default.is_none()).then(|| place.name.clone());
            self.all.push(Input {
                name: name.clone(),
                written: written.to_owned(),
                line,
                secret,
                list: false,
                from,
                default,
            });
        }
        name
    }

    /// Makes a list of an input that is proposed.
    pub(super) fn splice(&mut self, name: &str) {
        self.all
            .iter_mut()
            .filter(|input| input.name == name)
            .for_each(|input| (input.list, input.secret) = (true, false));
    }

    /// Remembers `export NAME=value` of a script, for those that come after it.
    pub(super) fn remember(&mut self, script: &str, line: usize) {
        for text in script.lines() {
            let text = text.trim();
            let text = text.strip_prefix("export ").unwrap_or(text);
            let Some((name, value)) = text.split_once('=') else { continue };
            let value = value.trim_matches(['"', '\'']);
            let plain =
                !value.is_empty() && value.chars().all(|c| c.is_alphanumeric() || "_-./:@".contains(c));
            if super::shell::is_name(name) && plain {
                self.set.push((name.to_owned(), value.to_owned(), line));
            }
        }
    }
}

/// Types, and what stands in a step: read as themselves where a person reads them as names.
const TAKEN: &[&str] = &[
    "text", "int", "number", "bool", "duration", "size", "time", "version", "url", "path", "secret", "json",
    "list", "map", "one", "artifact", "exit", "stdout", "stderr", "status", "body", "headers", "look", "run",
    "let", "from", "where", "of",
];

/// A name for what stands in a placeholder: small letters, digits and `_`.
pub(super) fn name_of(written: &str) -> String {
    let parts = written.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let name = parts.collect::<Vec<_>>().join("_").to_lowercase();
    let name: String = name.chars().take(60).collect();
    match name.chars().next() {
        None => "value".to_owned(),
        Some(c) if c.is_ascii_digit() => format!("n_{name}"),
        _ if is_taken(&name) => format!("{name}_value"),
        _ => name,
    }
}

/// Whether a name says that its value must stay unseen.
fn is_secret(name: &str) -> bool {
    let parts: Vec<&str> = name.split('_').collect();
    let says = |words: &[&str]| parts.iter().any(|part| words.contains(part));
    let key = parts.contains(&"key") && says(&["api", "access", "secret", "private"]);
    says(&["password", "passwd", "pass", "token", "secret", "credential", "credentials", "pwd"]) || key
}

fn is_taken(name: &str) -> bool {
    is_reserved(name) || functions::names().any(|function| function == name) || TAKEN.contains(&name)
}
