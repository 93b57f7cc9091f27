//! Values of TOML as what they should be, with a report where they are something else.

use std::collections::HashSet;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{Reading, secrets};
use crate::diag::retired::{Of, RETIRED, Retired};
use crate::diag::{Code, Diagnostic, codes, nearest};
use crate::text::{Source, SourceId, Span};

/// A value where it stands.
pub(super) type At<'t> = &'t Spanned<DeValue<'t>>;

/// Reads one file.
pub(super) struct Reader<'t> {
    id: SourceId,
    source: &'t Source,
    /// Where secrets stand: reported once, and read as nothing.
    secret: HashSet<Span>,
    told: Vec<Diagnostic>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(id: SourceId, source: &'t Source) -> Self {
        Self { id, source, secret: HashSet::new(), told: vec![] }
    }

    /// The whole file.
    pub(super) fn read(mut self) -> Reading {
        let (table, errors) = DeTable::parse_recoverable(self.source.text());
        let broken: Vec<Diagnostic> = errors.iter().map(|error| self.broken(error)).collect();
        self.look_for_secrets(table.get_ref());
        let config = self.config(table.get_ref());
        Reading { config, diagnostics: self.all_told(broken), shown: self.starred() }
    }

    /// What stands on a line that is no TOML was guessed, and the rest of such a line follows from its
    /// first mistake: nothing is said about either.
    fn all_told(&mut self, broken: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let line = |one: &Diagnostic| self.source.position(one.primary.span.start).line;
        let mut lines = HashSet::new();
        let mut told: Vec<Diagnostic> = broken.into_iter().filter(|one| lines.insert(line(one))).collect();
        told.extend(self.told.iter().filter(|one| !lines.contains(&line(one))).cloned());
        told.sort_by_key(|one| one.primary.span);
        told
    }

    /// The text with every secret starred out; bytes and lines stay where they are.
    fn starred(&self) -> Source {
        let mut bytes = self.source.text().as_bytes().to_vec();
        for span in &self.secret {
            let inside = bytes.get_mut(span.range()).unwrap_or_default();
            inside.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b'*');
        }
        Source::new(self.source.name(), &String::from_utf8_lossy(&bytes))
    }

    fn broken(&self, error: &toml::de::Error) -> Diagnostic {
        let end = self.source.text().len();
        let span = error.span().map_or(Span::new(self.id, end, end), |span| self.span(span));
        let message = format!("this is no TOML: {}", error.message());
        Diagnostic::error(codes::CONFIG_SYNTAX, span, message)
    }

    /// Bytes as a span of this file.
    pub(super) fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.id, range.start, range.end)
    }

    /// The line of a span, from 1.
    pub(super) fn line(&self, span: Span) -> u32 {
        self.source.position(span.start).line
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.told.push(diagnostic);
    }

    /// Reports an error with one sentence of help.
    pub(super) fn error(&mut self, code: Code, span: Span, message: impl Into<String>, help: &str) {
        self.report(Diagnostic::error(code, span, message).help(help));
    }

    fn look_for_secrets(&mut self, table: &DeTable<'_>) {
        for value in table.values() {
            self.look_into(value);
        }
    }

    /// The parser bounds how deep values nest.
    fn look_into(&mut self, value: &Spanned<DeValue<'_>>) {
        match value.get_ref() {
            DeValue::Table(table) => self.look_for_secrets(table),
            DeValue::Array(items) => items.iter().for_each(|item| self.look_into(item)),
            DeValue::String(text) => {
                if let Some(found) = secrets::in_text(text) {
                    let span = self.span(value.span());
                    self.secret.insert(span);
                    let message = format!("this looks like {}", found.what);
                    self.error(codes::CONFIG_SECRET, span, message, found.instead);
                }
            }
            _ => {}
        }
    }

    /// Every key of a table that is none of the known ones is reported; the others come with their values.
    pub(super) fn known<'v>(
        &mut self,
        table: &'v DeTable<'v>,
        keys: &[&'static str],
        place: &str,
    ) -> Vec<(&'static str, At<'v>)> {
        let mut found = vec![];
        for (key, value) in table {
            match keys.iter().find(|known| *known == key.get_ref()) {
                Some(known) => found.push((*known, value)),
                None => match self.retired(key, keys, place) {
                    Some(known) if table.contains_key(known) => self.twice(key, known),
                    Some(known) => found.push((known, value)),
                    None => self.unknown_key(key, value, keys, place),
                },
            }
        }
        found
    }

    /// The key that an old one means now; says that it is old.
    fn retired(
        &mut self,
        key: &Spanned<DeString<'_>>,
        keys: &[&'static str],
        place: &str,
    ) -> Option<&'static str> {
        let of_place = |one: &&Retired| matches!(one.of, Of::Key(of) if of == place);
        let old = RETIRED.iter().filter(of_place).find(|one| one.word == key.get_ref())?;
        let known = keys.iter().find(|known| **known == old.by).copied()?;
        self.report(old.report(self.span(key.span())));
        Some(known)
    }

    /// An old key beside the one that stands in its place.
    fn twice(&mut self, key: &Spanned<DeString<'_>>, known: &str) {
        let message = format!("`{}` says what `{known}` says already", key.get_ref());
        self.error(codes::CONFIG_KEY, self.span(key.span()), message, "take it out");
    }

    fn unknown_key(
        &mut self,
        key: &Spanned<DeString<'_>>,
        value: At<'_>,
        keys: &[&'static str],
        place: &str,
    ) {
        let (key, span) = (key.get_ref().as_ref(), self.span(key.span()));
        if let Some(instead) = secrets::in_key(key) {
            self.secret.insert(self.span(value.span()));
            let message = format!("`{key}` would be a secret, and bowline.toml never holds one");
            return self.error(codes::CONFIG_SECRET, span, message, instead);
        }
        let report = Diagnostic::error(codes::CONFIG_KEY, span, format!("{place} has no key `{key}`"));
        let same = keys.iter().find(|known| known.replace('-', "") == key.replace(['-', '_'], "")).copied();
        let report = match same.or_else(|| nearest(key, keys.iter().copied())) {
            Some(near) => {
                report.help(format!("did you mean `{near}`?")).guess(format!("write `{near}`"), span, near)
            }
            None => report.help(format!("it has {}", listed(keys))),
        };
        self.report(report);
    }

    /// A value of another type than it should be; silent where it was reported as a secret.
    pub(super) fn wrong_type(&mut self, name: &str, value: At<'_>, wanted: &str, example: &str) {
        let span = self.span(value.span());
        if self.secret.contains(&span) {
            return;
        }
        let message = format!("`{name}` is {wanted}, and this is {}", noun(value.get_ref()));
        self.error(codes::CONFIG_TYPE, span, message, &format!("as in `{example}`"));
    }

    /// Something that should lead somewhere by one way, and has none or several.
    pub(super) fn leads(&mut self, what: &str, span: Span, ways: usize, help: &str) {
        let led = if ways == 0 { "nowhere" } else { "two ways" };
        self.error(codes::CONFIG_VALUE, span, format!("{what} leads {led}"), help);
    }

    /// A value that is of the right type and still not right.
    pub(super) fn wrong_value(&mut self, value: At<'_>, message: impl Into<String>, help: &str) {
        let span = self.span(value.span());
        self.error(codes::CONFIG_VALUE, span, message, help);
    }

    /// A table.
    pub(super) fn table<'v>(&mut self, name: &str, value: At<'v>, example: &str) -> Option<&'v DeTable<'v>> {
        if let DeValue::Table(table) = value.get_ref() {
            return Some(table);
        }
        self.wrong_type(name, value, "a table", example);
        None
    }

    /// A text that is not empty.
    pub(super) fn text(&mut self, name: &str, value: At<'_>, example: &str) -> Option<String> {
        if self.secret.contains(&self.span(value.span())) {
            return None;
        }
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => Some(text.to_string()),
            DeValue::String(_) => {
                self.wrong_value(value, format!("`{name}` is empty"), &format!("as in `{example}`"));
                None
            }
            _ => {
                self.wrong_type(name, value, "a text", example);
                None
            }
        }
    }

    /// A list of texts, each with where it stands; items that are none are reported and left out.
    pub(super) fn texts<'v>(
        &mut self,
        name: &str,
        value: At<'v>,
        example: &str,
    ) -> Option<Vec<(String, At<'v>)>> {
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(name, value, "a list of texts", example);
            return None;
        };
        let each = items.iter().filter_map(|item| {
            let inner = format!("an entry of `{name}`");
            self.item(&inner, item, example).map(|text| (text, item))
        });
        Some(each.collect())
    }

    fn item(&mut self, name: &str, value: At<'_>, example: &str) -> Option<String> {
        let span = self.span(value.span());
        if self.secret.contains(&span) {
            return None;
        }
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => return Some(text.to_string()),
            DeValue::String(_) => {
                self.error(codes::CONFIG_VALUE, span, format!("{name} is empty"), "take it out");
            }
            other => {
                let message = format!("{name} is a text, and this is {}", noun(other));
                self.error(codes::CONFIG_TYPE, span, message, &format!("as in `{example}`"));
            }
        }
        None
    }

    /// True or false.
    pub(super) fn truth(&mut self, name: &str, value: At<'_>) -> Option<bool> {
        if let DeValue::Boolean(truth) = value.get_ref() {
            return Some(*truth);
        }
        self.wrong_type(name, value, "true or false", &format!("{name} = true"));
        None
    }
}

/// A value of TOML in words.
fn noun(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// `a`, `b` and `c`.
pub(super) fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.join(""),
    }
}
