//! `std/github` against GitHub's own `OpenAPI`, served by Prism; a script of mitmproxy in front of it keeps a state and
//! makes faults.

use std::path::Path;

use serde_json::{Value, json};

use super::component::{Server, find, find_all, free_port, get};
use super::double::{Double, STUCK, Step, hold};
use super::openapi::part;
use super::site::{DONE, FAILED, INCONCLUSIVE, Site};

/// What of GitHub's `OpenAPI` is asked here.
const ASKED: &[&str] = &[
    "/zen",
    "/repos/{owner}/{repo}/actions/",
    "/repos/{owner}/{repo}/branches/",
    "/repos/{owner}/{repo}/commits/",
    "/repos/{owner}/{repo}/deployments",
    "/repos/{owner}/{repo}/git/",
    "/repos/{owner}/{repo}/issues/",
    "/repos/{owner}/{repo}/releases",
    "/repos/{owner}/{repo}/statuses/",
];

/// GitHub, of whose `OpenAPI` these paths are asked, and a site that uses a module. Prism takes its time to read them: it is
/// started once, for one test of many parts.
pub(super) fn github(module: &'static str, asked: &[&str]) -> Option<(Site, Double)> {
    let install = ".ci/components: npm @stoplight/prism-cli @octokit/openapi, PyPI mitmproxy";
    let [prism, mitmdump] = find_all(["prism", "mitmdump"], install)?;
    find("node", "apt install nodejs")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let generated = root.join("target/components/prism/node_modules/@octokit/openapi/generated");
    let whole = std::fs::read_to_string(generated.join("api.github.com.json")).unwrap();
    let script = root.join("tests/components/github_state.py").display().to_string();
    let site = Site::using(module);
    let (behind, port) = (free_port(), free_port());
    let asked = part(&serde_json::from_str(&whole).unwrap(), asked);
    site.write("github.json", &asked.to_string());
    let args = ["mock", "-h", "127.0.0.1", "-p", &behind.to_string(), "github.json"];
    let server = Server::start(site.path(), &prism, &args);
    let server = server.await_ready("prism", || get(behind, "/zen").is_some());
    let upstream = format!("reverse:http://127.0.0.1:{behind}");
    let confdir = format!("confdir={}", site.file("mitmproxy").display());
    let listen = port.to_string();
    let args = [
        "-q",
        "--mode",
        &upstream,
        "--listen-host",
        "127.0.0.1",
        "-p",
        &listen,
        "--set",
        &confdir,
        "-s",
        &script,
    ];
    let double = Double::behind(port, vec![server, Server::start(site.path(), &mitmdump, &args)]);
    let repo = format!("http://127.0.0.1:{port}/repos/acme/queue");
    Some((site.with("repo: url", repo).with("token: secret", "test-token"), double))
}

const SHA: &str = "c0ffee0000000000000000000000000000000001";

fn before() -> Value {
    let restrictions = json!({ "users": ["ana"], "teams": ["release"], "apps": [] });
    let reviews = json!({
        "dismiss_stale_reviews": true, "require_code_owner_reviews": false,
        "required_approving_review_count": 2, "require_last_push_approval": false
    });
    let checks = json!({ "strict": true, "contexts": [], "checks": [{ "context": "unit", "app_id": 7 }] });
    let protection = json!({
        "required_status_checks": checks, "enforce_admins": false, "required_pull_request_reviews": reviews,
        "restrictions": restrictions, "required_linear_history": true, "allow_force_pushes": false,
        "allow_deletions": false, "block_creations": false, "required_conversation_resolution": false,
        "lock_branch": false, "allow_fork_syncing": false
    });
    let draft = json!({ "id": 5, "tag_name": "v0.9", "draft": true, "name": "0.9", "body": "", "html_url": "https://github.example/acme/queue/releases/5" });
    let deployment = json!({ "id": 6, "ref": "main", "environment": "production", "statuses": [{ "id": 1, "state": "in_progress", "description": "" }] });
    json!({
        "plan": { "conclusion": "success", "looks": 2, "hidden": 1, "numbered": true },
        "commits": { "main": SHA }, "runs": {}, "assets": {}, "tags": {}, "comments": {},
        "statuses": { SHA: [{ "id": 2, "context": "release", "state": "pending", "description": "waits", "target_url": null }] },
        "check_runs": {}, "releases": { "5": draft }, "deployments": { "6": deployment },
        "protection": { "main": protection, "free": null }, "made": 100
    })
}

/// What counts: of statuses the newest, of runs which are not over.
fn shown(mut state: Value) -> Value {
    for passing in ["made", "plan"] {
        state[passing] = Value::Null;
    }
    for statuses in state["statuses"].as_object_mut().unwrap().values_mut() {
        let last = statuses.as_array().unwrap().last().cloned().unwrap();
        *statuses = json!([last["context"], last["state"], last["description"]]);
    }
    for deployment in state["deployments"].as_object_mut().unwrap().values_mut() {
        deployment["statuses"] = deployment["statuses"]
            .as_array()
            .unwrap()
            .last()
            .map_or(Value::Null, |last| last["state"].clone());
        deployment["payload"] = Value::Null; // it names the run
    }
    for run in state["runs"].as_object_mut().unwrap().values_mut() {
        run["looks"] = Value::Null;
        run["hidden"] = Value::Null;
    }
    state
}

const DEPLOYMENT: Step = Step {
    statement: "let id = github.deployment(repo, token, \"main\", \"staging\")\nlog \"{id}\"",
    call: "POST .*/deployments$",
    on_502: FAILED,
    on_cut: DONE,
};

const STEPS: &[Step] = &[
    Step {
        statement: "github.commit_status(repo, token, \"c0ffee0000000000000000000000000000000001\", \"release\", \"success\", description: \"is out\")",
        call: "POST .*/statuses/",
        on_502: FAILED,
        on_cut: DONE,
    },
    Step {
        statement: "let id = github.draft_release(repo, token, \"v1.0\", \"One\", \"Notes\")\nlog \"{id}\"",
        call: "POST .*/releases$",
        on_502: FAILED,
        on_cut: DONE,
    },
    Step {
        statement: "let page = github.publish_release(repo, token, 5)\nlog page",
        call: "PATCH .*/releases/5$",
        on_502: FAILED,
        on_cut: DONE,
    },
    Step {
        statement: "step \"Make\" {\n  run sh -c 'printf \"a\\000b\" > notes.bin'\n  let file = artifact \"notes.bin\"\n  rollback none \"a file\"\n}\nlet id = github.attach(repo, token, 5, file, \"notes of 1.0.bin\")\nlog \"{id}\"",
        call: "POST .*/releases/5/assets$",
        on_502: FAILED,
        on_cut: DONE,
    },
    DEPLOYMENT,
    Step {
        statement: "github.deployment_status(repo, token, 6, \"success\")",
        call: "POST .*/deployments/6/statuses$",
        on_502: FAILED,
        on_cut: DONE,
    },
    Step {
        statement: "let id = github.comment(repo, token, 7, \"v1.0 is out: \\\"well\\\"\")\nlog \"{id}\"",
        call: "POST .*/issues/7/comments$",
        on_502: FAILED,
        on_cut: DONE,
    },
];

const WORKFLOW: &str = "let id = github.workflow(repo, token, \"checks.yml\", \"main\", inputs: { version: \"1.0\" }, within: 5s, every: 50ms, listed: 2s)\nlog \"run {id}\"\n";

#[test]
fn every_call_is_as_github_describes_it() {
    let Some((site, double)) = github("github", ASKED) else { return };
    let double = &double;
    for step in STEPS {
        hold(&site, double, &before(), step, shown);
    }
    workflows_end_as_they_end(&site, double);
    dispatches_that_fail_are_told(&site, double);
    a_run_that_goes_on_is_cancelled(&site, double);
    branches_are_frozen_and_freed(&site, double);
    ci_is_green_red_or_unknown(&site, double);
    what_is_not_as_github_describes_it_is_refused(&site, double);
}

/// The same against the state alone: GitHub's own description is not needed to lose an answer.
#[test]
fn a_deployment_whose_answer_is_lost_settles_itself() {
    let site = Site::using("github");
    let Some(double) = Double::start(site.path(), "github") else { return };
    let repo = format!("http://127.0.0.1:{}/repos/acme/queue", double.port);
    let site = site.with("repo: url", repo).with("token: secret", "test-token");
    hold(&site, &double, &before(), &DEPLOYMENT, shown);
    // One that another run made is not ours, and stays.
    let other = json!({ "id": 90, "ref": "main", "environment": "staging", "statuses": [], "payload": { "bowline_run": "other" } });
    double.no_fault();
    double.put(&json!({ "deployments": { "90": other } }));
    let statement = DEPLOYMENT.statement;
    site.run(&format!("{statement}\nfail \"later\"")).is(FAILED, "rolled back");
    let deployments = double.state()["deployments"].clone();
    assert_eq!(deployments.as_object().unwrap().keys().collect::<Vec<_>>(), ["90"]);
    // Where the call never arrived, it is made again.
    double.fault(DEPLOYMENT.call, "cut", 1);
    site.run(statement).is(DONE, "completed");
    assert_eq!(double.state()["deployments"].as_object().unwrap().len(), 2);
}

fn plan(double: &Double, plan: &Value) {
    double.no_fault();
    double.put(&before());
    double.put(&json!({ "plan": plan }));
}

fn workflows_end_as_they_end(site: &Site, double: &Double) {
    for (conclusion, numbered) in
        [("success", true), ("success", false), ("failure", true), ("cancelled", false)]
    {
        plan(double, &json!({ "conclusion": conclusion, "looks": 2, "hidden": 2, "numbered": numbered }));
        let text = WORKFLOW.replace("listed: 2s", &format!("listed: 2s, details: {numbered}"));
        if conclusion == "success" {
            site.run(&text).is(DONE, "run 101");
        } else {
            site.run(&text).is(FAILED, &format!("runs/101 ended as {conclusion}"));
        }
        assert_eq!(double.state()["runs"]["101"]["inputs"], json!({ "version": "1.0" }));
    }
    assert_eq!(site.value("github.newest_run(repo, token, \"checks.yml\", \"main\")"), "101");
    assert_eq!(site.value("github.newest_run(repo, token, \"checks.yml\", \"other\")"), "0");
    assert_eq!(site.value("github.run_state(repo, token, 101)"), "cancelled");
    assert_eq!(site.value("github.deployment_state(repo, token, 6)"), "in_progress");
    let called = "github.workflow_called(repo, token, \"Checks\")";
    assert_eq!(site.value(called), "11");
    site.check("expect github.workflow_called(repo, token, \"Chekcs\") != \"\"")
        .is(FAILED, "0 workflows are called");
    // Looks that get no answer are taken again.
    plan(double, &json!({ "conclusion": "success", "looks": 2, "hidden": 0, "numbered": true }));
    double.fault("GET .*/actions/runs/", "502", 3);
    site.run(WORKFLOW).is(DONE, "run 101");
}

fn dispatches_that_fail_are_told(site: &Site, double: &Double) {
    let numbered = json!({ "conclusion": "success", "looks": 1, "hidden": 0, "numbered": true });
    plan(double, &numbered);
    double.fault("POST .*/dispatches$", "502 done", 1);
    site.run(WORKFLOW).is(DONE, "run 101");
    plan(double, &numbered);
    double.fault("POST .*/dispatches$", "502", 1);
    site.run(WORKFLOW).is(FAILED, "the dispatch was answered 502, and no run is listed");
    plan(double, &numbered);
    double.fault("POST .*/dispatches$", "cut done", 1);
    site.run(WORKFLOW).is(STUCK, "");
    plan(double, &numbered);
    double.fault("POST .*/dispatches$", "404", 1);
    site.run(WORKFLOW).is(FAILED, "404");
}

fn a_run_that_goes_on_is_cancelled(site: &Site, double: &Double) {
    plan(double, &json!({ "conclusion": "success", "looks": 1000, "hidden": 0, "numbered": true }));
    site.run(&WORKFLOW.replace("within: 5s", "within: 300ms")).is(FAILED, "is in_progress");
    assert_eq!(double.state()["runs"]["101"]["conclusion"], "cancelled");
    // Where nobody knows which is ours, what was dispatched later is not: it goes on.
    plan(double, &json!({ "conclusion": "success", "looks": 1000, "hidden": 0, "numbered": true }));
    let later = json!({ "id": 900, "workflow": "checks.yml", "ref": "main", "status": "queued", "conclusion": "success", "looks": 1000, "hidden": 1, "created_at": "2999-01-01T00:00:00Z" });
    double.put(&json!({ "runs": { "900": later } }));
    double.fault("POST .*/dispatches$", "429", 1);
    site.run(WORKFLOW).is(FAILED, "rolled back");
    assert_eq!(double.state()["runs"]["900"]["status"], "queued");
    // One that is over stays as it ended.
    plan(double, &json!({ "conclusion": "success", "looks": 1, "hidden": 0, "numbered": true }));
    site.run(&format!("{WORKFLOW}fail \"later\"")).is(FAILED, "rolled back");
    assert_eq!(double.state()["runs"]["101"]["conclusion"], "success");
}

fn branches_are_frozen_and_freed(site: &Site, double: &Double) {
    for branch in ["main", "free"] {
        for (last, end) in [("log \"well\"", DONE), ("fail \"broken\"", FAILED)] {
            plan(double, &json!({}));
            let frozen =
                format!("check \"It is frozen\" {{ expect github.frozen(repo, token, \"{branch}\") }}");
            let was =
                format!("check \"It was free\" {{ expect not github.frozen(repo, token, \"{branch}\") }}");
            let text = format!(
                "{was}\nphase \"Freeze\" {{\n  github.freeze(repo, token, \"{branch}\")\n  {frozen}\n  {last}\n}}"
            );
            site.run(&text).is(end, "check It is frozen");
            assert_eq!(double.state()["protection"], before()["protection"], "{branch}");
        }
    }
}

fn ci_is_green_red_or_unknown(site: &Site, double: &Double) {
    let ci = "expect github.ci(repo, token, \"main\", required: [\"unit\"]) == []";
    let reported = |state: &str| json!({ SHA: [{ "id": 1, "context": "lint", "state": state, "description": null, "target_url": null }] });
    let unit = |status: &str, conclusion: Value| json!({ SHA: [{ "id": 9, "name": "unit", "status": status, "conclusion": conclusion }] });
    plan(double, &json!({}));
    double
        .put(&json!({ "statuses": reported("success"), "check_runs": unit("completed", json!("success")) }));
    site.check(ci).is(DONE, "");
    assert_eq!(site.value("github.combined_status(repo, token, \"main\")"), "success");
    assert_eq!(site.value("github.commit(repo, token, \"main\")"), SHA);
    double.put(&json!({ "check_runs": unit("in_progress", Value::Null) }));
    site.check(ci).is(FAILED, "");
    double.put(&json!({ "check_runs": {} }));
    site.check(ci).is(FAILED, "");
    double.put(&json!({ "statuses": {} }));
    site.check(ci).is(INCONCLUSIVE, "nothing was reported for main");
    site.check("expect github.combined_status(repo, token, \"main\") == \"success\"")
        .is(INCONCLUSIVE, "no status was reported");
}

/// Prism refuses what GitHub would, with its reason: the tests above cannot pass by accident.
fn what_is_not_as_github_describes_it_is_refused(site: &Site, double: &Double) {
    plan(double, &json!({}));
    let status = "step \"Report\" {\n  http POST \"{repo}/statuses/abc\" {\n    bearer token\n    json { state: \"great\" }\n  }\n  rollback none \"never done\"\n}";
    site.run(status).is(FAILED, "status 422");
    assert_eq!(double.state()["statuses"], before()["statuses"]);
}
