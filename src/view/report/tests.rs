//! Whatever stands in a text, a report draws its letters.

use jiff::Timestamp;

use super::scale::Scale;
use super::story::{Bar, EffectTold, FileTold, Said, Sort, Standing, Story, Told, Tone};
use super::text::Text;
use super::{html, markdown};

/// A story in which every text is this one.
fn story(text: &str) -> Story {
    let (text, at) = (|| Text::of(text), Timestamp::UNIX_EPOCH);
    let tone = Tone::Bad;
    let bar = |sort| Bar { depth: 1, title: text(), began: at, ended: None, tone, sort };
    Story {
        run: Text::of("x7k2q"),
        title: text(),
        version: "1.0.0".into(),
        prose: Some(text()),
        standing: Standing { word: "rolled back", tone, why: Some(text()) },
        open: vec![("stuck", vec![text()])],
        facts: vec![("folder", text())],
        summary: vec![("undone", vec![text()])],
        inputs: vec![(text(), text())],
        began: at,
        last: at,
        bars: [Sort::Around, Sort::Work, Sort::Undo, Sort::Wait].map(bar).into(),
        bars_left_out: 1,
        scale: Scale::over(&[at]),
        people: vec![Said { at, who: text(), words: text(), shown: Some(text()) }],
        log: vec![Told { at: Some(at), depth: 1, tone, strong: true, text: text() }],
        effects: vec![EffectTold {
            at,
            place: text(),
            shown: text(),
            result: text(),
            tone,
            took: "1 s".into(),
            output: Some((Text::of("000001.log"), 1, "ab".into())),
        }],
        effects_left_out: 1,
        files: vec![FileTold { name: text(), what: "artifact", bytes: 1, sha256: "ab".into() }],
        sources: vec![(text(), "ab".into())],
    }
}

const HOSTILE: &str = "</style><script>alert(1)</script><img src=x onerror=alert(2)>\u{1b}[31m\u{0}\u{202e}' \" &amp; | `code` ![x](http://evil) [l](javascript:1) # *b* _i_\n```\n</td>\n| a | b |";

#[test]
fn a_page_holds_no_tag_of_a_text() {
    let harmless = html(&story("plain"), Some("outputs"));
    let page = html(&story(HOSTILE), Some("outputs"));
    let tags = |page: &str| page.matches('<').count();
    assert_eq!(tags(&page), tags(&harmless), "not one tag more");
    assert!(!page.contains("<script") && !page.contains("<img"));
    assert!(!page.contains(['\u{1b}', '\u{0}', '\u{202e}']));
    assert!(page.contains("&lt;script&gt;alert(1)"), "its letters are there");
    let attributes = |page: &str| page.matches('"').count();
    assert_eq!(attributes(&page), attributes(&harmless), "no text ends an attribute");
}

#[test]
fn a_page_needs_nothing_from_elsewhere() {
    let page = html(&story("plain"), None);
    for word in ["<script", "<link", "<img", "url(", "@import", "src=", "http://", "https://"] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn markdown_holds_no_markup_of_a_text() {
    let (harmless, text) = (markdown(&story("plain")), markdown(&story(HOSTILE)));
    let outside: Vec<&str> = outside_code(&text);
    for word in ["<script", "<img", "](", "*b*", "_i_"] {
        assert!(!outside.iter().any(|line| unescaped(line).contains(word)), "{word}\n{text}");
    }
    assert!(!text.contains(['\u{1b}', '\u{0}', '\u{202e}']));
    let bars = |text: &str| -> Vec<usize> {
        outside_code(text)
            .iter()
            .filter(|line| line.starts_with('|'))
            .map(|line| unescaped(line).matches('|').count())
            .collect()
    };
    assert_eq!(bars(&text), bars(&harmless), "no text ends a cell or a row");
    assert!(text.contains("````text"), "the fence is longer than what stands in it");
}

/// Without what a backslash made a letter.
fn unescaped(line: &str) -> String {
    let mut chars = line.chars();
    let mut kept = String::new();
    while let Some(char) = chars.next() {
        match char {
            '\\' => drop(chars.next()),
            char => kept.push(char),
        }
    }
    kept
}

/// The lines that do not stand in the fenced block.
fn outside_code(text: &str) -> Vec<&str> {
    let (mut fence, mut lines) = (None, vec![]);
    for line in text.lines() {
        match fence {
            None if line.starts_with("```") => fence = Some(line.trim_end_matches("text")),
            None => lines.push(line),
            Some(open) if line == open => fence = None,
            Some(_) => {}
        }
    }
    lines
}
