//! Masking of bytes that arrive in pieces: a secret is found across the borders.

use std::borrow::Cow;

use super::{MASKED, Mask, Patterns};

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
        let until = patterns.open_from(&self.held);
        Cow::Owned(self.release(&patterns, until))
    }

    /// Gives what was held back; the stream has ended.
    pub fn finish(&mut self) -> Vec<u8> {
        let patterns = self.mask.current();
        let until = self.held.len();
        self.release(&patterns, until)
    }

    /// Whether there was a secret in what has come out so far.
    #[must_use]
    pub fn has_found(&self) -> bool {
        self.found
    }

    /// Masks up to `until`. A secret that begins before it is masked whole.
    fn release(&mut self, patterns: &Patterns, until: usize) -> Vec<u8> {
        let mut shown = Vec::with_capacity(self.held.len());
        let mut at = 0;
        if let Some(automaton) = &patterns.automaton {
            for found in automaton.find_iter(&self.held).take_while(|found| found.start() < until) {
                shown.extend_from_slice(self.held.get(at..found.start()).unwrap_or_default());
                shown.extend_from_slice(MASKED.as_bytes());
                self.found = true;
                at = found.end();
            }
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
