//! The report that a person attaches: `show --format markdown|html`, and the same in a pack.

use super::made::{PACK, files};
use super::site::{self, CANARY, Site};

/// A run whose every text is made to be taken for something else.
const HOSTILE: &str = r#"step "<script>alert(1)</script> & `code` | *bold*" {
  run sh -c "printf '\\033[31m<img src=x onerror=alert(2)>\\033[0m\\n'; exit 3"
  rollback { run echo "</table><script>" }
}"#;

#[test]
fn a_report_is_shown_or_written() {
    let site = site::rolled_back();
    let id = site.id();
    let shown = site.bowline(&["show", &id, "--format", "markdown"]);
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    for part in [
        "# Move the shop 1.0.0",
        "**rolled back**",
        "## When",
        "## What happened",
        "nobody came",
        "goods.txt",
    ] {
        assert!(shown.out.contains(part), "{part}: {}", shown.out);
    }
    let written = site.bowline(&["show", &id, "--format", "html", "--out", "report.html"]);
    assert_eq!((written.code, written.out.as_str()), (Some(0), ""));
    let page = std::fs::read_to_string(site.path("report.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("rolled back"));
    assert!(!page.contains(CANARY) && !shown.out.contains(CANARY));
    assert!(!page.contains("href="), "outputs are linked only where they lie beside it");
}

#[test]
fn the_report_of_a_pack_links_its_outputs() {
    let files = files(&PACK);
    let page = files.iter().find(|file| file.name == "report.html").unwrap();
    let page = String::from_utf8(page.bytes.clone()).unwrap();
    let links: Vec<&str> = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(links.len() >= 4, "{links:?}");
    for link in links {
        assert!(files.iter().any(|file| file.name == link), "{link}");
    }
}

#[test]
fn no_text_of_a_run_is_markup() {
    let site = Site::new(HOSTILE).run(1);
    let page = site.bowline(&["show", &site.id(), "--format", "html"]).out;
    assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    for word in ["<script", "<img", "</table><", "\u{1b}", "http"] {
        let found = page.replace("http-equiv", "").contains(word);
        assert!(!found || word == "</table><" && !page.contains("</table><script"), "{word}");
    }
    let text = site.bowline(&["show", &site.id(), "--format", "markdown"]).out;
    let outside = text.split("```").step_by(2).collect::<String>();
    assert!(outside.contains("\\<script\\>alert(1)") && !outside.contains(" <script"), "{outside}");
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn screen_and_report_say_the_same() {
    let site = site::rolled_back();
    let lines = |text: &str| -> Vec<String> {
        let stamped = text.lines().filter_map(|line| line.get(20..)).map(str::to_owned);
        stamped.filter(|line| !line.is_empty()).collect()
    };
    let mut show = site.command(&["show", &site.id()]);
    let shown = String::from_utf8(show.env("TZ", "UTC").output().unwrap().stdout).unwrap();
    let report = site.bowline(&["show", &site.id(), "--format", "markdown"]).out;
    let block = report.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    let told: Vec<String> = block.lines().filter_map(|line| line.get(9..)).map(str::to_owned).collect();
    assert_eq!(lines(&shown), told);
}

#[test]
fn a_run_that_is_not_over_has_a_report_too() {
    let site = site::stuck();
    let text = site.bowline(&["show", "--format", "markdown"]).out;
    assert!(text.contains("**not over: it waits**"), "{text}");
}
