//! From the text of an answers file to its entries.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Entry;
use super::raw::RawAnswer;

/// A line, from 1, and what is wrong there.
type Wrong = (usize, String);

const FIELDS: &str = "`answer`, `approve`, `reject`, `on_failure`, `on_unknown`, `on_hold`, `on_undo`, `on_step`, `until`, `note` and `by`";

/// All tables that hold an answer, in the order written.
pub(super) fn entries(text: &str) -> Result<Vec<Entry>, Wrong> {
    let line = |offset: usize| text.get(..offset).unwrap_or(text).matches('\n').count() + 1;
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(1, |span| line(span.start));
        (at, format!("this is no TOML: {}", error.message()))
    })?;
    let mut reading = Reading { line: &line, entries: vec![] };
    reading.table(&[], table.get_ref(), table.span().start)?;
    reading.entries.sort_by_key(|entry| entry.line);
    Ok(reading.entries)
}

struct Reading<'a> {
    line: &'a dyn Fn(usize) -> usize,
    entries: Vec<Entry>,
}

impl Reading<'_> {
    /// Tables inside are further down the path; everything else is a field. The parser bounds the nesting.
    fn table(&mut self, path: &[String], table: &DeTable, at: usize) -> Result<(), Wrong> {
        let mut entry = Entry { path: path.to_vec(), line: (self.line)(at), ..Entry::default() };
        let mut fields = 0;
        for (name, value) in table {
            let below = || path.iter().cloned().chain([name.get_ref().to_string()]).collect::<Vec<_>>();
            match value.get_ref() {
                DeValue::Table(inner) => self.table(&below(), inner, name.span().start)?,
                DeValue::Array(items) if items.iter().any(|item| item.get_ref().is_table()) => {
                    self.tables(&below(), items)?;
                }
                given => {
                    let line = (self.line)(name.span().start);
                    entry.line = if fields == 0 { line } else { entry.line.min(line) };
                    fields += 1;
                    field(&mut entry, name.get_ref(), given).map_err(|why| (line, why))?;
                }
            }
        }
        if fields == 0 {
            return Ok(());
        }
        self.finish(entry)
    }

    /// Successive answers to one question.
    fn tables(&mut self, path: &[String], items: &[Spanned<DeValue>]) -> Result<(), Wrong> {
        for item in items {
            let at = item.span().start;
            match item.get_ref() {
                DeValue::Table(table) => self.table(path, table, at)?,
                _ => return Err(((self.line)(at), "tables and values do not mix in a list".into())),
            }
        }
        Ok(())
    }

    fn finish(&mut self, entry: Entry) -> Result<(), Wrong> {
        let wrong = |why: &str| Err((entry.line, why.to_owned()));
        if entry.path.is_empty() {
            return wrong("an answer stands under the titles of its question, as in [\"Step\".\"Question\"]");
        }
        if entry.is_used() {
            return wrong("there is a note, but no `answer`, `approve`, `reject` or `on_…`");
        }
        if entry.approve.is_some() && entry.reject.is_some() {
            return wrong("`approve` and `reject` cannot both be given");
        }
        self.entries.push(entry);
        Ok(())
    }
}

fn field(entry: &mut Entry, name: &str, value: &DeValue) -> Result<(), String> {
    let given = RawAnswer::of(value).ok_or("a list of tables does not fit here")?;
    let text = |given: RawAnswer| match given {
        RawAnswer::Text(text) => Ok(text),
        _ => Err(format!("`{name}` is a text")),
    };
    let texts =
        |given: RawAnswer| given.texts().ok_or_else(|| format!("`{name}` is a text or a list of texts"));
    match name {
        "answer" => entry.answer = Some(given),
        "approve" => entry.approve = Some(texts(given)?),
        "reject" => entry.reject = Some(text(given)?),
        "on_failure" => entry.on_failure = texts(given)?.into(),
        "on_unknown" => entry.on_unknown = texts(given)?.into(),
        "on_hold" => entry.on_hold = texts(given)?.into(),
        "on_undo" => entry.on_undo = texts(given)?.into(),
        "until" => entry.until = Some(given.text()?),
        "on_step" => entry.on_step = texts(given)?.into(),
        "note" => entry.note = text(given)?,
        "by" => entry.by = Some(text(given)?),
        _ => return Err(format!("`{name}` is no field of an answer; there are {FIELDS}")),
    }
    Ok(())
}
