//! `std/statuspage` against a double of Statuspage by its documented API.

use serde_json::{Value, json};

use super::double::{Double, Step, hold};
use super::site::{DONE, FAILED, INCONCLUSIVE, Site};

fn page() -> Option<(Site, Double)> {
    let site = Site::using("statuspage");
    let double = Double::start(site.path(), "statuspage")?;
    let page = format!("http://127.0.0.1:{}/v1/pages/p1", double.port);
    Some((site.with("page: url", page).with("key: secret", "test-key"), double))
}

/// One window that is announced, and two components.
fn before() -> Value {
    let window = json!({
        "id": "inc1", "name": "Window", "status": "scheduled", "impact": "maintenance", "components": [],
        "shortlink": "https://stspg.example/inc1", "incident_updates": [],
        "scheduled_for": "2026-12-01T02:00:00Z", "scheduled_until": "2026-12-01T04:00:00Z"
    });
    json!({ "components": { "server": "operational", "dashboard": "degraded_performance" }, "incidents": { "inc1": window }, "made": 1 })
}

/// What customers see: components, and the incidents with their status; words once said stay said.
fn shown(mut state: Value) -> Value {
    state["made"] = Value::Null;
    for incident in state["incidents"].as_object_mut().unwrap().values_mut() {
        incident["incident_updates"] = Value::Null;
    }
    state
}

const STEPS: &[Step] = &[
    Step {
        statement: "let id = statuspage.schedule(page, key, \"GA\", time(\"2026-12-05T02:00:00Z\"), time(\"2026-12-05T04:00:00Z\"), \"Words\", components: [\"server\"])\nlog id",
        call: "POST .*/incidents$",
        on_502: FAILED,
        on_cut: DONE,
    },
    Step {
        statement: "let id = statuspage.incident(page, key, \"Slow\", \"Words\", impact: \"major\")\nlog id",
        call: "POST .*/incidents$",
        on_502: FAILED,
        on_cut: DONE,
    },
    Step {
        statement: "let link = statuspage.publish(page, key, \"GA is here\", \"Highlights\")\nlog link",
        call: "POST .*/incidents$",
        on_502: FAILED,
        on_cut: DONE,
    },
    Step {
        statement: "statuspage.update(page, key, \"inc1\", \"in_progress\", \"It begins\")",
        call: "PATCH .*/incidents/inc1$",
        on_502: DONE,
        on_cut: DONE,
    },
    Step {
        statement: "statuspage.complete(page, key, \"inc1\", \"It is over\")",
        call: "PATCH .*/incidents/inc1$",
        on_502: DONE,
        on_cut: DONE,
    },
    Step {
        statement: "statuspage.component_status(page, key, \"dashboard\", \"under_maintenance\")",
        call: "PATCH .*/components/dashboard$",
        on_502: DONE,
        on_cut: DONE,
    },
];

#[test]
fn every_step_is_done_undone_and_honest() {
    let Some((site, double)) = page() else { return };
    for step in STEPS {
        hold(&site, &double, &before(), step, shown);
    }
}

#[test]
fn a_component_under_maintenance_is_put_back_whatever_the_outcome() {
    let Some((site, double)) = page() else { return };
    let phase = |inside: &str| {
        format!(
            "phase \"Upgrade\" {{\n  statuspage.under_maintenance(page, key, \"dashboard\")\n  check \"It says so\" {{ expect statuspage.component(page, key, \"dashboard\") == \"under_maintenance\" }}\n  {inside}\n}}"
        )
    };
    for (inside, end) in [("log \"at work\"", DONE), ("fail \"broken\"", FAILED)] {
        double.put(&before());
        site.run(&phase(inside)).is(end, "check It says so");
        assert_eq!(shown(double.state()), shown(before()));
    }
}

#[test]
fn a_window_is_over_when_the_run_is_whatever_the_outcome() {
    let Some((site, double)) = page() else { return };
    let text = |end: &str| {
        format!(
            "step \"Announce\" {{\n  let id = statuspage.schedule(page, key, \"GA\", time(\"2026-12-05T02:00:00Z\"), time(\"2026-12-05T04:00:00Z\"), \"Words\")\n  restore {{ statuspage.complete(page, key, id, \"Over\") }}\n}}\n{end}"
        )
    };
    for (last, end) in [("log \"well\"", DONE), ("fail \"broken\"", FAILED)] {
        double.put(&before());
        site.run(&text(last)).is(end, "restore Announce");
        assert_eq!(double.state()["incidents"]["inc2"]["status"], "completed");
    }
}

#[test]
fn looks_that_get_no_answer_are_neither_yes_nor_no() {
    let Some((site, double)) = page() else { return };
    double.put(&before());
    let look = "expect statuspage.component(page, key, \"server\") == \"operational\"";
    site.check(look).is(DONE, "");
    double.fault("GET .*/components/server$", "503", 3);
    site.check(look).is(INCONCLUSIVE, "503");
    double.fault("GET .*/components/server$", "503", 1);
    site.check(look).is(DONE, "");
    site.check("expect statuspage.component(page, key, \"server\") == \"major_outage\"").is(FAILED, "");
}

#[test]
fn a_window_is_told_by_its_title_and_by_its_id() {
    let Some((site, double)) = page() else { return };
    double.put(&before());
    let during = "statuspage.in_maintenance(page, key, \"Window\")";
    assert_eq!(site.value("statuspage.status_of(page, key, \"inc1\")"), "scheduled");
    site.check(&format!("expect {during}")).is(FAILED, "");
    site.run("statuspage.update(page, key, \"inc1\", \"in_progress\", \"It begins\")").is(DONE, "");
    site.check(&format!("expect {during}")).is(DONE, "");
    assert_eq!(site.value("statuspage.status_of(page, key, \"inc1\")"), "in_progress");
    site.check("expect statuspage.in_maintenance(page, key, \"Other\")").is(FAILED, "");
}
