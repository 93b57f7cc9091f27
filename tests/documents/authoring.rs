//! `docs/authoring.md` is typed along: the practice folder, the runs, the failure on purpose.

use std::process::{Command, Output};

use bowline::diag::explain::Blocks;

use crate::site::{Site, page};

/// A folder as the reader has it at the end of the page, with the practice site; the last version of each file.
fn typed_along() -> Site {
    let (page, site) = (page("docs/authoring.md"), Site::new());
    for (info, text) in Blocks::of(&page) {
        if let Some((_, name)) = info.split_once(' ') {
            site.write(name, text);
        }
    }
    let practice = Blocks::of(&page).find(|(_, text)| text.starts_with("mkdir")).unwrap().1;
    let made = Command::new("sh").args(["-ec", practice]).current_dir(site.folder()).status().unwrap();
    assert!(made.success());
    site
}

/// The `bowline …` commands of the page, by what they begin with.
fn command(begins: &str, ends: &str) -> Vec<String> {
    let page = page("docs/authoring.md");
    let lines = Blocks::of(&page).filter(|(info, _)| *info == "sh").flat_map(|(_, text)| text.lines());
    let line = lines.filter(|line| line.starts_with(begins)).find(|line| line.ends_with(ends)).unwrap();
    let mut words = vec![];
    for (at, part) in line.split('"').enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words.split_off(1)
}

fn run(site: &Site, words: &[String]) -> Output {
    site.bowline(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

fn release(site: &Site) -> String {
    let link = std::fs::read_link(site.folder().join("site/current")).unwrap();
    link.to_string_lossy().into_owned()
}

#[test]
fn the_run_of_the_page_switches_the_release() {
    let site = typed_along();
    let output = run(&site, &command("bowline run", "--answers answers.toml"));
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(release(&site), "1.1.0");
    let told = std::fs::read_to_string(site.folder().join("told.log")).unwrap();
    assert_eq!(told, "the site is at 1.1.0");
}

#[test]
fn the_failure_on_purpose_is_undone() {
    // As the reader has it who has run it before.
    let site = typed_along();
    run(&site, &command("bowline run", "--answers answers.toml"));
    assert_eq!(release(&site), "1.1.0");
    let page = page("docs/authoring.md");
    let block = Blocks::of(&page).find(|(_, text)| text.contains("--inject")).unwrap().1;
    let back = block.lines().next().unwrap();
    assert!(Command::new("sh").args(["-ec", back]).current_dir(site.folder()).status().unwrap().success());
    let output = run(&site, &command("bowline run", "=failure\""));
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(release(&site), "1.0.0");
}

#[test]
fn the_first_version_warns_as_the_page_says() {
    let site = Site::new();
    let page = page("docs/authoring.md");
    let first = Blocks::of(&page).find(|(info, _)| info.starts_with("runbook")).unwrap().1;
    site.write("switch.runbook", first);
    assert_eq!(crate::site::codes(&site.check("switch.runbook")), ["W0401".to_owned()].into());
}
