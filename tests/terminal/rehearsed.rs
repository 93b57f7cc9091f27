//! Answers that a file gives, with somebody at the terminal for those that do not fit.

use crate::seat::Site;

const GATE: &str = "gate \"Go or no-go\" {\n  check \"Ready\" { look run test -e ready }\n}\nlog \"on\"\n";
const CHOICES: &str = "[1-4, and a note] ";

/// What the file says, and what the person is told to be wrong with it.
const WRONG: [(&str, &str); 3] = [
    (
        "on_hold = \"wave\"",
        "answers.toml:2: Go or no-go: `wave` cannot be chosen here; choose from test again, waive, reject, leave",
    ),
    (
        "on_hold = \"waive\"",
        "answers.toml:2: Go or no-go: a waiver needs a reason and an end: add `note = \"…\"` and `until = \"4h\"`",
    ),
    (
        "on_hold = \"waive\"\nuntil = \"soon\"\nnote = \"no traffic\"",
        "answers.toml:2: Go or no-go: `soon` is neither a time nor a length of time, as 4h",
    ),
];

#[test]
fn a_wrong_choice_at_a_hold_is_shown_with_what_would_have_been_right() {
    for (file, told) in WRONG {
        let site = Site::new(GATE);
        site.write("answers.toml", &format!("[\"Go or no-go\"]\n{file}\n"));
        let mut seat = site.sits(&["run", "a.runbook", "--answers", "answers.toml"]);
        seat.sees("? Go or no-go\n");
        seat.sees(CHOICES);
        let asked = bare(&seat.shown());
        assert!(asked.contains(&bare(told)), "{told}:\n{}", seat.shown());
        assert!(asked.contains(&bare("1) test again")), "{}", seat.shown());
        site.write("ready", "");
        seat.types("1");
        assert_eq!(seat.leaves(), Some(0), "{}", seat.shown());
    }
}

#[test]
fn with_nobody_there_a_wrong_choice_at_a_hold_is_told_and_the_run_waits() {
    for (file, told) in WRONG {
        let site = Site::new(GATE);
        site.write("answers.toml", &format!("[\"Go or no-go\"]\n{file}\n"));
        let ended = site.alone(&["run", "a.runbook", "--answers", "answers.toml"]);
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(5), "{said}");
        assert!(said.contains(told), "{told}:\n{said}");
    }
}

/// Without blanks, which stand elsewhere where a line was broken.
fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}
