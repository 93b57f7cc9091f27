//! `JUnit` XML, as job systems read it.

use std::fmt::Write;

/// Tests that belong together.
#[derive(Debug)]
pub struct Suite {
    name: String,
    cases: Vec<(String, Verdict)>,
}

/// How a test ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should.
    Passed,
    /// Otherwise; the words say how.
    Failed(String),
}

impl Suite {
    /// One without tests.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), cases: vec![] }
    }

    /// With one more test.
    pub fn add(&mut self, name: &str, verdict: Verdict) {
        self.cases.push((name.to_owned(), verdict));
    }

    fn failures(&self) -> usize {
        self.cases.iter().filter(|(_, verdict)| *verdict != Verdict::Passed).count()
    }
}

/// Suites as one document.
#[must_use]
pub fn junit(suites: &[Suite]) -> String {
    let tests: usize = suites.iter().map(|suite| suite.cases.len()).sum();
    let failures: usize = suites.iter().map(Suite::failures).sum();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    _ = writeln!(out, "<testsuites tests=\"{tests}\" failures=\"{failures}\">");
    for suite in suites {
        let (name, tests, failures) = (escaped(&suite.name), suite.cases.len(), suite.failures());
        _ = writeln!(out, "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\">");
        for (title, verdict) in &suite.cases {
            let title = escaped(title);
            match verdict {
                Verdict::Passed => _ = writeln!(out, "    <testcase classname=\"{name}\" name=\"{title}\"/>"),
                Verdict::Failed(why) => {
                    let first = escaped(why.lines().next().unwrap_or_default());
                    _ = writeln!(out, "    <testcase classname=\"{name}\" name=\"{title}\">");
                    _ = writeln!(out, "      <failure message=\"{first}\">{}</failure>", escaped(why));
                    out.push_str("    </testcase>\n");
                }
            }
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// A text as XML may hold it: characters that it cannot hold are left out.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}
