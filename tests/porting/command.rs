//! The two commands from outside: where they write, what they refuse.

use crate::{bowline, said, scratch};

#[test]
fn a_runbook_is_written_and_none_is_written_over_unasked() {
    let folder = scratch::folder();
    std::fs::write(folder.path().join("a.md"), "# Ring\n\n1. Ring the bell.\n").unwrap();
    let first = bowline(folder.path(), &["import", "a.md", "-o", "a.runbook"]);
    assert!(first.status.success() && first.stdout.is_empty(), "{}", said(&first));
    let text = std::fs::read_to_string(folder.path().join("a.runbook")).unwrap();
    assert!(text.contains("manual \"Ring the bell\""), "{text}");
    std::fs::write(folder.path().join("a.runbook"), "mine").unwrap();
    let again = bowline(folder.path(), &["import", "a.md", "-o", "a.runbook"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(said(&again).contains("--force"), "{}", said(&again));
    assert_eq!(std::fs::read_to_string(folder.path().join("a.runbook")).unwrap(), "mine");
    let forced = bowline(folder.path(), &["import", "a.md", "-o", "a.runbook", "--force"]);
    assert!(forced.status.success(), "{}", said(&forced));
    assert_eq!(std::fs::read_to_string(folder.path().join("a.runbook")).unwrap(), text);
    for told in [
        &["export", "a.runbook", "-o"][..],
        &["plan", "a.runbook", "--out"],
        &["drill", "a.runbook", "--out"],
    ] {
        let over = bowline(folder.path(), &[told, &["a.runbook"]].concat());
        assert_eq!(over.status.code(), Some(2), "{told:?}");
        assert!(said(&over).contains("a runbook that is there already"), "{}", said(&over));
        assert_eq!(std::fs::read_to_string(folder.path().join("a.runbook")).unwrap(), text, "{told:?}");
    }
}

#[test]
fn what_cannot_be_read_or_compiled_is_told() {
    let folder = scratch::folder();
    let missing = bowline(folder.path(), &["import", "none.md"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(said(&missing).contains("none.md cannot be read"), "{}", said(&missing));
    std::fs::write(folder.path().join("wrong.runbook"), "runbook \"A\" 1.0.0\nstepp \"x\" { }\n").unwrap();
    let wrong = bowline(folder.path(), &["export", "wrong.runbook"]);
    assert_eq!(wrong.status.code(), Some(3));
    assert!(wrong.stdout.is_empty() && said(&wrong).contains("E0301"), "{}", said(&wrong));
}

#[test]
fn control_characters_of_a_runbook_do_nothing_in_the_guide() {
    let folder = scratch::folder();
    let runbook = "runbook \"A\" 1.0.0\n\n\"\"\"\n\u{5e9}\u{5dc}\u{5d5}\u{5dd} C++\u{200f}!\n\u{202e}live\n\"\"\"\n\ninput to: text\n\nstep \"Copy\" {\n  run touch \"{to}b\u{200f}\"\n  rollback none \"a file\"\n}\n";
    std::fs::write(folder.path().join("a.runbook"), runbook).unwrap();
    let guide =
        String::from_utf8(bowline(folder.path(), &["export", "a.runbook", "-i", "to=a\u{1b}[2J"]).stdout)
            .unwrap();
    assert!(guide.chars().all(|c| c == '\n' || !c.is_control()), "{guide:?}");
    assert!(guide.contains("\\u{202e}live"), "what is taken away is seen: {guide:?}");
    assert!(guide.contains("\u{5e9}\u{5dc}\u{5d5}\u{5dd} C++\u{200f}!"), "its own marks stay: {guide:?}");
    assert!(guide.contains("touch 'a\u{fffd}[2Jb\\u{200f}'"), "{guide:?}");
}

#[test]
fn values_are_filled_in_and_the_others_left_to_fill_in() {
    let folder = scratch::folder();
    let runbook = "runbook \"Move\" 1.0.0\n\n\"\"\"\nTakes an hour.\n\"\"\"\n\ninput host: text \"Where to\"\ninput keep: int = 3\ninput key: secret from env \"KEY\"\n\nstep \"Copy to {host}\" {\n  run rsync -a data {host}:/srv --max {keep} {\n    env KEY = key\n  }\n  run say \"{host} is next\"\n  rollback { run ssh {host} rm -r /srv/data }\n}\nmanual \"Tell them\" irreversible {\n  \"\"\"\n  All of them.\n  \"\"\"\n}\n";
    std::fs::write(folder.path().join("move.runbook"), runbook).unwrap();
    let open = bowline(folder.path(), &["export", "move.runbook"]);
    let open = String::from_utf8(open.stdout).unwrap();
    assert!(open.contains("KEY=⟨secret key⟩ rsync -a data ⟨host⟩:/srv --max 3"), "{open}");
    assert!(open.contains("say '⟨host⟩ is next'"), "one word stays one: {open}");
    let given =
        bowline(folder.path(), &["export", "move.runbook", "-i", "host=north", "--format", "markdown"]);
    let given = String::from_utf8(given.stdout).unwrap();
    assert!(
        given.contains("1. [ ] **Copy to north**") && given.contains("rsync -a data north:/srv"),
        "{given}"
    );
    assert!(given.contains("Takes an hour.") && given.contains("this cannot be undone"), "{given}");
    let (forward, back) = given.split_once("⚓ Going back").unwrap();
    assert!(!forward.contains("rm -r") && back.contains("ssh north rm -r /srv/data"), "{given}");
    let unknown = bowline(folder.path(), &["export", "move.runbook", "-i", "hots=north"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(said(&unknown).contains("did you mean `host`"), "{}", said(&unknown));
}

#[test]
fn the_phased_release_guide_is_made_of_its_three_phases() {
    let folder = scratch::folder();
    let phases = ["memoria/phase-1-beta", "memoria/phase-2-rc", "memoria/phase-3-ga"];
    let args =
        [&["export"], &phases[..], &["--title", "Memoria phased release guide", "-o", "guide.md"]].concat();
    let made = bowline(folder.path(), &args);
    assert!(made.status.success() && made.stdout.is_empty(), "{}", said(&made));
    let guide = std::fs::read_to_string(folder.path().join("guide.md")).unwrap();
    let headings: Vec<&str> =
        guide.lines().filter(|line| line.starts_with("# ") || line.starts_with("## ")).collect();
    assert_eq!(
        headings,
        [
            "# Memoria phased release guide",
            "## Memoria phase 1, beta hardening",
            "## Memoria phase 2, release candidate",
            "## Memoria phase 3, general availability"
        ]
    );
    for words in
        ["### Automation", "### Analytics", "**Go or no-go:** Release checkpoints", "### ⚓ Going back"]
    {
        assert!(guide.matches(words).count() >= 2, "{words}");
    }
    let back = bowline(folder.path(), &["import", "guide.md", "-o", "guide.runbook"]);
    assert!(said(&back).contains("unplaced text  0 of"), "{}", said(&back));
    let checked = bowline(folder.path(), &["check", "guide.runbook"]);
    assert!(checked.status.success(), "{}", said(&checked));
}

#[test]
fn utf_16_without_a_mark_is_read_as_what_it_is() {
    for text in [
        "# Restart\n\n1. Do it:\n\n   ```sh\n   stockctl restart\n   ```\n",
        "# Перезапуск\r\n\r\n1. Сделать это: `stockctl restart`\r\n",
    ] {
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            let folder = scratch::folder();
            let bytes: Vec<u8> = text.encode_utf16().flat_map(order).collect();
            std::fs::write(folder.path().join("a.md"), bytes).unwrap();
            let output = bowline(folder.path(), &["import", "a.md"]);
            let (runbook, report) =
                (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
            assert!(
                runbook.contains("stockctl restart")
                    && runbook.contains("line 1: repair: the file is read as UTF-16"),
                "{runbook}"
            );
            assert!(report.contains("unplaced text  0 of") && !runbook.contains('\u{fffd}'), "{runbook}");
        }
    }
}
