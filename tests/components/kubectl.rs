//! `std/kubectl` against a double of kubectl.

use serde_json::{Value, json};

use super::double::{command_line, kept};
use super::site::{DONE, FAILED, INCONCLUSIVE, Site};

fn cluster() -> Value {
    let server = json!({ "containers": { "server": "memoria:0.9" }, "replicas": 3, "generation": 1 });
    json!({ "deployments": { "server": server }, "bad": ["memoria:broken"], "applied": { "old.yaml": "old" } })
}

fn site() -> Option<Site> {
    command_line(Site::using("kubectl"), "kubectl", &cluster())
}

/// What is to run, without the counters of how often that was changed.
fn wanted(site: &Site) -> Value {
    let mut state = kept(site);
    state["deployments"]["server"]["generation"] = Value::Null;
    state
}

/// It does something, and a later failure puts back what was.
fn holds(site: &Site, statement: &str) {
    site.write("state.json", &cluster().to_string());
    let was = wanted(site);
    site.run(statement).is(DONE, "completed");
    assert_ne!(wanted(site), was, "{statement}: it did nothing");
    site.write("state.json", &cluster().to_string());
    site.run(&format!("{statement}\nfail \"later\"")).is(FAILED, "rolled back");
    assert_eq!(wanted(site), was, "{statement}");
}

#[test]
fn every_step_is_done_and_undone() {
    let Some(site) = site() else { return };
    std::fs::create_dir(site.file("new")).unwrap();
    std::fs::create_dir(site.file("old")).unwrap();
    site.write("new/new.yaml", "new");
    site.write("old/old.yaml", "old");
    holds(&site, "kubectl.set_image(command, \"prod\", \"deployment/server\", \"server\", \"memoria:1.0\")");
    holds(&site, "kubectl.scale(command, \"prod\", \"deployment/server\", 5)");
    holds(&site, "kubectl.apply(command, \"prod\", \"new\", \"old\")");
}

#[test]
fn an_image_that_does_not_come_up_is_taken_back() {
    let Some(site) = site() else { return };
    let was = wanted(&site);
    let image = "kubectl.set_image(command, \"prod\", \"deployment/server\", \"server\", \"memoria:broken\", within: 1s)";
    site.run(image).is(FAILED, "timed out waiting for the condition");
    assert_eq!(wanted(&site), was);
}

#[test]
fn replicas_are_back_whatever_the_outcome() {
    let Some(site) = site() else { return };
    let was = wanted(&site);
    for (last, end) in [("log \"well\"", DONE), ("fail \"broken\"", FAILED)] {
        site.run(&format!("phase \"Stopped\" {{\n  kubectl.pause(command, \"prod\", \"deployment/server\")\n  check \"None is left\" {{ expect kubectl.replicas(command, \"prod\", \"deployment/server\") == 0 }}\n  {last}\n}}")).is(end, "check None is left");
        assert_eq!(wanted(&site), was);
    }
}

#[test]
fn a_restart_restarts() {
    let Some(site) = site() else { return };
    site.run("kubectl.restart(command, \"prod\", \"deployment/server\")").is(DONE, "completed");
    assert_eq!(kept(&site)["deployments"]["server"]["restarts"], 1);
}

#[test]
fn looks_tell_complete_stuck_and_absent() {
    let Some(site) = site() else { return };
    let rollout = "expect kubectl.rollout(command, \"prod\", \"deployment/server\")";
    site.check(&format!("{rollout} == \"complete\"")).is(DONE, "");
    site.check("kubectl.reaches(command, \"prod\", \"deployment/server\", \"Available\", within: 1s)")
        .is(DONE, "");
    site.check("expect kubectl.image(command, \"prod\", \"deployment/server\", \"side\") == \"x\"")
        .is(INCONCLUSIVE, "no container side");
    site.check("expect kubectl.replicas(command, \"prod\", \"deployment/gone\") == 1")
        .is(FAILED, "exit code 1");
    let mut broken = cluster();
    broken["deployments"]["server"]["containers"]["server"] = json!("memoria:broken");
    site.write("state.json", &broken.to_string());
    site.check(&format!("{rollout} == \"stuck\"")).is(DONE, "");
    site.check("kubectl.reaches(command, \"prod\", \"deployment/server\", \"Available\", within: 1s)")
        .is(FAILED, "exit code 1");
}
