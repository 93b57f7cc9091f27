//! What a person decides by shows what the runbook says: nothing in it draws over the screen, hides, or turns letters round.

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::bowline;

/// Letters that are not seen or turn round those behind them, wherever the author has the word; those that a terminal
/// obeys are refused in a runbook, and come from who starts it.
const HOSTILE: &str = "runbook \"Copy\u{200b}\" 1.0.0\n\n\"\"\"\nProse\u{202e}\n\"\"\"\n\ninput to: text \"Where\u{202e} to\"\n\nstep \"Look \u{202e}around\" idempotent {\n  run ls /srv {to}\n  rollback none \"x\u{202e}2K\"\n}\nstep \"Copy\" idempotent {\n  ```sh\n  \techo \u{200b}echo\n  ```\n  rollback { run rm \"\u{200b}\" }\n}\n\nscenario \"It\u{202e} ends\" {\n  with to = \"b\"\n  ends \"stuck\"\n}\n";

/// Letters that a terminal obeys.
const TO: &str = "to=a\u{1b}[1A\u{7}b\u{9b}2K";

#[test]
fn a_plan_a_drill_and_a_test_obey_no_letter_of_a_runbook() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.runbook");
    std::fs::write(&file, HOSTILE).unwrap();
    let file = file.to_str().unwrap();
    let old = folder.path().join("old.runbook");
    std::fs::write(&old, HOSTILE.replace("/srv", "/opt")).unwrap();
    for (args, told) in [
        (
            &["plan", file, "--full", "-i", TO][..],
            &["Look \\u{202e}around", "\u{fffd}[1A", "/srv", "\techo \\u{200b}echo"][..],
        ),
        (&["plan", file, "--full", "-i", TO, "--format", "markdown"], &["\\u{202e}around", "/srv"]),
        (&["plan", file, "--full", "--format", "mermaid"], &["\\u{202e}around"]),
        (&["plan", file, "--full", "-i", TO, "--format", "html"], &["\\u{202e}around", "/srv"]),
        (&["plan", file, "--against", old.to_str().unwrap()], &["/srv", "/opt"]),
        (&["drill", file, "-i", TO], &["\\u{202e}around", "/srv"]),
        (&["drill", file, "--format", "markdown"], &["Copy"]),
        (&["test", file], &["It\\u{202e} ends"]),
    ] {
        let output = bowline(args);
        let text = String::from_utf8(output.stdout).unwrap();
        let odd =
            |c: &char| c.is_control() && !matches!(c, '\n' | '\t') || ['\u{202e}', '\u{200b}'].contains(c);
        assert_eq!(text.chars().find(odd), None, "{args:?}: {text:?}");
        for word in told {
            assert!(text.contains(word), "{args:?}: {word} is shown\n{text}");
        }
    }
}

/// Letters that are markup wherever they stand.
const MARKUP: &str = "Go <img src=x> [a](b) *b* _i_ ``` `c` | ~~d~~ &amp; www.example.org";

#[test]
fn markdown_draws_titles_as_their_letters() {
    let folder = tempfile::tempdir().unwrap();
    let text = |title: &str, word: &str| {
        format!(
            "runbook \"{title}\" 1.0.0\n\nstep \"{title}\" {{\n  run {word}\n  rollback {{ run less }}\n}}\ncheck \"{title} too\" within 10s every 1s {{\n  run {word}\n}}\ncommit \"{title} for good\" {{\n  \"\"\"\n  ```\n  {title}\n  \"\"\"\n}}\n"
        )
    };
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let (old, new) =
        (write("old.runbook", &text("Gone", "before")), write("a_b_c.runbook", &text(MARKUP, "now")));
    let wrong = write("_wrong_.runbook", &format!("runbook \"T\" 1.0.0\n\nuse \"./{MARKUP}\"\n"));
    for (args, heading) in [
        (&["plan", &new, "--format", "markdown"][..], format!("{MARKUP} 1.0.0")),
        (
            &["plan", &new, "--against", &old, "--format", "markdown"],
            format!("What differs in {MARKUP} 1.0.0"),
        ),
        (&["drill", &new, "--format", "markdown"], format!("Drill of {MARKUP} 1.0.0")),
        (&["drill", &wrong, "--format", "markdown"], format!("{wrong} does not check")),
    ] {
        let page = String::from_utf8(bowline(args).stdout).unwrap();
        let events = || Parser::new_ext(&page, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
        assert_eq!(events().find(is_markup), None, "{args:?}\n{page}");
        let title = events().skip(1).take_while(|event| !matches!(event, Event::End(_)));
        let title: String = title
            .filter_map(|event| if let Event::Text(text) = event { Some(text.into_string()) } else { None })
            .collect();
        assert_eq!(title, heading, "{args:?}");
    }
}

/// What no writer of ours makes of a text.
fn is_markup(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => {
            matches!(tag, Tag::Link { .. } | Tag::Image { .. } | Tag::Emphasis | Tag::Strikethrough)
        }
        Event::Html(_) | Event::InlineHtml(_) => true,
        _ => false,
    }
}
