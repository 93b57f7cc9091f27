//! `bowline new`: what it writes checks without a word, is laid out, plans, drills clean, and its scenarios pass.

use bowline::catalog::templates::TEMPLATES;

use crate::site::Site;

fn read(site: &Site, file: &str) -> String {
    std::fs::read_to_string(site.folder().join(file)).unwrap()
}

#[test]
fn every_template_is_a_runbook_to_begin_from() {
    for template in TEMPLATES {
        let site = Site::new();
        let made = site.bowline(&["new", template.kind]);
        assert!(made.status.success(), "{}", template.kind);
        let file = format!("{}.runbook", template.kind);
        assert_eq!(String::from_utf8(made.stdout).unwrap(), format!("{file}\n"));
        assert_eq!(site.check(&file), "", "{file} checks without a word");
        assert!(site.is_formatted(&file), "{file}");
        let plan = site.bowline(&["plan", &file]);
        assert!(plan.status.success(), "{file} plans without its inputs");
        let plan = String::from_utf8(plan.stdout).unwrap();
        assert!(!plan.contains("fails before it gives"), "what {file} undoes, it finds: {plan}");
        let text = read(&site, &file);
        assert!(text.matches("\nscenario \"").count() > 1 && text.contains("Fill in"), "{file}");
        for (end, word) in [("ends \"completed\"", "goes well"), ("ends \"rolled back\"", "goes back")] {
            assert!(text.contains(end), "{file} has a scenario of a run that {word}");
        }
        for command in ["drill", "test"] {
            let done = site.bowline(&[command, &file]);
            let said = String::from_utf8_lossy(&done.stdout);
            assert!(done.status.success(), "{command} {file}: {said}");
        }
    }
}

#[test]
fn a_name_is_file_and_title() {
    let site = Site::new();
    assert!(site.bowline(&["new", "failover", "move-the-primary"]).status.success());
    let text = read(&site, "move-the-primary.runbook");
    assert!(text.starts_with("runbook \"Move the primary\" 0.1.0\n"), "{text}");
    let printed = site.bowline(&["new", "failover", "move-the-primary.runbook", "--print"]);
    assert_eq!(String::from_utf8(printed.stdout).unwrap(), text);
}

#[test]
fn a_file_that_is_there_stays() {
    let site = Site::new();
    site.write("release.runbook", "mine\n");
    let again = site.bowline(&["new", "release"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(
        String::from_utf8(again.stderr)
            .unwrap()
            .contains("release.runbook is there already; write another name")
    );
    assert_eq!(read(&site, "release.runbook"), "mine\n");
}

#[test]
fn without_a_kind_they_are_listed_and_another_is_told_the_nearest() {
    let site = Site::new();
    let list = String::from_utf8(site.bowline(&["new"]).stdout).unwrap();
    assert_eq!(list.lines().count(), TEMPLATES.len());
    let wrong = site.bowline(&["new", "relese"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("did you mean release?"));
}
