//! The one masking sink: knows every secret of a run in all the forms that tools print it in.
//!
//! Knows nothing of where a text comes from or goes to. Whoever shows or keeps a text puts it
//! through here first. With no secrets it costs nothing.

mod forms;
mod letters;
mod stream;

use std::ops::Range;
use std::sync::{Arc, RwLock};

use aho_corasick::{AhoCorasick, MatchKind};

use self::letters::{Letters, Reading, begins, colours, goes_back, has_doubled, has_orders};
pub use stream::StreamMask;

/// What stands in the place of a secret.
pub use crate::value::MASKED;

/// The shortest secret that can be masked, in bytes; shorter ones are refused where inputs are read.
pub const SHORTEST_SECRET: usize = 4;

/// So many bytes of orders for a terminal are looked through in the middle of what may be a secret.
const MOST_ORDERS: usize = 4096;

/// All known secrets; shared by everything that shows or keeps texts. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Mask {
    patterns: Arc<RwLock<Arc<Patterns>>>,
}

/// The forms of all secrets known at one moment.
#[derive(Default)]
struct Patterns {
    forms: Vec<Vec<u8>>,
    automaton: Option<AhoCorasick>,
    longest: usize,
}

impl std::fmt::Debug for Patterns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Patterns({})", self.forms.len())
    }
}

impl Mask {
    /// Learns secrets. One shorter than [`SHORTEST_SECRET`] is left out: masking it would
    /// destroy the texts around it.
    pub fn learn<'a>(&self, secrets: impl IntoIterator<Item = &'a str>) {
        let mut forms = self.current().forms.clone();
        let known = forms.len();
        for secret in secrets.into_iter().filter(|secret| secret.len() >= SHORTEST_SECRET) {
            forms.extend(forms::of(secret).into_iter().flat_map(with_letters));
        }
        if forms.len() > known {
            forms.sort_unstable();
            forms.dedup();
            let patterns = Arc::new(Patterns::new(forms));
            *self.patterns.write().unwrap_or_else(std::sync::PoisonError::into_inner) = patterns;
        }
    }

    /// The text with every known secret replaced.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        let patterns = self.current();
        let mut masked = String::with_capacity(text.len());
        let mut at = 0;
        for found in patterns.found(text.as_bytes(), &readings(text.as_bytes())) {
            masked.push_str(text.get(at..found.start).unwrap_or_default());
            masked.push_str(&patterns.instead(text.as_bytes().get(found.clone()).unwrap_or_default()));
            at = found.end;
        }
        masked.push_str(text.get(at..).unwrap_or_default());
        masked
    }

    /// Whether the text holds a known secret.
    #[must_use]
    pub fn taints(&self, text: &str) -> bool {
        let patterns = self.current();
        let Some(automaton) = &patterns.automaton else { return false };
        let holds_one = |letters: &Letters| automaton.is_match(&letters.bytes);
        automaton.is_match(text) || readings(text.as_bytes()).iter().any(holds_one)
    }

    fn current(&self) -> Arc<Patterns> {
        Arc::clone(&self.patterns.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

impl crate::run::Mask for Mask {
    fn mask(&self, text: &str) -> String {
        self.text(text)
    }

    fn tainted(&self, text: &str) -> bool {
        self.taints(text)
    }

    fn learn(&self, secret: &str) {
        Self::learn(self, [secret]);
    }
}

impl Patterns {
    fn new(forms: Vec<Vec<u8>>) -> Self {
        let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&forms);
        let longest = forms.iter().map(Vec::len).max().unwrap_or(0);
        // Building fails only beyond 2^31 states; then the secrets are gigabytes of text.
        Self { automaton: built.ok(), forms, longest }
    }

    /// Where secrets stand, one after the other: as they are, and with orders for a terminal between their letters.
    fn found(&self, bytes: &[u8], readings: &[Letters]) -> Vec<Range<usize>> {
        let Some(automaton) = &self.automaton else { return vec![] };
        let mut found: Vec<_> = automaton.find_iter(bytes).map(|found| found.range()).collect();
        for letters in readings {
            let each = automaton.find_iter(&letters.bytes).filter_map(|found| {
                let (first, last) = (letters.place(found.start())?, letters.place(found.end() - 1)?);
                Some(begins(bytes, first)..last + 1)
            });
            found.extend(each);
        }
        if readings.is_empty() { found } else { apart(found) }
    }

    /// What stands in the place of a secret. Colours that change inside it are those of what follows.
    fn instead(&self, secret: &[u8]) -> String {
        let harmless = |order: &&[u8]| self.automaton.as_ref().is_none_or(|known| !known.is_match(*order));
        let colours = colours(secret).into_iter().filter(harmless).map(String::from_utf8_lossy);
        std::iter::once(MASKED.into()).chain(colours).collect()
    }

    /// Where in `bytes` something begins that later bytes could make a secret of.
    fn open_from(&self, bytes: &[u8], readings: &[Letters]) -> usize {
        let plain = self.open_in(bytes);
        let open = |letters: &Letters| letters.place(self.open_in(letters.sure())).unwrap_or(letters.open);
        let open = readings.iter().map(open).min().unwrap_or(plain).min(plain);
        // Who prints nothing but orders for so long is given up.
        if bytes.len() - open > self.longest * 32 + MOST_ORDERS { plain } else { open }
    }

    fn open_in(&self, bytes: &[u8]) -> usize {
        let window = bytes.len().saturating_sub(self.longest.saturating_sub(1));
        let open = |from: &usize| {
            let rest = bytes.get(*from..).unwrap_or_default();
            self.forms.iter().any(|form| form.len() > rest.len() && form.starts_with(rest))
        };
        (window..bytes.len()).find(open).unwrap_or(bytes.len())
    }
}

/// The letters of an output in each way that it can be read. None where nothing stands between them.
fn readings(bytes: &[u8]) -> Vec<Letters> {
    if !has_orders(bytes) {
        return vec![];
    }
    let shown = goes_back(bytes).then_some(Reading::Shown);
    let joined = has_doubled(bytes).then_some(Reading::Joined);
    let readings = [Some(Reading::Printed), shown, joined].into_iter().flatten();
    readings.map(|reading| Letters::of(bytes, reading)).collect()
}

/// A form, and its letters where there is more in it: outputs are searched for both.
fn with_letters(form: Vec<u8>) -> Vec<Vec<u8>> {
    let letters = has_orders(&form).then(|| Letters::of(&form, Reading::Printed).bytes);
    let letters = letters.filter(|letters| letters.len() >= SHORTEST_SECRET);
    std::iter::once(form).chain(letters).collect()
}

/// What overlaps is one.
fn apart(mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.sort_unstable_by_key(|found| (found.start, found.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for next in found {
        match apart.last_mut() {
            Some(last) if next.start < last.end => last.end = last.end.max(next.end),
            _ => apart.push(next),
        }
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::hex;
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    fn mask(secrets: &[&str]) -> Mask {
        let mask = Mask::default();
        mask.learn(secrets.iter().copied());
        mask
    }

    #[test]
    fn nothing_known_changes_nothing() {
        assert_eq!(mask(&[]).text("plain"), "plain");
        assert!(!mask(&[]).taints("plain"));
    }

    #[test]
    fn the_clear_form_is_masked_everywhere() {
        assert_eq!(mask(&["hunter22"]).text("a hunter22 b hunter22"), "a *** b ***");
        assert!(mask(&["hunter22"]).taints("xhunter22x"));
    }

    #[test]
    fn a_short_secret_is_left_out() {
        assert_eq!(mask(&["abc"]).text("abc"), "abc");
    }

    #[test]
    fn the_longer_of_two_wins() {
        assert_eq!(mask(&["pass", "password1"]).text("password1"), "***");
    }

    #[test]
    fn a_secret_with_orders_between_its_letters_is_masked() {
        let mask = mask(&["hunter22"]);
        for (shown, masked) in [
            ("<hun\u{1b}[1mter22>", "<***\u{1b}[1m>"),
            ("<\u{1b}[31mhun\u{1b}[0mter22>", "<\u{1b}[31m***\u{1b}[0m>"),
            ("<hun\u{1b}]0;title\u{7}ter\r2\u{8}2>", "<***>"),
            ("<h\u{8}hu\u{8}un\u{8}nt\u{8}te\u{8}er\u{8}r2\u{8}22\u{8}2>", "<***>"),
            ("<_\u{8}h_\u{8}u_\u{8}n_\u{8}t_\u{8}e_\u{8}r_\u{8}2_\u{8}2>", "<***>"),
            ("<\u{1b}]0;hunter22\u{7}>", "<\u{1b}]0;***\u{7}>"),
            ("<hun\u{1b}[hunter22mter22>", "<hun\u{1b}[***mter22>"),
        ] {
            assert_eq!(mask.text(shown), masked, "{shown:?}");
            assert!(mask.taints(shown), "{shown:?}");
        }
        for plain in ["\u{1b}[1mhunt\u{1b}[0m\r\nhunter2", "h\u{8}unter-22", "\u{1b}["] {
            assert_eq!(mask.text(plain), plain);
            assert!(!mask.taints(plain), "{plain:?}");
        }
    }

    /// Of a secret with backslashes, whether the order was put behind one as it is or the whole is escaped.
    #[test]
    fn a_secret_with_spelled_orders_between_its_letters_is_masked() {
        for secret in ["hunter22", "Pa\\ss-Canary-77", "Q\\w^\\", "it's ^[x]"] {
            let mask = mask(&[secret]);
            for escape in ["\\u001b", "\\u001B", "\\x1b", "\\x1B", "\\033", "\\E", "\\e", "\\u{1b}", "^["] {
                let letters: Vec<String> = secret.chars().map(String::from).collect();
                let joined = letters.join(&format!("{escape}[1;31m"));
                assert_eq!(mask.text(&format!("<{joined}")), "<***", "{joined}");
                assert_eq!(mask.text(&format!("<{joined}>")), "<***>", "{joined}");
                let escaped = secret.replace('\\', "\\\\").replace('\'', "\\'");
                let escaped =
                    escaped.replace('s', &format!("s{escape}[31m")).replace('w', &format!("{escape}[0mw"));
                assert!(mask.taints(&format!("$'{escaped}'")), "{escaped}");
            }
        }
    }

    #[test]
    fn lines_and_tabs_between_letters_are_text() {
        let mask = mask(&["hunter22"]);
        for plain in ["hunt\ter22", "hunt\ner22", "hunt\\Er22", "hunt^er22"] {
            assert_eq!(mask.text(plain), plain);
        }
    }

    #[test]
    fn a_secret_that_holds_orders_is_masked() {
        let mask = mask(&["one\r\u{1b}[1mtwo"]);
        for shown in ["one\r\u{1b}[1mtwo", "one\rtwo", "onetwo", "one\u{1b}[2mtwo"] {
            assert!(mask.taints(shown), "{shown:?}");
        }
    }

    #[test]
    fn json_and_url_forms_are_masked() {
        let mask = mask(&["p\"w é/1 +x"]);
        for shown in [
            r#"p\"w é/1 +x"#,
            r#"p\"w \u00e9/1 +x"#,
            r#"p\"w é\/1 +x"#,
            "p%22w%20%C3%A9%2F1%20%2Bx",
            "p%22w%20%c3%a9%2f1%20%2bx",
            "p%22w+%C3%A9%2F1+%2Bx",
        ] {
            assert_eq!(mask.text(&format!("<{shown}>")), "<***>", "{shown}");
        }
    }

    #[test]
    fn json_that_may_stand_in_html_is_masked() {
        let mask = mask(&["a<b>&c\"d"]);
        for shown in [r#"a\u003cb\u003e\u0026c\"d"#, r#"a\\u003cb\\u003e\\u0026c\\\"d"#] {
            assert_eq!(mask.text(&format!("<{shown}>")), "<***>", "{shown}");
        }
    }

    #[test]
    fn literals_and_json_in_json_are_masked() {
        let mask = mask(&["a\\b'c\n\"d"]);
        for shown in [r#"a\\b'c\n"d"#, r#"a\\b\'c\n"d"#, r#"a\\\\b'c\\n\\\"d"#] {
            assert_eq!(mask.text(&format!("<{shown}>")), "<***>", "{shown}");
        }
    }

    #[test]
    fn url_forms_that_leave_more_as_it_is_are_masked() {
        let mask = mask(&["a/b (c) d:e@f"]);
        for shown in ["a/b%20%28c%29%20d%3Ae%40f", "a%2Fb%20(c)%20d%3Ae%40f", "a/b%20(c)%20d:e@f"] {
            assert_eq!(mask.text(&format!("<{shown}>")), "<***>", "{shown}");
        }
    }

    #[test]
    fn shell_forms_are_masked() {
        let mask = mask(&["it's $5 \"x\""]);
        for shown in [r#"it'\''s $5 "x""#, r#"it\'s\ \$5\ \"x\""#, r#"it's \$5 \"x\""#] {
            assert_eq!(mask.text(&format!("<{shown}>")), "<***>", "{shown}");
        }
        let mask = self::mask(&["#a,b~c#d e"]);
        assert_eq!(mask.text(r"<\#a\,b~c#d\ e>"), "<***>", "as bash has it");
        assert_eq!(mask.text("<%23a%2Cb~c%23d+e>"), "<***>", "as Python has it");
    }

    #[test]
    fn base64_is_masked_at_each_alignment() {
        let mask = mask(&["s3cr3t-token"]);
        for before in ["", "a", "ab", "abc", "user:"] {
            let shown = STANDARD.encode(format!("{before}s3cr3t-token and more"));
            assert!(mask.taints(&shown), "{before}: {shown}");
            let masked = mask.text(&shown);
            assert!(masked.contains(MASKED) && masked.len() + 12 <= shown.len(), "{masked}");
        }
    }

    #[test]
    fn base64_in_lines_is_masked() {
        let secret: String =
            (0..200_u8).map(|number| char::from(b'!' + number.wrapping_mul(37) % 90)).collect();
        let (mask, whole) = (mask(&[&secret]), STANDARD.encode(&secret));
        for length in [64, 76] {
            let lines: Vec<&str> =
                whole.as_bytes().chunks(length).map(|line| std::str::from_utf8(line).unwrap()).collect();
            let masked = mask.text(&lines.join("\n"));
            assert!(lines.iter().all(|line| !masked.contains(&line[..8])), "{masked}");
        }
    }

    #[test]
    fn hex_is_masked_in_both_cases_and_inside_longer_hex() {
        let mask = mask(&["s3cr3t-token"]);
        let whole = hex(b"user:s3cr3t-token!");
        assert_eq!(mask.text(&whole), "757365723a***21");
        assert_eq!(mask.text(&whole.to_ascii_uppercase()), "757365723A***21");
    }

    /// RFC 4648: `fooba` is MZXW6YTB.
    #[test]
    fn base32_is_masked_at_each_alignment() {
        assert_eq!(mask(&["fooba"]).text("MZXW6YTB mzxw6ytb"), "*** ***");
        for (before, shown) in [
            ("", "OMZWG4RTOQWXI33LMVXA===="),
            ("a", "MFZTGY3SGN2C25DPNNSW4==="),
            ("ab", "MFRHGM3DOIZXILLUN5VWK3Q="),
            ("abc", "MFRGG4ZTMNZDG5BNORXWWZLO"),
            ("abcd", "MFRGGZDTGNRXEM3UFV2G623FNY======"),
        ] {
            let masked = mask(&["s3cr3t-token"]).text(shown);
            assert!(masked.contains(MASKED) && masked.len() + 12 <= shown.len(), "{before}: {masked}");
        }
    }

    #[test]
    fn html_forms_are_masked() {
        let mask = mask(&["a<b>&'c'\"d\""]);
        for shown in [
            "a&lt;b&gt;&amp;'c'\"d\"",
            "a&lt;b&gt;&amp;&#x27;c&#x27;&quot;d&quot;",
            "a&lt;b&gt;&amp;&#39;c&#39;&#34;d&#34;",
            "a&lt;b&gt;&amp;&apos;c&apos;&quot;d&quot;",
        ] {
            assert_eq!(mask.text(&format!("<{shown}>")), "<***>", "{shown}");
        }
    }

    #[test]
    fn each_line_of_a_long_secret_is_masked() {
        let mask = mask(&["-----BEGIN KEY-----\nAAAAB3NzaC1yc2E\nQQ==\n"]);
        assert_eq!(mask.text("  AAAAB3NzaC1yc2E"), "  ***");
    }
}
