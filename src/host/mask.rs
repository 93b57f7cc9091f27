//! The one masking sink: knows every secret of a run in all the forms that tools print it in.
//!
//! Knows nothing of where a text comes from or goes to. Whoever shows or keeps a text puts it
//! through here first. With no secrets it costs nothing.

mod forms;
mod stream;

use std::sync::{Arc, RwLock};

use aho_corasick::{AhoCorasick, MatchKind};

pub use stream::StreamMask;

/// What stands in the place of a secret.
pub const MASKED: &str = "***";

/// The shortest secret that can be masked, in bytes; shorter ones are refused where inputs are read.
pub const SHORTEST_SECRET: usize = 4;

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
            forms.extend(forms::of(secret));
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
        let Some(automaton) = &patterns.automaton else { return text.to_owned() };
        let mut masked = String::with_capacity(text.len());
        automaton.replace_all_with(text, &mut masked, |_, _, into| {
            into.push_str(MASKED);
            true
        });
        masked
    }

    /// Whether the text holds a known secret.
    #[must_use]
    pub fn taints(&self, text: &str) -> bool {
        self.current().automaton.as_ref().is_some_and(|automaton| automaton.is_match(text))
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

    /// Where in `bytes` something begins that later bytes could make a secret of.
    fn open_from(&self, bytes: &[u8]) -> usize {
        let window = bytes.len().saturating_sub(self.longest.saturating_sub(1));
        let open = |from: &usize| {
            let rest = bytes.get(*from..).unwrap_or_default();
            self.forms.iter().any(|form| form.len() > rest.len() && form.starts_with(rest))
        };
        (window..bytes.len()).find(open).unwrap_or(bytes.len())
    }
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
