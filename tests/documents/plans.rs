//! Plans for reviewers: as Markdown, as a chart, and against an older one.

use std::process::Command;

use crate::site::Site;

const NOW: &str = r#"runbook "Switch" 1.1.0

use "./tools"

input fast: bool
input release: version = 2.0.0 "Release | to switch to"

gate "Ready" {
  confirm "Nobody else is <at it>"
}
if fast {
  step "Drop `caches`" irreversible {
    run drop-caches
  }
} else {
  step "Warm up" {
    ```sh
    echo "```"
    ```
    rollback none "only reads"
  }
}
tools.open("west")
commit "Customers are on it"
step "Tell" {
  run tell {release}
  rollback { run untell }
}
"#;
const TOOLS: &str = "module tools 1.0.0\n\nstep open(gate: text) \"Open {gate}\" {\n  run gate open {gate}\n  rollback { run gate close {gate} }\n}\n";

fn site() -> Site {
    let site = Site::new();
    site.write("switch.runbook", NOW);
    site.write("tools.runbook", TOOLS);
    site
}

fn said(site: &Site, args: &[&str]) -> String {
    let output = site.bowline(args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn as_markdown() {
    insta::assert_snapshot!(without_digest(&said(
        &site(),
        &["plan", "switch.runbook", "--format", "markdown"]
    )));
}

#[test]
fn as_a_chart() {
    insta::assert_snapshot!(said(&site(), &["plan", "switch.runbook", "--format", "mermaid"]));
}

#[test]
fn as_a_page() {
    let site = site();
    let page = said(&site, &["plan", "switch.runbook", "--format", "html"]);
    assert!(page.contains("Nobody else is &lt;at it&gt;") && !page.contains("<at it>"), "{page}");
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"), "{page}");
    assert!(page.contains("<li class=\"irreversible\">") && page.contains("if this fails"), "{page}");
}

fn without_digest(text: &str) -> String {
    regex::Regex::new("[0-9a-f]{12}").unwrap().replace_all(text, "digest").into_owned()
}

fn git(site: &Site, args: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=ana", "-c", "user.email=ana@example.org"]).args(args);
    command
        .current_dir(site.folder())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null");
    assert!(command.output().unwrap().status.success(), "{args:?}");
}

/// Another layout and another comment; then another effect, in the module.
fn change(site: &Site) {
    site.write("switch.runbook", &NOW.replace("gate \"Ready\" {", "# said anew\ngate   \"Ready\" {"));
    assert_eq!(site.bowline(&["plan", "switch.runbook", "--against", "old.json"]).status.code(), Some(0));
    site.write("tools.runbook", &TOOLS.replace("gate close", "gate shut"));
}

#[test]
fn a_choice_is_in_the_chart_whatever_its_answers_do() {
    let site = Site::new();
    let runbook = r#"runbook "Way" 1.0.0

choose "Which way" {
  answer "left" { log "went left" }
  answer "right" { fail "never right" }
}
if 1 == 1 {
  log "so it is"
}
"#;
    site.write("way.runbook", runbook);
    insta::assert_snapshot!(said(&site, &["plan", "way.runbook", "--format", "mermaid"]));
}

/// What a reviewer is asked about: steps in another order, with another name, gone, new, and undone otherwise.
const BEFORE: &str = r#"runbook "Steps" 1.0.0

step "Stop" {
  run stop
  rollback { run start }
}
step "Copy" timeout 5m {
  run copy
  rollback { run remove copy }
}
step "Swap" {
  run swap
  rollback { run swap back }
}
step "Sweep" {
  run sweep
  rollback none "dust is dust"
}
step "Tell" irreversible {
  run tell
}
"#;
const AFTER: &str = r#"runbook "Steps" 1.1.0

step "Copy" timeout 5m {
  run copy
  rollback { run remove copy }
}
step "Stop" {
  run stop
  rollback { run start --slowly }
}
step "Swap over" {
  run swap
  rollback { run swap back }
}
commit "From here on forward"
step "Tell" irreversible {
  run tell
}
"#;

#[test]
fn a_reviewer_sees_what_was_moved_renamed_taken_away_and_undone_otherwise() {
    let site = Site::new();
    site.write("steps.runbook", BEFORE);
    said(&site, &["plan", "steps.runbook", "--format", "json", "--full", "--out", "old.json"]);
    site.write("steps.runbook", AFTER);
    let output = site.bowline(&["plan", "steps.runbook", "--against", "old.json"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    insta::assert_snapshot!(without_digest(&String::from_utf8(output.stdout).unwrap()));
}

#[test]
fn against_an_older_plan_and_an_older_revision() {
    let site = site();
    said(&site, &["plan", "switch.runbook", "--format", "json", "--full", "--out", "old.json"]);
    git(&site, &["init", "--quiet"]);
    git(&site, &["add", "."]);
    git(&site, &["commit", "--quiet", "-m", "before"]);
    change(&site);
    let mut told = vec![];
    for old in ["old.json", "HEAD:switch.runbook"] {
        let output = site.bowline(&["plan", "switch.runbook", "--against", old]);
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        told.push(without_digest(&String::from_utf8(output.stdout).unwrap()));
    }
    assert_eq!(told[0], told[1]);
    insta::assert_snapshot!(told[0]);
    let summary =
        site.bowline(&["plan", "switch.runbook", "--against", "HEAD:switch.runbook", "--format", "markdown"]);
    assert_eq!(summary.status.code(), Some(1));
    insta::assert_snapshot!(
        "what_differs_as_markdown",
        without_digest(&String::from_utf8(summary.stdout).unwrap())
    );
}

#[test]
fn against_what_is_no_plan() {
    let site = site();
    site.write("other.json", "{}");
    git(&site, &["init", "--quiet"]);
    git(&site, &["commit", "--quiet", "--allow-empty", "-m", "empty"]);
    for (old, why) in [
        ("other.json", "it is no plan"),
        ("nowhere.json", "there is no such file"),
        ("HEAD:switch.runbook", "switch.runbook is not in revision HEAD; a new runbook has nothing"),
        ("HEAD~7:switch.runbook", "git has no revision HEAD~7 here; a shallow clone has only"),
    ] {
        let output = site.bowline(&["plan", "switch.runbook", "--against", old]);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{old}: {told}");
        assert!(told.contains(why) && told.lines().count() == 1, "{old}: {told}");
    }
    let output = site.bowline(&["plan", "switch.runbook", "--against", "HEAD:a", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("is told as text or as markdown"));
}
