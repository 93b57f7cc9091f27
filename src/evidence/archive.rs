//! The archive: a tar of plain files in one folder, every byte of it settled by names and contents.
//!
//! What reads it takes no header that it would not have written itself: two readers of one
//! archive see the same files, and a byte that is not content cannot differ unseen.

use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};
use tar::{EntryType, Header};

use crate::value::hex;

const BLOCK: usize = 512;
/// What the files are dated: every pack of one run is the same. 2000-01-01; tools doubt earlier ones.
const MTIME: u64 = 946_684_800;
const PIECE: usize = 64 * 1024;

/// The one header of a file of that name and size; `None` where there is none.
fn header(name: &str, size: u64) -> Option<Header> {
    let mut header = Header::new_ustar();
    header.set_path(name).ok()?;
    header.set_size(size);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(MTIME);
    header.set_entry_type(EntryType::Regular);
    header.set_cksum();
    Some(header)
}

/// Bytes between the end of a file and the next header.
fn padding(size: u64) -> usize {
    let over = usize::try_from(size % BLOCK as u64).unwrap_or(0);
    (BLOCK - over) % BLOCK
}

/// Writes an archive.
pub(super) struct Writer<W> {
    out: W,
    folder: String,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(out: W, folder: String) -> Self {
        Self { out, folder }
    }

    /// Adds a file of so many bytes; gives its SHA-256 in hex.
    ///
    /// # Errors
    /// When there are fewer bytes than that, or they cannot be read or written.
    pub(super) fn file(&mut self, name: &str, size: u64, content: &mut dyn Read) -> io::Result<String> {
        let header = header(&format!("{}/{name}", self.folder), size);
        let header = header.ok_or_else(|| io::Error::other(format!("no archive takes the name {name}")))?;
        self.out.write_all(header.as_bytes())?;
        let (mut hash, mut left, mut piece) = (Sha256::new(), size, vec![0; PIECE]);
        while left > 0 {
            let room = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
            let read = content.read(piece.get_mut(..room).unwrap_or_default())?;
            let bytes = piece.get(..read).filter(|bytes| !bytes.is_empty());
            let bytes = bytes.ok_or_else(|| io::Error::other(format!("{name} became shorter")))?;
            hash.update(bytes);
            self.out.write_all(bytes)?;
            left -= bytes.len() as u64;
        }
        self.out.write_all(&vec![0; padding(size)])?;
        Ok(hex(&hash.finalize()))
    }

    /// Ends the archive.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.out.write_all(&[0; 2 * BLOCK])?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Reads an archive from its first byte to its last.
pub(super) struct Reader<R> {
    input: R,
    at: u64,
}

/// What stands next in an archive.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A file.
    File {
        /// As the header says.
        name: String,
        /// Bytes of content that follow.
        size: u64,
        /// Whether the header is the one of that name and size.
        as_written: bool,
    },
    /// The end, with nothing behind it.
    End,
    /// Nothing that can be read on from.
    Broken(String),
}

impl<R: Read> Reader<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, at: 0 }
    }

    /// The next header, or the end.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn next(&mut self) -> io::Result<Next> {
        let at = self.at;
        let mut block = [0; BLOCK];
        match self.fill(&mut block)? {
            BLOCK => {}
            0 => return Ok(Next::Broken("it ends without its end mark: it was cut off".into())),
            _ => return Ok(Next::Broken(format!("it was cut off at byte {}", self.at))),
        }
        if block == [0; BLOCK] {
            return self.end();
        }
        let header = Header::from_byte_slice(&block);
        let name = String::from_utf8_lossy(&header.path_bytes()).into_owned();
        let Ok(size) = header.entry_size() else {
            return Ok(Next::Broken(format!("byte {at} begins no entry")));
        };
        let own = self::header(&name, size);
        let as_written = own.is_some_and(|own| own.as_bytes() == &block);
        Ok(Next::File { name, size, as_written })
    }

    fn end(&mut self) -> io::Result<Next> {
        let mut rest = [0; BLOCK + 1];
        let read = self.fill(&mut rest)?;
        let zeros = rest.iter().all(|byte| *byte == 0);
        let why = match read {
            BLOCK if zeros => return Ok(Next::End),
            read if read < BLOCK => "it was cut off within its end mark",
            _ => "something stands behind its end",
        };
        Ok(Next::Broken(why.into()))
    }

    /// Hands over the content of the file whose header was read, in pieces. False where the archive ends in it, or
    /// what fills its last block is not empty.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn content(&mut self, size: u64, each: &mut dyn FnMut(&[u8])) -> io::Result<Content> {
        let (mut left, mut piece) = (size, vec![0; PIECE]);
        while left > 0 {
            let room = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
            let read = self.fill(piece.get_mut(..room).unwrap_or_default())?;
            each(piece.get(..read).unwrap_or_default());
            left -= read as u64;
            if read < room {
                return Ok(Content::CutOff);
            }
        }
        let mut fill = [0; BLOCK];
        let fill = fill.get_mut(..padding(size)).unwrap_or_default();
        Ok(match self.fill(fill)? == fill.len() {
            false => Content::CutOff,
            true if fill.iter().any(|byte| *byte != 0) => Content::Filled,
            true => Content::Whole,
        })
    }

    /// Reads until the buffer is full or nothing is left.
    fn fill(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.input.read(rest) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.at += filled as u64;
        Ok(filled)
    }
}

/// How the content of a file came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Whole,
    /// The archive ends in it.
    CutOff,
    /// Something stands where only zeros should.
    Filled,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = Writer::new(vec![], "f".into());
        for (name, content) in files {
            writer.file(name, content.len() as u64, &mut &**content).unwrap();
        }
        writer.finish().unwrap()
    }

    fn read(bytes: &[u8]) -> Vec<String> {
        let (mut reader, mut seen) = (Reader::new(bytes), vec![]);
        loop {
            match reader.next().unwrap() {
                Next::File { name, size, as_written } => {
                    let mut text = vec![];
                    let content = reader.content(size, &mut |piece| text.extend_from_slice(piece)).unwrap();
                    let text = String::from_utf8_lossy(&text).into_owned();
                    seen.push(format!("{name} {text} {as_written} {content:?}"));
                    if content == Content::CutOff {
                        return seen;
                    }
                }
                other => {
                    seen.push(format!("{other:?}"));
                    return seen;
                }
            }
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = archive(&[("a", b"one"), ("b/c", b""), ("d", &[b'x'; 512])]);
        let xs = "x".repeat(512);
        assert_eq!(
            read(&bytes),
            ["f/a one true Whole", "f/b/c  true Whole", &format!("f/d {xs} true Whole"), "End"]
        );
    }

    #[test]
    fn the_same_files_are_the_same_bytes() {
        assert_eq!(archive(&[("a", b"one")]), archive(&[("a", b"one")]));
    }

    #[test]
    fn no_byte_differs_unseen() {
        let whole = archive(&[("a", b"one"), ("b", b"two")]);
        let good = read(&whole);
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            assert_ne!(read(&bytes), good, "byte {at}");
        }
    }

    #[test]
    fn what_was_cut_off_or_added_shows() {
        let whole = archive(&[("a", b"one")]);
        for length in 0..whole.len() {
            assert!(read(&whole[..length]).last().unwrap() != "End", "{length}");
        }
        let more = [&whole[..], b"x"].concat();
        assert!(read(&more).last().unwrap().contains("something stands behind its end"));
    }

    #[test]
    fn a_file_that_became_shorter_is_an_error() {
        let mut writer = Writer::new(vec![], "f".into());
        let error = writer.file("a", 4, &mut &b"one"[..]).unwrap_err();
        assert_eq!(error.to_string(), "a became shorter");
    }
}
