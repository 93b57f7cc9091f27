//! A pack is written: the files that are given, then the statement about them, then its envelope.

use std::io::{self, Read, Write};

use super::archive::Writer;
use super::compare::unkept;
use super::dsse::{Envelope, Signature, pae};
use super::entry::{Entry, subject};
use super::finding::Finding;
use super::names::{ENVELOPE, STATEMENT, folder_of};
use super::record::Record;
use super::statement::Statement;

/// Gives the size of a file and its content.
pub type Open<'a> = Box<dyn FnOnce() -> io::Result<(u64, Box<dyn Read>)> + 'a>;

/// A file about to go into a pack.
pub struct Item<'a> {
    /// Its name in the pack.
    pub name: String,
    /// Its size and content, opened when its turn has come.
    pub open: Open<'a>,
}

impl Item<'_> {
    /// A file of that text.
    #[must_use]
    pub fn text(name: impl Into<String>, text: impl Into<Vec<u8>>) -> Self {
        let text = text.into();
        let open = move || {
            let size = text.len() as u64;
            let content: Box<dyn Read> = Box::new(io::Cursor::new(text));
            Ok((size, content))
        };
        Self { name: name.into(), open: Box::new(open) }
    }
}

/// Makes a signature over bytes; the words say why there is none.
pub type Sign<'a> = dyn Fn(&[u8]) -> Result<Signature, String> + 'a;

/// A pack that was written.
#[derive(Debug)]
pub struct Packed {
    /// What is said of it.
    pub statement: Statement,
    /// Files that the events name and that are missing or others: such a pack does not verify.
    pub lacks: Vec<Finding>,
}

/// Why there is no pack.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// A file cannot be read, or the pack cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// There is no signature.
    #[error("{0}")]
    Unsigned(String),
}

/// Writes a pack. Everything but the signature follows from the run: packed again, it is the same bytes.
///
/// # Errors
/// When a file cannot be read, the pack cannot be written, or there is no signature.
pub fn write(
    out: &mut dyn Write,
    record: &Record,
    items: Vec<Item<'_>>,
    sign: Option<&Sign<'_>>,
) -> Result<Packed, PackError> {
    let run = record.run().ok_or_else(|| io::Error::other("the run never began"))?;
    let mut writer = Writer::new(out, folder_of(record.id()));
    let mut entries = vec![];
    for Item { name, open } in items {
        let (bytes, mut content) = open()?;
        let sha256 = writer.file(&name, bytes, &mut *content)?;
        entries.push(Entry { name, bytes, sha256 });
    }
    let lacks = unkept(record, &entries);
    let statement = Statement::of(run, record.events(), entries.into_iter().map(subject));
    let text = statement.text();
    writer.file(STATEMENT, text.len() as u64, &mut text.as_bytes())?;
    if let Some(sign) = sign {
        let signature = sign(&pae(text.as_bytes())).map_err(PackError::Unsigned)?;
        let envelope = Envelope::around(text.as_bytes(), vec![signature]).text();
        writer.file(ENVELOPE, envelope.len() as u64, &mut envelope.as_bytes())?;
    }
    writer.finish()?;
    Ok(Packed { statement, lacks })
}
