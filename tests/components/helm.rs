//! `std/helm` against a double of Helm's command line.

use serde_json::{Value, json};

use super::double::{command_line, kept};
use super::site::{DONE, FAILED, INCONCLUSIVE, Site};

fn release() -> Value {
    let revision = |number: u32, tag: &str, status: &str| json!({ "revision": number, "chart": "memoria-1.0.0", "status": status, "values": { "server": { "tag": tag } } });
    json!({ "memoria": { "defaults": { "replicas": 2 }, "revisions": [revision(1, "0.8", "superseded"), revision(2, "0.9", "deployed")] } })
}

fn site() -> Option<Site> {
    command_line(Site::using("helm"), "helm", &release())
}

/// The revision that is deployed, without its number.
fn deployed(site: &Site) -> Value {
    let state = kept(site);
    let revisions = state["memoria"]["revisions"].as_array().unwrap();
    let last = revisions.iter().rfind(|one| one["status"] == "deployed").unwrap();
    json!([last["chart"], last["values"]])
}

const UPGRADE: &str = "let number = helm.upgrade(command, \"memoria\", \"oci://registry.example/chart\", \"prod\", set: { \"server.tag\": \"1.10\", note: \"a,b\\\\c\" }, within: 5s)\nlog \"revision {number}\"\n";

#[test]
fn an_upgrade_sets_texts_as_they_are_and_is_taken_back() {
    let Some(site) = site() else { return };
    let was = deployed(&site);
    site.run(UPGRADE).is(DONE, "revision 3");
    let values = json!({ "server": { "tag": "1.10" }, "note": "a,b\\c" });
    assert_eq!(deployed(&site), json!(["oci://registry.example/chart", values]));

    site.write("state.json", &release().to_string());
    site.run(&format!("{UPGRADE}fail \"later\"")).is(FAILED, "rolled back");
    assert_eq!(deployed(&site), was);
    assert_eq!(kept(&site)["memoria"]["revisions"].as_array().unwrap().len(), 4);
}

#[test]
fn an_upgrade_that_fails_or_is_cut_short_is_taken_back() {
    for how in ["not-ready", "in-progress"] {
        let Some(site) = site() else { return };
        let was = deployed(&site);
        // The words of the command are values: one more variable for the double is one more word.
        let failing = UPGRADE
            .replace("(command,", &format!("([\"env\", \"HELM_DOUBLE_FAIL=upgrade:{how}\"] + command,"));
        site.run(&failing).is(FAILED, "context deadline exceeded");
        assert_eq!(deployed(&site), was);
    }
}

#[test]
fn what_is_installed_and_taken_back_by_hand_is_undone() {
    let Some(site) = site() else { return };
    let was = deployed(&site);
    let install =
        "helm.install(command, \"side\", \"oci://registry.example/side\", \"prod\", set: { tag: \"1\" })\n";
    site.run(install).is(DONE, "");
    assert_eq!(kept(&site)["side"]["revisions"][0]["values"]["tag"], "1");
    site.write("state.json", &release().to_string());
    site.run(&format!("{install}fail \"later\"")).is(FAILED, "rolled back");
    assert_eq!(kept(&site), release());

    let back =
        "let number = helm.rollback_to(command, \"memoria\", \"prod\", 1)\nlog \"revision {number}\"\n";
    site.run(&format!("{back}check \"Old\" {{ expect helm.value(command, \"memoria\", \"prod\", \"server.tag\") == \"0.8\" }}")).is(DONE, "revision 3");
    site.write("state.json", &release().to_string());
    site.run(&format!("{back}fail \"later\"")).is(FAILED, "rolled back");
    assert_eq!(deployed(&site), was);
}

#[test]
fn looks_tell_what_is_from_what_is_not() {
    let Some(site) = site() else { return };
    site.check("expect helm.revision(command, \"memoria\", \"prod\") == 2").is(DONE, "");
    site.check("expect helm.state(command, \"memoria\", \"prod\") == \"deployed\"").is(DONE, "");
    site.check("expect helm.value(command, \"memoria\", \"prod\", \"replicas\") == \"2\"").is(DONE, "");
    site.check("expect helm.value(command, \"memoria\", \"prod\", \"no.such\") == \"2\"")
        .is(INCONCLUSIVE, "no value no.such");
    site.check("expect helm.revision(command, \"gone\", \"prod\") == 2").is(FAILED, "exit code 1");
}
