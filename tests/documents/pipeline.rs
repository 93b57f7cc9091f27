//! The files for GitHub and GitLab: as the page has them, and what they run does what it should on a new runbook.

use std::process::Command;

use crate::site::{Site, page};

/// What stands for the scenarios of the template.
const SCENARIO: &str = "\nscenario \"Writing cannot be stopped\" {\n  given \"Stop writing\" failure\n  ends \"rolled back\"\n}\n";

/// A repository with a runbook, and a later version of it.
fn repository() -> Site {
    let site = Site::new();
    std::fs::create_dir(site.folder().join("runbooks")).unwrap();
    assert!(site.bowline(&["new", "failover", "runbooks/move"]).status.success());
    let file = site.folder().join("runbooks/move.runbook");
    let new = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, new.split("\nscenario ").next().unwrap().to_owned() + SCENARIO).unwrap();
    let git = "git init -q -b main . && git add . && git -c user.name=a -c user.email=a@example.org commit -qm one \
        && git update-ref refs/remotes/origin/main main";
    assert!(shell(&site, git).0);
    let text = std::fs::read_to_string(&file).unwrap().replace("timeout 5m", "timeout 9m");
    std::fs::write(file, text).unwrap();
    site
}

/// Whether a script succeeds, and what it wrote.
fn shell(site: &Site, script: &str) -> (bool, String) {
    let mut command = Command::new("bash");
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_bowline")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    command.args(["-e", "-o", "pipefail", "-c", script]).current_dir(site.folder()).env("PATH", path);
    command.env("GITHUB_STEP_SUMMARY", "summary.md").env("GITHUB_BASE_REF", "main");
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// The scripts of a file: what stands behind `run:`, or in the list below `script:`.
fn scripts(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = vec![];
    for (at, line) in lines.iter().enumerate() {
        let said = line.trim_start().trim_start_matches("- ");
        let depth = line.len() - line.trim_start().len();
        let below =
            || lines.iter().skip(at + 1).take_while(|below| below.len() - below.trim_start().len() > depth);
        match said.strip_prefix("run: ") {
            Some("|") => found.push(below().copied().collect::<Vec<_>>().join("\n")),
            Some(script) => found.push(script.to_owned()),
            None if said == "script:" => {
                found.extend(
                    below().filter_map(|line| Some(line.trim_start().strip_prefix("- ")?.to_owned())),
                );
            }
            None => {}
        }
    }
    found.retain(|script| !script.starts_with("cargo install"));
    found
}

#[test]
fn the_page_shows_the_files_as_they_are() {
    let shown = page("docs/ci.md");
    for name in ["github-actions", "gitlab-ci"] {
        let file = page(&format!("docs/ci/{name}.yml"));
        assert!(shown.contains(&format!("```yaml\n{file}```\n")), "docs/ci.md shows another {name}.yml");
    }
}

#[test]
fn what_they_run_succeeds_on_a_new_runbook() {
    for (name, least) in [("github-actions", 7), ("gitlab-ci", 7)] {
        let site = repository();
        let scripts = scripts(&page(&format!("docs/ci/{name}.yml")));
        assert!(scripts.len() >= least, "{name}: {scripts:?}");
        for script in scripts {
            let (done, said) = shell(&site, &script);
            assert!(done, "{name}: {script}\n{said}");
        }
    }
}

/// Beside the runbook that is right one that is wrong: it waits for a number without a unit.
fn with_a_wrong_one() -> Site {
    let site = repository();
    site.write("runbooks/wrong.runbook", "runbook \"Wrong\" 1.0.0\n\nwait   30\n");
    site
}

/// Each script of a file, and whether it succeeds there.
fn verdicts(site: &Site, name: &str) -> Vec<(String, bool)> {
    let scripts = scripts(&page(&format!("docs/ci/{name}.yml")));
    let verdict = |script: String| {
        let (done, _) = shell(site, &script);
        (script, done)
    };
    scripts.into_iter().map(verdict).collect()
}

/// The scripts that begin with one of these words did not succeed, and the others did.
fn fail_alone(verdicts: &[(String, bool)], failing: &[&str]) {
    for (script, done) in verdicts {
        let fails = failing.iter().any(|words| script.contains(words));
        assert_eq!(*done, !fails, "{script}");
    }
    for words in failing {
        assert!(verdicts.iter().any(|(script, _)| script.contains(words)), "no script has `{words}`");
    }
}

#[test]
fn what_github_runs_tells_of_a_wrong_runbook() {
    let site = with_a_wrong_one();
    let verdicts = verdicts(&site, "github-actions");
    let wrong = ["check runbooks --format github", "check runbooks --format sarif", "fmt --check"];
    fail_alone(
        &verdicts,
        &[&wrong[..], &["drill runbooks", "test runbooks", "plan \"$file\" --format"]].concat(),
    );
    let (_, beside) = shell(&site, "bowline check runbooks --format github || test $? = 3");
    assert!(beside.contains("::error file=runbooks/wrong.runbook,line=3"), "{beside}");
    let sarif = std::fs::read_to_string(site.folder().join("bowline.sarif")).unwrap();
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["level"], "error", "{sarif:#}");
    let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(place, "runbooks/wrong.runbook");
    let summary = std::fs::read_to_string(site.folder().join("summary.md")).unwrap();
    assert!(summary.contains("# Move 0.1.0"), "the other one is told all the same: {summary}");
    assert!(summary.contains("**runbooks/wrong.runbook has no plan.** `bowline check"), "{summary}");
}

#[test]
fn what_gitlab_runs_tells_of_a_wrong_runbook() {
    let site = with_a_wrong_one();
    let verdicts = verdicts(&site, "gitlab-ci");
    fail_alone(&verdicts, &["fmt --check", "bowline check", "drill", "test runbooks", "plan "]);
    let junit = std::fs::read_to_string(site.folder().join("scenarios.xml")).unwrap();
    assert!(junit.contains("<failure message=\"runbooks/wrong.runbook:3: E0405"), "{junit}");
    assert!(junit.contains("Writing cannot be stopped"), "the other one's scenario is there: {junit}");
}

#[test]
fn each_command_has_its_exit_code_on_a_wrong_runbook() {
    let site = with_a_wrong_one();
    for (words, code) in [("check", 3), ("drill", 3), ("test", 3), ("fmt --check", 1)] {
        let (done, said) = shell(&site, &format!("bowline {words} runbooks > out || test $? = {code}"));
        assert!(done, "{words}: {said}");
        assert!(!shell(&site, &format!("bowline {words} runbooks")).0, "{words}");
    }
}

#[test]
fn the_summary_tells_the_plan_and_what_differs() {
    let site = repository();
    for script in scripts(&page("docs/ci/github-actions.yml")) {
        shell(&site, &script);
    }
    let summary = std::fs::read_to_string(site.folder().join("summary.md")).unwrap();
    assert!(summary.contains("# Move 0.1.0") && summary.contains("timeout 9m"), "{summary}");
    assert!(summary.contains("timeout 5m"), "the older plan: {summary}");
}
