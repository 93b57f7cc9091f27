//! The file from the top: its keys, and the levels of lints.

use std::collections::BTreeMap;

use toml::de::DeTable;

use super::reader::{At, Reader, listed};
use super::{Config, Level};
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
const LINTS: &str = "W0401 = \"deny\"";
const LEVELS: [(&str, Level); 3] = [("allow", Level::Allow), ("warn", Level::Warn), ("deny", Level::Deny)];

impl Reader<'_> {
    pub(super) fn config(&mut self, table: &DeTable<'_>) -> Config {
        let (mut config, mut mentions) = (Config::default(), vec![]);
        for (key, value) in self.known(table, &KEYS, "bowline.toml") {
            match key {
                "journal" => config.journal = self.text(key, value, "journal = \"../journal\""),
                "allow-as" => config.allow_as = self.truth(key, value).unwrap_or_default(),
                "approvals" => config.unsigned = self.is_unsigned(value),
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

    /// Whether approvals need no signatures.
    fn is_unsigned(&mut self, value: At<'_>) -> bool {
        let Some(text) = self.text("approvals", value, "approvals = \"unsigned\"") else { return false };
        if !["signed", "unsigned"].contains(&text.as_str()) {
            self.one_of("approvals", &text, value, &["signed", "unsigned"]);
        }
        text == "unsigned"
    }

    fn one_of(&mut self, name: &str, text: &str, value: At<'_>, words: &[&str]) {
        let span = self.span(value.span());
        let report = Diagnostic::error(codes::CONFIG_VALUE, span, format!("`{name}` cannot be \"{text}\""));
        self.report(match nearest(text, words.iter().copied()) {
            Some(near) => report.help(format!("did you mean \"{near}\"?")).guess(
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
        let lints = || codes::ALL.iter().filter(|known| known.is_lint()).map(|known| known.id);
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
                report.help(format!("did you mean `{near}`?")).guess(format!("write `{near}`"), span, near)
            }
            None => report.help("`bowline check` prints the code of each lint that it reports"),
        });
        false
    }
}
