//! The file from the top: its keys, channels, lints and targets.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::reader::{At, Reader, listed};
use super::{Channel, Config, Level, Target, Url};
use crate::diag::{Diagnostic, codes, nearest};
use crate::text::Span;

const KEYS: [&str; 10] = [
    "journal",
    "allow-as",
    "approvals",
    "allowed-signers",
    "people",
    "groups",
    "roles",
    "channels",
    "lints",
    "targets",
];
const CHANNELS: &str = "release = { run = [\"mail\", \"-s\", \"release\", \"team@example.org\"] }";
const LINTS: &str = "W0401 = \"deny\"";
const TARGETS: &str = "db-1 = { ssh = \"ops@db-1\" }";
const LEVELS: [(&str, Level); 3] = [("allow", Level::Allow), ("warn", Level::Warn), ("deny", Level::Deny)];

impl Reader<'_> {
    pub(super) fn config(&mut self, table: &DeTable<'_>) -> Config {
        let (mut config, mut mentions) = (Config::default(), vec![]);
        for (key, value) in self.known(table, &KEYS, "bowline.toml") {
            match key {
                "journal" => config.journal = self.text(key, value, "journal = \"../journal\""),
                "allow-as" => config.allow_as = self.truth(key, value).unwrap_or_default(),
                "approvals" => self.approvals(value),
                "allowed-signers" => {
                    config.allowed_signers = self.text(key, value, "allowed-signers = \"allowed_signers\"");
                }
                _ => self.section(key, value, &mut config, &mut mentions),
            }
        }
        self.look_up_people(&config, mentions);
        config
    }

    fn section(&mut self, key: &str, value: At<'_>, config: &mut Config, mentions: &mut Vec<(String, Span)>) {
        let Some(table) = self.table(key, value, &format!("[{key}]")) else { return };
        match key {
            "people" => config.people = self.people(table),
            "groups" => config.groups = self.groups(table, mentions),
            "roles" => config.roles = self.roles(table, mentions),
            "channels" => config.channels = self.each(table, Self::channel),
            "lints" => config.lints = self.lints(table),
            _ => config.targets = self.each(table, Self::target),
        }
    }

    /// Entries that can be read, by name.
    fn each<T>(
        &mut self,
        table: &DeTable<'_>,
        read: fn(&mut Self, &str, Span, At<'_>) -> Option<T>,
    ) -> BTreeMap<String, T> {
        let each = table.iter().filter_map(|(name, value)| {
            let span = self.span(name.span());
            Some((name.get_ref().to_string(), read(self, name.get_ref(), span, value)?))
        });
        each.collect()
    }

    /// Approvals are recorded as unsigned; who wants them signed must not be served with less.
    fn approvals(&mut self, value: At<'_>) {
        let example = "approvals = \"unsigned\"";
        let Some(text) = self.text("approvals", value, example) else { return };
        match text.as_str() {
            "unsigned" => {}
            "signed" => {
                let message = "signatures are not verified yet: this bowline records approvals as unsigned";
                self.wrong_value(value, message, "write `approvals = \"unsigned\"`");
            }
            _ => self.one_of("approvals", &text, value, &["signed", "unsigned"]),
        }
    }

    fn one_of(&mut self, name: &str, text: &str, value: At<'_>, words: &[&str]) {
        let span = self.span(value.span());
        let report = Diagnostic::error(codes::CONFIG_VALUE, span, format!("`{name}` cannot be \"{text}\""));
        self.report(match nearest(text, words.iter().copied()) {
            Some(near) => report.help(format!("did you mean \"{near}\"?")).fix(
                format!("write \"{near}\""),
                span,
                format!("\"{near}\""),
            ),
            None => report.help(format!("it is one of {}", listed(words))),
        });
    }

    fn lints(&mut self, table: &DeTable<'_>) -> BTreeMap<String, Level> {
        let mut levels = BTreeMap::new();
        for (code, value) in table {
            let (code, span) = (code.get_ref().to_string(), self.span(code.span()));
            let known = self.is_lint(&code, span);
            let Some(text) = self.text(&code, value, LINTS) else { continue };
            match LEVELS.iter().find(|(word, _)| *word == text) {
                Some((_, level)) if known => _ = levels.insert(code, *level),
                Some(_) => {}
                None => self.one_of(&code, &text, value, &LEVELS.map(|(word, _)| word)),
            }
        }
        levels
    }

    fn is_lint(&mut self, code: &str, span: Span) -> bool {
        let lints = || codes::ALL.iter().map(|known| known.id).filter(|id| id.starts_with('W'));
        if lints().any(|id| id == code) {
            return true;
        }
        if codes::ALL.iter().any(|known| known.id == code) {
            let help = "only lints have levels; their codes begin with W";
            self.error(codes::CONFIG_NAME, span, format!("`{code}` is an error, and always one"), help);
            return false;
        }
        let report = Diagnostic::error(codes::CONFIG_NAME, span, format!("no lint has the code `{code}`"));
        let upper = code.to_uppercase();
        self.report(match nearest(&upper, lints()) {
            Some(near) => {
                report.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, near)
            }
            None => report.help("`bowline check` prints the code of each lint that it reports"),
        });
        false
    }

    fn channel(&mut self, name: &str, span: Span, value: At<'_>) -> Option<Channel> {
        let table = self.table(name, value, CHANNELS)?;
        let found = self.known(table, &["run", "url"], "a channel");
        let [(key, value)] = found.as_slice() else {
            // A key that is misspelt was reported, and is what is missing.
            if found.len() == table.len() {
                let message = format!(
                    "channel `{name}` leads {}",
                    if found.is_empty() { "nowhere" } else { "two ways" }
                );
                self.error(codes::CONFIG_VALUE, span, message, "give it either `run` or `url`");
            }
            return None;
        };
        if *key == "url" {
            return self.url(value).map(Channel::Url);
        }
        let words: Vec<String> =
            self.texts(key, value, CHANNELS)?.into_iter().map(|(word, _)| word).collect();
        if matches!(value.get_ref(), DeValue::Array(items) if items.is_empty()) {
            self.wrong_value(value, "`run` names no program", &format!("as in `{CHANNELS}`"));
        }
        (!words.is_empty()).then_some(Channel::Run(words))
    }

    fn url(&mut self, value: At<'_>) -> Option<Url> {
        let example = "url = \"https://chat.example.org/hooks/ops\"";
        if let DeValue::Table(table) = value.get_ref() {
            let found = self.known(table, &["env"], "`url`");
            let Some((_, value)) = found.first() else {
                if table.is_empty() {
                    self.wrong_value(value, "`url` says nothing", "write `url = { env = \"NAME\" }`");
                }
                return None;
            };
            let name = self.text("env", value, "env = \"OPS_HOOK\"")?;
            let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
            if name.chars().all(fits) && !name.starts_with(|c: char| c.is_ascii_digit()) {
                return Some(Url::Env(name));
            }
            self.wrong_value(
                value,
                format!("`{name}` is no name of a variable"),
                "write `env = \"OPS_HOOK\"`",
            );
            return None;
        }
        let text = self.text("url", value, example)?;
        match url::Url::parse(&text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => return Some(Url::Plain(text)),
            Ok(url) => {
                let message = format!("a channel is posted to over http or https, not `{}`", url.scheme());
                self.wrong_value(value, message, &format!("as in `{example}`"));
            }
            Err(why) => {
                self.wrong_value(value, format!("this is no URL: {why}"), &format!("as in `{example}`"))
            }
        }
        None
    }

    fn target(&mut self, name: &str, span: Span, value: At<'_>) -> Option<Target> {
        if name == "local" {
            let message = "`local` is always this machine";
            self.error(codes::CONFIG_VALUE, span, message, "take the line out, or name the target otherwise");
            return None;
        }
        let table = self.table(name, value, TARGETS)?;
        let keys = ["ssh", "docker", "kubectl", "namespace", "container", "context"];
        let found = self.known(table, &keys, "a target");
        let ways: Vec<_> =
            found.iter().filter(|(key, _)| matches!(*key, "ssh" | "docker" | "kubectl")).collect();
        let [(way, place)] = ways.as_slice() else {
            if found.len() == table.len() {
                let message =
                    format!("target `{name}` leads {}", if ways.is_empty() { "nowhere" } else { "two ways" });
                self.error(
                    codes::CONFIG_VALUE,
                    span,
                    message,
                    "give it one of `ssh`, `docker` and `kubectl`",
                );
            }
            return None;
        };
        let mut more: BTreeMap<&str, String> = BTreeMap::new();
        for (key, value) in
            found.iter().filter(|(key, _)| matches!(*key, "namespace" | "container" | "context"))
        {
            if *way == "kubectl" {
                more.extend(self.argument(key, value).map(|text| (*key, text)));
            } else {
                self.wrong_value(
                    value,
                    format!("`{key}` belongs to `kubectl`, not to `{way}`"),
                    "take it out",
                );
            }
        }
        let place = self.argument(way, place)?;
        Some(match *way {
            "ssh" => Target::Ssh(place),
            "docker" => Target::Docker(place),
            _ => Target::Kubectl {
                object: place,
                namespace: more.remove("namespace"),
                container: more.remove("container"),
                context: more.remove("context"),
            },
        })
    }

    /// A text that a program gets as an argument and must not take for an option.
    fn argument(&mut self, name: &str, value: At<'_>) -> Option<String> {
        let text = self.text(name, value, TARGETS)?;
        if text.starts_with('-') || text.contains(char::is_whitespace) {
            let help = "it is one word, and does not begin with `-`; options belong into the program's own configuration";
            self.wrong_value(value, format!("\"{text}\" cannot be `{name}`"), help);
            return None;
        }
        Some(text)
    }
}
