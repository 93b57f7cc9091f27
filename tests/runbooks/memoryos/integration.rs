//! The integration tests that the phase plan lists: migration, cutover, rollback, fallback, reconciliation.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::TOKEN;
use crate::practice::{Ended, Practice, differing, root, sections};

const GROUPS: [&str; 4] = ["acme", "globex", "initech", "staff"];
const TRAFFIC: &str = "MEMORYOS_TRAFFIC";
const FAULTS: &str = "MEMORYOS_FAULTS";
/// From the first failure to mode legacy; looks are 100 ms apart, and fifteen requests must have been served.
const FAST: Duration = Duration::from_secs(10);

/// A served practice system, asked by its own command line.
struct Release(Practice);

impl Release {
    fn start(scenario: &str, env: &[(&str, &str)]) -> Self {
        Self(Practice::start("memoryos", scenario, &[&[TOKEN], env].concat()))
    }

    fn command(&self, words: &[&str]) -> std::process::Output {
        let inputs = std::fs::read_to_string(self.0.inputs("rollout")).unwrap();
        let api = inputs.split('"').nth(1).unwrap();
        let mut command = Command::new(root().join("examples/memoryos/bin/memoryos"));
        command.args(words).env("MEMORYOS_API", api).envs([TOKEN]).output().unwrap()
    }

    /// What the controller answers.
    fn ask(&self, words: &[&str]) -> Value {
        let output = self.command(words);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Why the controller refuses.
    fn refusal(&self, words: &[&str]) -> String {
        let output = self.command(words);
        assert_eq!(output.status.code(), Some(1), "{words:?} was not refused");
        String::from_utf8(output.stderr).unwrap()
    }

    fn mode(&self) -> Value {
        self.ask(&["release"])["mode"].clone()
    }

    /// Memories of a store by namespace and key, read from its file: kind, text, importance, revision.
    fn stored(&self, store: &str) -> BTreeMap<String, Value> {
        let mut found = BTreeMap::new();
        for (heading, text) in sections(&self.0.dump()) {
            let Some(namespace) = heading.strip_prefix(&format!("{store} ")) else { continue };
            for line in text.lines().filter(|line| line.starts_with('[')) {
                let row: Vec<Value> = serde_json::from_str(line).unwrap();
                found.insert(format!("{namespace}/{}", row[0].as_str().unwrap()), json!(row[1..5]));
            }
        }
        found
    }

    /// Fails unless both stores hold the same content, read from the files.
    fn assert_equal_stores(&self) {
        assert_eq!(self.stored("legacy"), self.stored("memory_os"));
        for target in self.targets() {
            let report = self.ask(&["reconcile-target", &target]);
            assert_eq!(
                (&report["parity"], &report["retrieval_parity"]),
                (&json!(1.0), &json!(1.0)),
                "{report}"
            );
        }
    }

    fn targets(&self) -> Vec<String> {
        let stored = self.stored("legacy");
        let mut targets: Vec<_> =
            stored.keys().map(|place| place.split('/').next().unwrap().to_owned()).collect();
        targets.dedup();
        targets
    }
}

fn ends(ended: &Ended, code: i32, words: &str) {
    assert_eq!(ended.code(), Some(code), "{}", ended.told);
    assert!(ended.told.contains(words), "`{words}` was not said: {}", ended.told);
}

/// Waits for something, for a minute at most; how long it took.
fn until(what: &str, mut holds: impl FnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_mins(1), "{what}: not within a minute");
        std::thread::sleep(Duration::from_millis(50));
    }
    began.elapsed()
}

#[test]
fn a_migration_keeps_every_record_whole_and_found_alike() {
    let release = Release::start("migrate", &[]);
    let before = release.stored("legacy");
    assert!(release.stored("memory_os").is_empty());
    ends(&release.0.run("migrate", &[]), 0, "completed");
    assert_eq!(release.stored("legacy"), before);
    release.assert_equal_stores();
    let report = release.ask(&["migrate", "report", "phase-8"]);
    assert_eq!(report["migrated"], json!(before.len()));
    let dump = release.0.dump();
    let migrated: Vec<&str> =
        dump.lines().filter(|line| line.contains("\\\"source\\\": \\\"jido_memory\\\"")).collect();
    assert_eq!(migrated.len(), before.len(), "each has its provenance");
    assert!(migrated.iter().all(|line| line.contains("\\\"lifecycle\\\": {\\\"keep_days\\\"")));
}

#[test]
fn a_migration_that_fails_half_way_leaves_nothing_behind() {
    let release = Release::start("migrate", &[(FAULTS, r#"{"migration_fails": "globex-1/facts"}"#)]);
    let before = release.0.dump();
    ends(&release.0.run("migrate", &[]), 1, "failed after 5 of 10 records");
    assert_eq!(differing(&before, &release.0.dump()), Vec::<String>::new());
}

#[test]
fn a_dual_run_catches_up_while_users_write() {
    let release = Release::start("migrate", &[(TRAFFIC, "growing")]);
    ends(&release.0.run("dual-run", &[]), 0, "completed");
    assert_eq!(release.mode(), "dual_run");
    assert!(
        release.stored("legacy").keys().any(|place| place.contains("/new-")),
        "traffic has added memories"
    );
    for target in release.targets() {
        let report = release.ask(&["reconcile-target", &target]);
        assert_eq!(report["parity"], 1.0, "{report}");
    }
}

#[test]
fn a_canary_that_serves_badly_is_undone_at_once() {
    let release = Release::start("rollout", &[]);
    let before = release.0.dump();
    let ended = std::thread::scope(|scope| {
        let run = scope.spawn(|| release.0.run("rollout", &["--input", "soak=60s", "--input", "within=90s"]));
        until("the canary", || release.ask(&["release"])["stage"] == "canary");
        release.ask(&["faults", "error_every=2"]);
        run.join().unwrap()
    });
    ends(&ended, 1, "guard The canary is served well: error_rate");
    assert_eq!(differing(&before, &release.0.dump()), ["setting faults"]);
}

#[test]
fn cutover_is_blocked_while_drift_is_too_high() {
    let release = Release::start("in-dual-run", &[(FAULTS, r#"{"ranking": true}"#)]);
    until("enough samples", || release.ask(&["drift"])["verdict"] == "fail");
    assert!(release.refusal(&["mode", "memory_os"]).contains("the cutover gate is shut"));
    let before = release.0.dump();
    let all = format!("groups={}", json!(GROUPS));
    // Enough for the samples to come in on a busy machine.
    let ended = release.0.run("rollout", &["--input", &all, "--input", "within=10s"]);
    ends(&ended, 1, "drift");
    assert_eq!(differing(&before, &release.0.dump()), Vec::<String>::new());
}

#[test]
fn too_few_samples_never_open_the_gate() {
    let release = Release::start("rollout", &[(TRAFFIC, "off")]);
    let ended = release.0.run("rollout", &["--input", "within=1s"]);
    ends(&ended, 5, "only 0 of 20 samples");
    assert!(release.refusal(&["mode", "memory_os"]).contains("cutover is from dual_run in stage global"));
    let run = release.0.shown()["id"].as_str().unwrap().to_owned();
    ends(&release.0.bowline(&["cancel", &run]), 1, "rolled back");
    assert_eq!(release.mode(), "legacy");
}

#[test]
fn after_the_final_cutover_the_service_is_stable() {
    let release = Release::start("in-dual-run", &[(TRAFFIC, "growing")]);
    ends(&release.0.run("rollout", &[]), 0, "completed");
    assert_eq!(release.mode(), "memory_os");
    until("enough requests since", || release.ask(&["slo"])["requests"].as_u64().unwrap() > 100);
    let slo = release.ask(&["slo"]);
    assert_eq!(
        (&slo["verdict"], &slo["fallbacks"], &slo["error_rate"]),
        (&json!("pass"), &json!(0), &json!(0.0))
    );
    // Legacy keeps up: there is a way back at any time.
    let report = release.ask(&["reconcile-target", "acme-1"]);
    assert!(report["parity"].as_f64().unwrap() > 0.98, "{report}");
    assert!(
        release.stored("legacy").keys().any(|place| place.contains("/new-")),
        "traffic has added memories"
    );
}

#[test]
fn a_breach_after_the_cutover_leads_to_legacy_at_once() {
    let release = Release::start("in-dual-run", &[]);
    let (ended, took) = std::thread::scope(|scope| {
        let run = scope.spawn(|| release.0.run("rollout", &["--input", "high_traffic=60s"]));
        until("the cutover", || release.mode() == "memory_os");
        release.ask(&["faults", "error_every=2"]);
        let took = until("legacy", || release.mode() == "legacy");
        (run.join().unwrap(), took)
    });
    assert!(took < FAST, "{took:?} from the breach to legacy");
    ends(&ended, 1, "rollback triggered: error_rate");
    let state = release.ask(&["release"]);
    assert_eq!((&state["mode"], &state["fallback_enabled"]), (&json!("legacy"), &json!(true)));
    assert!(!state["incident"].is_null(), "an incident is open");
    assert!(release.refusal(&["fallback", "off"]).contains("fallback stays on until the incident is closed"));
    let answer = release.ask(&["recall", "acme-1/facts", "the invoice run"]);
    assert_eq!((&answer["mode"], &answer["fallback"]), (&json!("legacy"), &json!(false)));
    assert!(!answer["results"].as_array().unwrap().is_empty());
}

#[test]
fn fallback_retrieval_is_as_good_as_the_store_that_fails() {
    let release = Release::start("in-memory-os", &[]);
    let asked: Vec<String> = GROUPS.iter().map(|group| format!("{group}-1/facts")).collect();
    let recall = |namespace: &String| release.ask(&["recall", namespace, "the nightly export look"]);
    let before: Vec<Value> = asked.iter().map(recall).collect();
    release.ask(&["faults", r#"store_down="memory_os""#]);
    for (namespace, before) in asked.iter().zip(before) {
        assert_eq!((&before["mode"], &before["fallback"]), (&json!("memory_os"), &json!(false)));
        assert!(!before["results"].as_array().unwrap().is_empty());
        let answer = recall(namespace);
        assert_eq!(answer["fallback"], true);
        assert_eq!(answer["results"], before["results"], "{namespace}");
    }
    release.ask(&["fallback", "off"]);
    assert!(release.refusal(&["recall", "acme-1/facts", "the"]).contains("does not answer"));
}

#[test]
fn reconciliation_leaves_no_inconsistency() {
    let release = Release::start("in-memory-os", &[]);
    release.ask(&["faults", "lose_every=2", "error_every=2"]);
    for (number, group) in GROUPS.iter().cycle().take(8).enumerate() {
        let (namespace, text) =
            (format!("{group}-1/facts"), format!("written in the incident, note {number}"));
        release.ask(&["remember", &namespace, &format!("i-{number}"), "event", &text]);
    }
    assert_ne!(release.stored("legacy"), release.stored("memory_os"));
    ends(&release.0.run("slo-breach", &[]), 0, "completed");
    assert_eq!(release.mode(), "legacy");
    assert!(release.refusal(&["incident", "close"]).contains("do not agree yet"));
    release.ask(&["faults", "lose_every=0"]);
    ends(&release.0.run("reconcile", &[]), 0, "completed");
    assert_eq!(release.ask(&["incident"]), json!({ "incident": null }));
    release.assert_equal_stores();
    let lost = release.stored("legacy").keys().filter(|place| place.contains("/i-")).count();
    assert_eq!(lost, 8, "nothing that users wrote is lost");
}
