//! What a person decides by shows what the runbook says: nothing in it draws over the screen, hides, or turns letters round.

use super::bowline;

/// Letters that a terminal obeys, and one that turns round those behind it, wherever the author has the word.
const HOSTILE: &str = "runbook \"Copy\u{1b}[8m\" 1.0.0\n\n\"\"\"\nProse\u{1b}[2J\n\"\"\"\n\ninput to: text = \"a\u{1b}[1A\u{7}b\" \"Where\u{202e} to\"\n\nstep \"Look \u{202e}around\" idempotent {\n  run ls \"\u{1b}]0;\" /srv {to}\n  rollback none \"x\u{9b}2K\"\n}\nstep \"Copy\" idempotent {\n  ```sh\n  \techo\u{1b}[2K\u{d}echo\n  ```\n  rollback { run rm \"\u{200b}\" }\n}\n\nscenario \"It\u{1b}[8m ends\" { ends \"stuck\" }\n";

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
            &["plan", file, "--full"][..],
            &["Look \\u{202e}around", "\u{fffd}]0;", "/srv", "\techo\u{fffd}[2K\u{fffd}echo"][..],
        ),
        (&["plan", file, "--full", "--format", "markdown"], &["\\u{202e}around", "/srv"]),
        (&["plan", file, "--full", "--format", "mermaid"], &["\\u{202e}around"]),
        (&["plan", file, "--full", "--format", "html"], &["\\u{202e}around", "/srv"]),
        (&["plan", file, "--against", old.to_str().unwrap()], &["/srv", "/opt"]),
        (&["drill", file], &["\\u{202e}around", "/srv"]),
        (&["drill", file, "--format", "markdown"], &["Copy"]),
        (&["test", file], &["It\u{fffd}[8m ends"]),
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
