//! Tells what a program printed from what its wrapper says in the same stream.
//!
//! A mark is a control character, a word drawn for this one program, and a text up to the end of
//! the line. It may stand anywhere, behind a line without an end too, and come in pieces.

/// Longer than any text that a wrapper says, in bytes; a program's name may be in it.
const LONGEST: usize = 8 * 1024;

/// Where every mark begins.
const START: u8 = 0x1e;

/// What a stream holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Of the program.
    Bytes(&'a [u8]),
    /// Of the wrapper.
    Said(String),
}

/// Takes a stream apart.
#[derive(Clone, Debug)]
pub(super) struct Marked {
    mark: Vec<u8>,
    held: Vec<u8>,
}

impl Marked {
    pub(super) fn new(mark: &str) -> Self {
        let mut bytes = vec![START];
        bytes.extend_from_slice(mark.as_bytes());
        bytes.push(b' ');
        Self { mark: bytes, held: vec![] }
    }

    /// The pieces of what was read, in order. What may be the beginning of a mark is held back.
    pub(super) fn feed(&mut self, bytes: &[u8], take: &mut dyn FnMut(Piece<'_>)) {
        let whole;
        let mut rest = if self.held.is_empty() {
            bytes
        } else {
            whole = [std::mem::take(&mut self.held).as_slice(), bytes].concat();
            whole.as_slice()
        };
        // Of what is printed before the next character that begins a mark, all is handed on at once.
        let mut from = 0;
        while let Some(at) = rest.get(from..).and_then(|rest| memchr::memchr(START, rest)) {
            let (before, here) = rest.split_at(from + at);
            match self.read(here) {
                Read::Said(text, length) => {
                    bytes_of(before, take);
                    take(Piece::Said(text));
                    rest = here.get(length..).unwrap_or_default();
                    from = 0;
                }
                Read::Unfinished => {
                    bytes_of(before, take);
                    self.held = here.to_vec();
                    return;
                }
                Read::Nothing => from += at + 1,
            }
        }
        bytes_of(rest, take);
    }

    /// What was held back and is no mark: the stream has ended.
    pub(super) fn finish(&mut self, take: &mut dyn FnMut(Piece<'_>)) {
        bytes_of(&std::mem::take(&mut self.held), take);
    }

    fn read(&self, here: &[u8]) -> Read {
        let Some(text) = here.strip_prefix(self.mark.as_slice()) else {
            return if self.mark.starts_with(here) { Read::Unfinished } else { Read::Nothing };
        };
        match memchr::memchr(b'\n', text) {
            Some(end) => {
                let said = String::from_utf8_lossy(text.get(..end).unwrap_or_default()).into_owned();
                Read::Said(said, self.mark.len() + end + 1)
            }
            None if text.len() > LONGEST => Read::Nothing,
            None => Read::Unfinished,
        }
    }
}

enum Read {
    /// A text, and the length of it all.
    Said(String, usize),
    Unfinished,
    Nothing,
}

fn bytes_of(bytes: &[u8], take: &mut dyn FnMut(Piece<'_>)) {
    if !bytes.is_empty() {
        take(Piece::Bytes(bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes out if the stream is read in pieces of that length.
    fn read(stream: &[u8], piece: usize) -> (Vec<u8>, Vec<(usize, String)>) {
        let (mut marked, mut bytes, mut said) = (Marked::new("ab12"), vec![], vec![]);
        let mut take = |piece: Piece<'_>| match piece {
            Piece::Bytes(more) => bytes.extend_from_slice(more),
            Piece::Said(text) => said.push((bytes.len(), text)),
        };
        stream.chunks(piece).for_each(|chunk| marked.feed(chunk, &mut take));
        marked.finish(&mut take);
        (bytes, said)
    }

    #[test]
    fn marks_are_found_wherever_the_stream_is_cut() {
        let stream = b"noise\x1eab12 begin\nout\x1eab1\x1e\x1eab12 end 0 itself\n\x1eab12 cut";
        for piece in 1..=stream.len() {
            let (bytes, said) = read(stream, piece);
            assert_eq!(bytes, b"noiseout\x1eab1\x1e\x1eab12 cut", "{piece}");
            assert_eq!(said, [(5, "begin".to_owned()), (13, "end 0 itself".to_owned())], "{piece}");
        }
    }

    #[test]
    fn what_only_begins_like_a_mark_is_not_held_for_ever() {
        let stream = [b"\x1eab12 ".as_slice(), &vec![b'x'; 3 * LONGEST]].concat();
        let mut marked = Marked::new("ab12");
        let mut seen = 0;
        stream.chunks(100).for_each(|chunk| {
            marked.feed(chunk, &mut |piece| {
                if let Piece::Bytes(bytes) = piece {
                    seen += bytes.len();
                }
            });
        });
        assert!(seen > 2 * LONGEST, "{seen}");
    }
}
