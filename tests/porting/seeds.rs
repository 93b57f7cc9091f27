//! The five documents that bowline began with. They are not of this repository: where they are not beside it, this is
//! skipped with a line that says so.

use std::path::PathBuf;

use crate::{bowline, root, said, scratch};

/// The folder of the documents: as `BOWLINE_SEEDS` says, else `shared/seeds` beside the repository or above it.
fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("BOWLINE_SEEDS").map(PathBuf::from);
    let near =
        || root().ancestors().skip(1).map(|above| above.join("shared/seeds")).find(|folder| folder.is_dir());
    given.or_else(near)
}

#[test]
fn the_documents_that_bowline_began_with_become_runbooks() {
    let Some(folder) = folder() else {
        eprintln!("skipped: no shared/seeds beside the repository (or in BOWLINE_SEEDS)");
        return;
    };
    let made = scratch::folder();
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 5, "{names:?}");
    // Steps, commands, commands left to a person: counted by hand in each document. The fourth is a plan of releases and
    // orders nothing: its steps are 4 freezes, 15 things in scope, 16 gates and 4 criteria.
    let wanted = [(33, 0, 0), (22, 4, 3), (27, 0, 0), (39, 0, 0), (42, 0, 0)];
    for (name, (steps, commands, left)) in names.iter().zip(wanted) {
        let document = std::fs::read_to_string(folder.join(name)).unwrap();
        let out = made.path().join(name.replace(".txt", ".runbook"));
        let output = bowline(&folder, &["import", name, "-o", out.to_str().unwrap()]);
        let report = said(&output);
        assert!(output.status.success() && report.contains("unplaced text  0 of"), "{report}");
        assert!(report.contains(&format!("steps          {steps},")), "{report}");
        assert!(report.contains(&format!("commands       {commands}, and {left} left")), "{report}");
        in_order(&document, &std::fs::read_to_string(&out).unwrap());
    }
    let checked = bowline(made.path(), &["check", "."]);
    assert!(checked.status.success(), "{}", said(&checked));
    let formatted = bowline(made.path(), &["fmt", "--check", "."]);
    assert!(formatted.status.success(), "{}", said(&formatted));
}

/// The headings and items of a document come in its order: the first words of each, one after the other.
fn in_order(document: &str, runbook: &str) {
    let mut from = 0;
    let lines = runbook.lines().filter(|line| !line.trim_start().starts_with("# line "));
    let body = lines.collect::<Vec<_>>().join("\n");
    let body = body.replace("\\\"", "\"");
    for line in document.lines().filter(|line| line.starts_with(['#', '-', '1', '2', '3', '4', '5'])) {
        let words: Vec<&str> = line
            .trim_start_matches(['#', '-', ' ', '*'])
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
            .trim_start_matches([' ', '*', '['])
            .split(' ')
            .take(2)
            .collect();
        let words = words.join(" ");
        let words = words.trim_end_matches(['.', ':', '*']);
        let words = words.split("**").next().unwrap().split("](").next().unwrap();
        let at = body[from..]
            .find(words)
            .unwrap_or_else(|| panic!("`{words}` of `{line}` is not in its order\n{body}"));
        from += at;
    }
}
