//! What `memoria/launch` asks of GitHub, against GitHub's own `OpenAPI` as `std/github` is: pull requests and their reviews,
//! check runs, issues, comments, what is attached to a release.

use std::path::Path;

use serde_json::{Value, json};

use super::double::{Double, STUCK, Step, hold};
use super::github::github;
use super::site::{DONE, FAILED, Site};

/// What of GitHub's `OpenAPI` is asked here.
const ASKED: &[&str] = &[
    "/zen",
    "/repos/{owner}/{repo}/check-runs",
    "/repos/{owner}/{repo}/commits/{ref}/check-runs",
    "/repos/{owner}/{repo}/issues/{issue_number}",
    "/repos/{owner}/{repo}/pulls/{pull_number}",
    "/repos/{owner}/{repo}/releases",
];

const SHA: &str = "c0ffee0000000000000000000000000000000001";

fn before() -> Value {
    let notes = "What changes.\n\n## Additional Notes\n\nPlaybooks: docs/playbooks.md\n";
    let pull = |merged: bool, reviews: &[&str]| json!({ "number": 11, "title": "One", "merged": merged, "body": notes, "reviews": reviews });
    let release = json!({ "id": 5, "tag_name": "v1.0", "draft": false, "name": "1.0", "body": "", "html_url": "https://github.example/acme/queue/releases/5" });
    json!({
        "commits": { "main": SHA }, "assets": {}, "check_runs": {}, "releases": { "5": release }, "made": 100,
        "pulls": { "11": pull(true, &["COMMENTED", "APPROVED"]), "12": pull(false, &["APPROVED"]), "13": pull(true, &[]) },
        "issues": { "7": { "number": 7, "title": "Roadmap", "body": "Beta." }, "8": { "number": 8, "title": "Empty", "body": null } },
        "comments": { "1": { "id": 1, "issue": 11, "body": "Announcement: docs/ga.md" } }
    })
}

/// A check run is never deleted: one that was taken back counts as none.
fn shown(mut state: Value) -> Value {
    state["made"] = Value::Null;
    for runs in state["check_runs"].as_object_mut().unwrap().values_mut() {
        runs.as_array_mut().unwrap().retain(|run| run["conclusion"] != "cancelled");
    }
    state["check_runs"].as_object_mut().unwrap().retain(|_, runs| runs != &json!([]));
    state
}

const STEPS: &[Step] = &[
    Step {
        statement: "let id = launch.annotate(repo, token, \"c0ffee0000000000000000000000000000000001\", \"Evaluation\", \"neutral\", \"One regression\", [{ path: \"src/rank.py\", start_line: 3, end_line: 4, annotation_level: \"warning\", message: \"slower by 4 %\" }])\nlog \"{id}\"",
        call: "POST .*/check-runs$",
        on_502: FAILED,
        on_cut: STUCK,
    },
    Step {
        statement: "launch.note(repo, token, 7, \"GA: \\\"out\\\"\")",
        call: "PATCH .*/issues/7$",
        on_502: FAILED,
        on_cut: DONE,
    },
    Step {
        statement: "launch.note(repo, token, 8, \"The first line\")",
        call: "PATCH .*/issues/8$",
        on_502: FAILED,
        on_cut: DONE,
    },
    Step {
        statement: "launch.attach(repo, token, \"v1.0\", \"notes.md\")",
        call: "POST .*/releases/5/assets",
        on_502: FAILED,
        on_cut: DONE,
    },
];

#[test]
fn every_call_is_as_github_describes_it() {
    let Some((site, double)) = github("./launch", ASKED) else { return };
    let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("runbooks/memoria/launch.runbook");
    std::fs::copy(module, site.file("launch.runbook")).unwrap();
    site.write("notes.md", "# Notes\n");
    for step in STEPS {
        hold(&site, &double, &before(), step, shown);
    }
    pull_requests_are_judged(&site, &double);
    what_is_not_as_github_describes_it_is_refused(&site, &double);
}

fn pull_requests_are_judged(site: &Site, double: &Double) {
    double.no_fault();
    double.put(&before());
    site.check("launch.merged_and_approved(repo, token, 11)").is(DONE, "");
    site.check("launch.merged_and_approved(repo, token, 12)").is(FAILED, "pull request 12 is not merged");
    site.check("launch.merged_and_approved(repo, token, 13)").is(FAILED, "nobody approved pull request 13");
    site.check("launch.merged_and_approved(repo, token, 99)").is(FAILED, "404");
    site.check("launch.noted(repo, token, 11, \"docs/playbooks.md\")").is(DONE, "");
    site.check("launch.noted(repo, token, 11, \"What changes\")").is(FAILED, "do not name What changes");
    site.check("launch.commented(repo, token, 11, \"Announcement\")").is(DONE, "");
    site.check("launch.commented(repo, token, 11, \"Playbooks\")").is(FAILED, "#11 has no comment");
    assert_eq!(site.value("launch.head(repo, token, 11)"), SHA);
    site.check("expect launch.attached(repo, token, \"v1.0\") == []").is(DONE, "");
    site.check("expect launch.attached(repo, token, \"v2.0\") == []").is(FAILED, "there is no release v2.0");
}

/// Prism refuses what GitHub would, with its reason: the steps above cannot pass by accident.
fn what_is_not_as_github_describes_it_is_refused(site: &Site, double: &Double) {
    double.put(&before());
    let loud = STEPS[0].statement.replace("\"warning\"", "\"loud\"");
    site.run(&loud).is(FAILED, "422");
    assert_eq!(double.state()["check_runs"], json!({}));
}
