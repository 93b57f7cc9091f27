//! Where notices go.

use toml::de::{DeTable, DeValue};

use super::reader::{At, Reader};
use super::{Channel, Url};
use crate::text::Span;

const EXAMPLE: &str = "release = { run = [\"mail\", \"-s\", \"release\", \"team@example.org\"] }";
const URL: &str = "url = \"https://chat.example.org/hooks/ops\"";
const ENV: &str = "url = { env = \"OPS_HOOK\" }";

impl Reader<'_> {
    pub(super) fn channel(&mut self, name: &str, span: Span, value: At<'_>) -> Option<Channel> {
        let table = self.table(name, value, EXAMPLE)?;
        let found = self.known(table, &["run", "url"], "a channel");
        let [(key, value)] = found.as_slice() else {
            // A key that is misspelt was reported, and is what is missing.
            if found.len() == table.len() {
                self.leads(&format!("channel `{name}`"), span, found.len(), "give it either `run` or `url`");
            }
            return None;
        };
        if *key == "url" {
            return self.url(value).map(Channel::Url);
        }
        let words: Vec<String> = self.texts(key, value, EXAMPLE)?.into_iter().map(|(word, _)| word).collect();
        if matches!(value.get_ref(), DeValue::Array(items) if items.is_empty()) {
            self.wrong_value(value, "`run` names no program", &format!("as in `{EXAMPLE}`"));
        }
        (!words.is_empty()).then_some(Channel::Run(words))
    }

    fn url(&mut self, value: At<'_>) -> Option<Url> {
        if let DeValue::Table(table) = value.get_ref() {
            return self.url_elsewhere(table, value);
        }
        let text = self.text("url", value, URL)?;
        let message = match url::Url::parse(&text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => return Some(Url::Plain(text)),
            Ok(url) => format!("a channel is posted to over http or https, not `{}`", url.scheme()),
            Err(why) => format!("this is no URL: {why}"),
        };
        self.wrong_value(value, message, &format!("as in `{URL}`"));
        None
    }

    /// `{ env = "NAME" }`.
    fn url_elsewhere(&mut self, table: &DeTable<'_>, whole: At<'_>) -> Option<Url> {
        let found = self.known(table, &["env"], "`url`");
        let Some((_, value)) = found.first() else {
            if table.is_empty() {
                self.wrong_value(whole, "`url` says nothing", &format!("as in `{ENV}`"));
            }
            return None;
        };
        let name = self.text("env", value, ENV)?;
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.chars().all(fits) && !name.starts_with(|c: char| c.is_ascii_digit()) {
            return Some(Url::Env(name));
        }
        self.wrong_value(value, format!("`{name}` is no name of a variable"), &format!("as in `{ENV}`"));
        None
    }
}
