//! What is kept of a file while a pack is read: nothing, all of it up to a bound, or its lines one by one.

/// A text that is needed whole, up to a bound.
#[derive(Debug, Default)]
pub(super) struct Whole {
    bytes: Vec<u8>,
    room: usize,
    over: bool,
}

impl Whole {
    pub(super) fn up_to(room: usize) -> Self {
        Self { bytes: vec![], room, over: false }
    }

    pub(super) fn add(&mut self, piece: &[u8]) {
        self.over |= self.bytes.len() + piece.len() > self.room;
        if !self.over {
            self.bytes.extend_from_slice(piece);
        }
    }

    /// All of it; `None` where there was more.
    pub(super) fn take(self) -> Option<Vec<u8>> {
        (!self.over).then_some(self.bytes)
    }
}

/// Lines, each up to a bound and with its end.
#[derive(Debug)]
pub(super) struct Lines {
    line: Vec<u8>,
    room: usize,
    over: bool,
}

impl Lines {
    pub(super) fn up_to(room: usize) -> Self {
        Self { line: vec![], room, over: false }
    }

    /// Hands each line that ends in this piece over; one that is too long as `None`.
    pub(super) fn add(&mut self, mut piece: &[u8], each: &mut dyn FnMut(Option<&[u8]>)) {
        while let Some(end) = memchr::memchr(b'\n', piece) {
            let (line, rest) = piece.split_at(end);
            self.more(line);
            each((!self.over).then_some(&self.line));
            self.line.clear();
            self.over = false;
            piece = rest.get(1..).unwrap_or_default();
        }
        self.more(piece);
    }

    fn more(&mut self, piece: &[u8]) {
        self.over |= self.line.len() + piece.len() > self.room;
        if !self.over {
            self.line.extend_from_slice(piece);
        }
    }

    /// Whether the last line has no end.
    pub(super) fn is_cut(&self) -> bool {
        !self.line.is_empty() || self.over
    }
}

/// Whether a JSON text nests no deeper than so many levels: what reads it takes a frame of the stack for each.
pub(super) fn is_flat(text: &[u8], deepest: usize) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > deepest {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pieces: &[&[u8]]) -> (Vec<Option<String>>, bool) {
        let (mut lines, mut seen) = (Lines::up_to(4), vec![]);
        for piece in pieces {
            let text = |line: &[u8]| String::from_utf8(line.to_vec()).unwrap();
            lines.add(piece, &mut |line| seen.push(line.map(text)));
        }
        (seen, lines.is_cut())
    }

    #[test]
    fn lines_come_whole_whatever_the_pieces() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(lines(&[b"a\nbc", b"d\n\n"]), (vec![some("a"), some("bcd"), some("")], false));
        assert_eq!(lines(&[b"toolong", b"er\nok\nrest"]), (vec![None, some("ok")], true));
    }

    #[test]
    fn depth_is_counted_outside_of_texts() {
        assert!(is_flat(br#"{"a":["[[[[\"[[[["]}"#, 2));
        assert!(!is_flat(br#"{"a":[[]]}"#, 2));
    }
}
