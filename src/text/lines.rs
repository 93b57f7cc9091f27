//! Places as editors count them: lines from 0, columns in UTF-16 units.
//!
//! A line ends with `\n`, `\r\n` or a lone `\r`. Total: a place that is not in the text is the nearest one that is.

/// A place as an editor counts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place16 {
    /// From 0.
    pub line: u32,
    /// In UTF-16 units, from 0.
    pub column: u32,
}

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub struct Lines {
    /// In bytes, in order.
    starts: Vec<u32>,
}

impl Lines {
    /// Of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes)
            .filter(|at| bytes.get(*at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n'));
        let starts = ends.map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX));
        Self { starts: std::iter::once(0).chain(starts).collect() }
    }

    /// How many lines there are; after a last line end there is an empty one.
    #[must_use]
    pub fn count(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }

    /// The bytes of a line of that text, without its end.
    #[must_use]
    pub fn range(&self, text: &str, line: u32) -> std::ops::Range<usize> {
        let Some(start) = self.starts.get(line as usize).map(|start| *start as usize) else {
            return text.len()..text.len();
        };
        let next = self.starts.get(line as usize + 1).map_or(text.len(), |next| *next as usize);
        let written = text.get(start..next).unwrap_or_default();
        start..start + written.trim_end_matches(['\n', '\r']).len()
    }

    /// The byte of that text at a place; behind the end of a line its end, inside of a character its beginning.
    #[must_use]
    pub fn offset(&self, text: &str, place: Place16) -> usize {
        let range = self.range(text, place.line);
        let (mut left, mut at) = (place.column as usize, range.start);
        for c in text.get(range).unwrap_or_default().chars() {
            if left < c.len_utf16() {
                break;
            }
            left -= c.len_utf16();
            at += c.len_utf8();
        }
        at
    }

    /// The place of a byte of that text.
    #[must_use]
    pub fn place(&self, text: &str, offset: usize) -> Place16 {
        let offset = text.floor_char_boundary(offset);
        let line = self.starts.partition_point(|start| *start as usize <= offset).saturating_sub(1);
        let start = self.starts.get(line).map_or(0, |start| *start as usize);
        let column = text.get(start..offset).unwrap_or_default().encode_utf16().count();
        Place16 {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_utf16_units() {
        let text = "a😀é\r\nb\rc\n";
        let lines = Lines::of(text);
        assert_eq!(lines.count(), 4);
        let place = |line, column| Place16 { line, column };
        for (offset, at) in [
            (0, place(0, 0)),
            (1, place(0, 1)),
            (5, place(0, 3)),
            (7, place(0, 4)),
            (9, place(1, 0)),
            (11, place(2, 0)),
            (13, place(3, 0)),
        ] {
            assert_eq!((lines.place(text, offset), lines.offset(text, at)), (at, offset));
        }
    }

    #[test]
    fn what_is_not_there_is_the_nearest_that_is() {
        let text = "a😀\r\nb";
        let lines = Lines::of(text);
        let offset = |line, column| lines.offset(text, Place16 { line, column });
        assert_eq!([offset(0, 2), offset(0, 99), offset(1, 99), offset(7, 0)], [1, 5, 8, 8]);
        assert_eq!(lines.place(text, 3), Place16 { line: 0, column: 1 }, "inside of a character");
        assert_eq!(lines.place(text, 99), Place16 { line: 1, column: 1 });
        assert_eq!(Lines::of("").offset("", Place16 { line: 0, column: 3 }), 0);
    }
}
