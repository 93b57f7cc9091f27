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

/// Its report in both shapes, without the escapes of Markdown.
fn reports(site: &Site) -> [String; 2] {
    let report = |format| site.bowline(&["show", &site.id(), "--format", format]).out;
    [report("markdown").replace('\\', ""), report("html").replace("&quot;", "\"")]
}

fn has(reports: &[String], words: &[&str]) {
    for report in reports {
        for word in words {
            assert!(report.contains(word), "{word}: {report}");
        }
    }
}

#[test]
fn the_report_of_a_stuck_run_tells_what_is_stuck_and_owed_and_what_to_type() {
    let site = site::stuck();
    let settle = format!("bowline settle {} with --again, --done WHY or --skip WHY", site.id());
    let words = [
        "--at \"Sell\": its undo failed: exit code 9; it was: sh -c 'exit 9'".to_owned(),
        "rollback of \"Sell\": sh -c 'exit 9'".to_owned(),
        "rollback of \"Copy the goods\": echo back".to_owned(),
        "still owed".to_owned(),
        settle,
    ];
    let all = reports(&site).map(|report| report.replace("&#39;", "'"));
    has(&all, &words.each_ref().map(String::as_str));
    assert!(all[0].contains("**stuck**: exit code 9"), "{}", all[0]);
    assert!(all[1].contains("<strong>stuck</strong>"), "{}", all[1]);
    let packed = super::made::files(&site.pack().1);
    let packed = packed.into_iter().find(|file| file.name == "report.md").unwrap();
    let packed = String::from_utf8(packed.bytes).unwrap().replace('\\', "");
    assert_eq!(packed, all[0], "a pack holds the same");
    has(&[packed], &words.each_ref().map(String::as_str));
}

#[test]
fn the_report_of_a_failure_that_is_held_tells_what_is_to_be_decided() {
    let site = Site::new("step \"Sell\" {\n  run false\n  rollback { run echo unsold }\n}");
    assert_eq!(site.bowline(&["run", "a.runbook", "--on-failure", "hold"]).code, Some(5));
    let id = site.id();
    let settle = format!("bowline settle {id} with");
    let resume = format!("bowline resume {id}");
    let owed = "rollback of \"Sell\": echo unsold";
    has(&reports(&site), &["waiting", "--at \"Sell\": exit code 1", owed, &settle, &resume, "--rollback"]);
}

#[test]
fn the_report_of_a_run_that_was_cut_off_says_so() {
    let site = Site::killed();
    let id = site.id();
    assert!(site.bowline(&["runs"]).out.contains("interrupted"));
    let owed = "rollback of \"Copy the goods\": echo back";
    has(&reports(&site), &["interrupted", owed, &format!("bowline resume {id}")]);
    let site = Site::killed_in("");
    let id = site.id();
    let settle = format!("bowline settle {id} with --");
    has(&reports(&site), &["interrupted", "--at \"Wait\": ", &format!("bowline resume {id}"), &settle]);
}

#[test]
fn the_report_of_a_run_that_waits_says_how_it_goes_on() {
    let site = site::waiting();
    has(&reports(&site), &["waiting", "Shall we?", &format!("bowline resume {}", site.id())]);
}

/// However a step ends: late is late.
#[test]
fn a_step_that_fails_late_is_late() {
    let lines = "step \"Sell\" due 1ms after \"Copy the goods\" {\n  run sh -c \"sleep 0.1; exit 1\"\n  rollback { run echo unsold }\n}";
    let site = Site::new(lines).run(1);
    let shown = site.bowline(&["show", &site.id()]).out;
    assert!(shown.contains("! late: it was due at 2"), "{shown}");
    assert_eq!(shown.matches("! late: ").count(), 1, "{shown}");
    assert!(shown.contains("late       \"Sell\": it was due at 2"), "{shown}");
    let [text, page] = reports(&site);
    let came_to = rows(&text, "What it came to");
    assert!(came_to.iter().any(|row| row.starts_with("| late | \"Sell\": it was due")), "{came_to:?}");
    assert!(page.contains("<dt>late</dt><dd>\"Sell\": it was due"), "{page}");
}

/// The rows of a section of a report.
fn rows(report: &str, section: &str) -> Vec<String> {
    let inside = report.split(&format!("## {section}\n")).nth(1).unwrap_or_default();
    let inside = inside.split("\n## ").next().unwrap_or_default();
    inside.lines().filter(|line| line.starts_with("| ")).map(str::to_owned).collect()
}

/// However often it was taken up meanwhile.
#[test]
fn one_wait_is_one_row() {
    let site = Site::new("confirm \"Shall we?\"\nwait 100ms \"Settle down\"\n").run(5);
    let id = site.id();
    for _ in 0..2 {
        assert_eq!(site.bowline(&["resume", &id]).code, Some(5));
    }
    let waiting = site.bowline(&["show", &id, "--format", "markdown"]).out;
    let of = |report: &str| -> Vec<String> {
        rows(report, "When").into_iter().filter(|row| row.contains("Shall we?")).collect()
    };
    let open = of(&waiting);
    assert!(open.len() == 1 && open.iter().all(|row| row.contains("goes on")), "{waiting}");
    // Long enough to be felt.
    std::thread::sleep(std::time::Duration::from_millis(300));
    site.write("answers.toml", "[\"Shall we?\"]\nanswer = true\nnote = \"all are there\"\n");
    assert_eq!(site.bowline(&["resume", &id, "--answers", "answers.toml"]).code, Some(0));
    let over = site.bowline(&["show", &id, "--format", "markdown"]).out;
    let row = of(&over);
    assert!(row.len() == 1 && !row.iter().any(|row| row.contains("goes on")), "{over}");
    let began = |rows: &[String]| rows.first().map(|row| row.chars().take(10).collect::<String>());
    assert_eq!(began(&row), began(&open), "it began when it was first asked");
    assert!(!rows(&over, "When").iter().any(|row| row.contains("goes on")), "{over}");
    let page = site.bowline(&["show", &id, "--format", "html"]).out;
    let bars = page.split("class=\"bars\"").nth(1).and_then(|rest| rest.split("</section>").next());
    assert_eq!(bars.unwrap_or_default().matches("Shall we?").count(), 1, "{page}");
}

/// What a run that went well did is what it was for.
#[test]
fn something_stays_only_where_a_run_gave_up() {
    let stays = |site: &Site| {
        let report = site.bowline(&["show", "--format", "markdown"]).out;
        rows(&report, "What it came to").into_iter().find(|row| row.contains("| stays |"))
    };
    assert_eq!(stays(&site::completed()), None);
    assert_eq!(stays(&site::waiting()), None);
    let failed = "step \"Sell\" {\n  run echo sold\n  rollback none \"sold is sold\"\n}\nstep \"Pay\" {\n  run false\n  rollback none \"x\"\n}";
    let row = stays(&Site::new(failed).run(1)).unwrap_or_default();
    assert!(row.contains("Sell (sold is sold)"), "{row}");
}

/// An answer means nothing without what was asked.
#[test]
fn what_was_shown_stands_beside_what_was_said() {
    let site = Site::new(
        "let found = look run printf \"2 of 3 nodes\\n\"\nconfirm \"Type it\" typing \"cluster-b\"\njudge \"Is it fine?\" showing found expected \"3 of 3 nodes\"\n",
    );
    let answers = "[\"Type it\"]\nanswer = \"cluster-b\"\n[\"Is it fine?\"]\nanswer = \"pass\"\nnote = \"one is in repair\"\n";
    site.write("answers.toml", answers);
    let said = site.bowline(&["run", "a.runbook", "--answers", "answers.toml"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    for format in ["markdown", "html"] {
        let report = site.bowline(&["show", "--format", format]).out;
        let people = report.split("Who said what").nth(1).unwrap_or_default();
        let people = people.split("What happened").next().unwrap_or_default();
        for part in ["Type it", "to be typed:", "cluster-b", "2 of 3 nodes", "expected:", "3 of 3 nodes"] {
            assert!(people.contains(part), "{format}: {part}: {people}");
        }
    }
}
