//! Masking of bytes that arrive in pieces: a secret is found across the borders.

use std::borrow::Cow;

use super::letters::Letters;
use super::{Mask, Patterns, readings};

/// Masks one stream. Holds back only what could still become a secret.
#[derive(Debug)]
pub struct StreamMask {
    mask: Mask,
    held: Vec<u8>,
    found: bool,
}

impl StreamMask {
    /// A stream that is masked with all that `mask` knows, and comes to know.
    #[must_use]
    pub fn new(mask: &Mask) -> Self {
        Self { mask: mask.clone(), held: vec![], found: false }
    }

    /// Takes the next bytes and gives what can be shown.
    pub fn feed<'a>(&mut self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        let patterns = self.mask.current();
        if patterns.automaton.is_none() && self.held.is_empty() {
            return Cow::Borrowed(bytes);
        }
        self.held.extend_from_slice(bytes);
        let readings = readings(&self.held);
        let until = patterns.open_from(&self.held, &readings);
        Cow::Owned(self.release(&patterns, &readings, until))
    }

    /// Gives what was held back; the stream has ended.
    pub fn finish(&mut self) -> Vec<u8> {
        let patterns = self.mask.current();
        let until = self.held.len();
        let readings = readings(&self.held);
        self.release(&patterns, &readings, until)
    }

    /// Whether there was a secret in what has come out so far.
    #[must_use]
    pub fn has_found(&self) -> bool {
        self.found
    }

    /// Masks up to `until`. A secret that begins before it is masked whole.
    fn release(&mut self, patterns: &Patterns, readings: &[Letters], until: usize) -> Vec<u8> {
        let mut shown = Vec::with_capacity(self.held.len());
        let mut at = 0;
        for found in patterns.found(&self.held, readings).into_iter().take_while(|found| found.start < until)
        {
            shown.extend_from_slice(self.held.get(at..found.start).unwrap_or_default());
            shown.extend_from_slice(
                patterns.instead(self.held.get(found.clone()).unwrap_or_default()).as_bytes(),
            );
            self.found = true;
            at = found.end;
        }
        let until = until.max(at);
        shown.extend_from_slice(self.held.get(at..until).unwrap_or_default());
        self.held.drain(..until);
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fed(secrets: &[&str], pieces: &[&[u8]]) -> String {
        let mask = Mask::default();
        mask.learn(secrets.iter().copied());
        let mut stream = StreamMask::new(&mask);
        let mut shown: Vec<u8> = pieces.iter().flat_map(|piece| stream.feed(piece).into_owned()).collect();
        shown.extend(stream.finish());
        String::from_utf8(shown).unwrap()
    }

    #[test]
    fn a_secret_across_any_border_is_masked() {
        let text = b"before hunter22 after";
        for border in 0..text.len() {
            let (left, right) = text.split_at(border);
            assert_eq!(fed(&["hunter22"], &[left, right]), "before *** after", "at {border}");
        }
    }

    #[test]
    fn a_secret_in_single_bytes_is_masked() {
        let pieces: Vec<&[u8]> = b"xhunter22y".chunks(1).collect();
        assert_eq!(fed(&["hunter22", "unter2"], &pieces), "x***y");
    }

    #[test]
    fn the_start_of_a_secret_alone_comes_out_at_the_end() {
        assert_eq!(fed(&["hunter22"], &[b"a hunt"]), "a hunt");
    }

    /// Whatever stands between the letters, and wherever the pieces end.
    #[test]
    fn a_secret_among_orders_is_masked_across_any_border() {
        let text = "a \u{1b}[31mh\u{1b}[0mu\u{1b}]0;x\u{1b}\\n\u{9b}1mt\re\u{8}r\u{1b}(B22 z".as_bytes();
        let masked = "a \u{1b}[31m***\u{1b}[0m z";
        for border in 0..text.len() {
            let (left, right) = text.split_at(border);
            assert_eq!(fed(&["hunter22"], &[left, right]), masked, "at {border}");
        }
        assert_eq!(fed(&["hunter22"], &text.chunks(1).collect::<Vec<_>>()), masked);
    }

    /// JSON that is printed has orders in letters.
    #[test]
    fn a_secret_among_spelled_orders_is_masked_across_any_border() {
        let text = br#"{"a": "hunt\u001b[1mer\\u001b[0;31m22"}"#;
        for border in 0..text.len() {
            let (left, right) = text.split_at(border);
            assert_eq!(fed(&["hunter22"], &[left, right]), r#"{"a": "***"}"#, "at {border}");
        }
    }

    #[test]
    fn a_secret_with_backslashes_among_spelled_orders_is_masked_across_any_border() {
        for text in
            [r"<P\E[31ma\\E[31ms\E[31ms>", r"<P\E[31ma\\\E[31ms\E[31ms>", r"<P^[[31ma\^[[31ms^[[31ms>"]
        {
            for border in 0..text.len() {
                let (left, right) = text.as_bytes().split_at(border);
                assert_eq!(fed(&["Pa\\ss"], &[left, right]), "<***>", "{text} at {border}");
            }
        }
    }

    #[test]
    fn what_holds_no_secret_comes_out_as_it_went_in() {
        let text =
            "\u{1b}[1mhunt\u{1b}[0m\rhunte\u{8}\u{8}\u{1b}]0;hunter\u{7}\u{1b}]hun\nhun\\\\E[1m\\e^[[x^\u{1b}[3".as_bytes();
        for length in 1..text.len() {
            let pieces: Vec<&[u8]> = text.chunks(length).collect();
            assert_eq!(fed(&["hunter22"], &pieces).as_bytes(), text, "{length}");
        }
    }

    /// Orders without an end are not kept in memory.
    #[test]
    fn so_much_is_held_back_and_no_more() {
        let mask = Mask::default();
        mask.learn(["hunter22"]);
        let mut stream = StreamMask::new(&mask);
        let (mut given, mut taken) = (3, stream.feed(b"hun").len());
        for _ in 0..4000 {
            given += 4;
            taken += stream.feed(b"\x1b[0m").len();
            assert!(given - taken < 20_000, "{given} {taken}");
        }
        assert_eq!(taken + stream.finish().len(), given);
    }

    #[test]
    fn nothing_is_held_back_that_cannot_become_a_secret() {
        let mask = Mask::default();
        mask.learn(["hunter22"]);
        let mut stream = StreamMask::new(&mask);
        assert_eq!(stream.feed(b"a line\n").as_ref(), b"a line\n");
        assert_eq!(stream.feed(b"hun").as_ref(), b"");
        assert_eq!(stream.feed(b"dred\n").as_ref(), b"hundred\n");
    }
}
