//! `std/slack` against a double of an incoming webhook.

use serde_json::json;

use super::double::{Double, STUCK};
use super::site::{DONE, FAILED, Site};

#[test]
fn a_message_is_posted_once_and_never_taken_back() {
    let site = Site::using("slack");
    let Some(double) = Double::start(site.path(), "slack") else { return };
    let site = site.with("hook: secret", format!("http://127.0.0.1:{}/services/T0/B0/secret", double.port));
    let message = "slack.message(hook, \"v1.0 is out: \\\"well\\\" & {1 + 1}\")\n";
    let said = site.run(message);
    said.is(DONE, "completed");
    assert!(!said.out.contains("/services/T0"), "the address is a secret: {}", said.out);
    let posted = json!(["v1.0 is out: \"well\" & 2"]);
    assert_eq!(double.state()["messages"], posted);

    // One that was posted stays: the run says so.
    site.run(&format!("{message}fail \"later\"")).is(Some(6), "not everything is undone");
    assert_eq!(double.state()["messages"].as_array().unwrap().len(), 2);

    double.fault("POST", "cut done", 1);
    site.run(message).is(STUCK, "");
    double.fault("POST", "403", 1);
    site.run(message).is(FAILED, "status 403");
    assert_eq!(double.state()["messages"].as_array().unwrap().len(), 3);
}
