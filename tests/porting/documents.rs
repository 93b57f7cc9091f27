//! Documents of our own, each with a trap: the runbook and the report of each are a snapshot, which was read.

use crate::{bowline, root, said, scratch};

#[test]
fn each_document_gives_the_runbook_that_its_snapshot_shows() {
    let folder = root().join("tests/porting/documents");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(names.len() >= 20, "{names:?}");
    let made = scratch::folder();
    for name in &names {
        let output = bowline(&folder, &["import", name]);
        assert!(output.status.success(), "{name}: {}", said(&output));
        let report = String::from_utf8(output.stderr).unwrap();
        assert!(report.contains("unplaced text  0 of"), "{report}");
        let runbook = String::from_utf8(output.stdout).unwrap();
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name.trim_end_matches(".md"), format!("{runbook}\n{report}"));
        });
        std::fs::write(made.path().join(name.replace(".md", ".runbook")), runbook).unwrap();
    }
    let checked = bowline(made.path(), &["check", "."]);
    assert!(checked.status.success(), "{}", said(&checked));
    let formatted = bowline(made.path(), &["fmt", "--check", "."]);
    assert!(formatted.status.success(), "{}", said(&formatted));
    for name in &names {
        let planned = bowline(made.path(), &["plan", &name.replace(".md", ".runbook")]);
        assert!(planned.status.success(), "{name}: {}", said(&planned));
    }
}
