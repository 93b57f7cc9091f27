//! The alerting of the `MemoryOS` example in a real Prometheus that scrapes the practice system: what rules and dashboard
//! name is exported, what they ask gives an answer, and a breach is noticed.
#![expect(clippy::indexing_slicing, reason = "tests: what is not there is null")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::component::{Server, await_that, find_all, free_port, get, output};
use super::site::{DONE, Site};

const TOKEN: (&str, &str) = ("MEMORYOS_TOKEN", "practice-token");

/// What the dashboard specification asks for: the series that carries it, and whether it is split by mode.
const SPECIFIED: [(&str, bool); 16] = [
    ("memoryos:latency_p50_ms", true),
    ("memoryos:latency_p95_ms", true),
    ("memoryos:latency_p99_ms", true),
    ("memoryos:error_rate", true),
    ("memoryos:queue_depth", false),
    ("memoryos:throttled", false),
    ("memoryos:overloaded", false),
    ("memoryos:dead_letter_growth", false),
    ("memoryos:drift_avg", false),
    ("memoryos:drift_max", false),
    ("memoryos:drift_samples", false),
    ("memoryos:fallback", false),
    ("memoryos:rollback", false),
    ("memoryos:migration_success", false),
    ("memoryos:migration_failure", false),
    ("memoryos_mode", true),
];

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/memoryos").join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(example(name)).unwrap()
}

/// The names of metrics in a text.
fn named(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || "_:".contains(letter)));
    words
        .filter(|word| word.starts_with("memoryos_") || word.starts_with("memoryos:"))
        .map(str::to_owned)
        .collect()
}

/// The queries of the dashboard's panels.
fn panels() -> Vec<String> {
    let dashboard: Value = serde_json::from_str(&read("alerting/dashboard.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let targets = panels.filter_map(|panel| panel["targets"].as_array()).flatten();
    targets.map(|target| target["expr"].as_str().unwrap().to_owned()).collect()
}

/// The practice system with traffic, and a Prometheus that watches it by the example's rules.
struct Watched {
    site: Site,
    controller: u16,
    prometheus: u16,
    promtool: PathBuf,
    _servers: [Server; 2],
}

impl Watched {
    fn start(scenario: &str) -> Option<Self> {
        let [server, promtool, python] =
            find_all(["prometheus", "promtool", "python3"], "apt install prometheus python3")?;
        let prometheus = free_port();
        let site = Site::using("prometheus").with("api: url", format!("http://127.0.0.1:{prometheus}"));
        let (stand_in, controller) = served(&site, &python, scenario);
        std::fs::copy(example("alerting/rules.yml"), site.file("rules.yml")).unwrap();
        site.write(
            "prometheus.yml",
            &format!(
                "global: {{ scrape_interval: 500ms, evaluation_interval: 500ms }}\nrule_files: [rules.yml]\nscrape_configs:\n  - job_name: memoryos\n    static_configs: [{{ targets: ['127.0.0.1:{controller}'] }}]\n"
            ),
        );
        let listen = format!("--web.listen-address=127.0.0.1:{prometheus}");
        let args = ["--config.file=prometheus.yml", "--storage.tsdb.path=data", listen.as_str()];
        let server = Server::start(site.path(), &server, &args);
        let server = server.await_ready("prometheus", || get(prometheus, "/-/ready").is_some());
        Some(Self { site, controller, prometheus, promtool, _servers: [stand_in, server] })
    }

    /// What Prometheus answers at a path of its API.
    fn api(&self, path: &str) -> Value {
        let answer =
            get(self.prometheus, path).map_or(Value::Null, |text| serde_json::from_str(&text).unwrap());
        answer["data"].clone()
    }

    /// Every name of a series that Prometheus has.
    fn names(&self) -> BTreeSet<String> {
        let names = self.api("/api/v1/label/__name__/values");
        names.as_array().into_iter().flatten().map(|name| name.as_str().unwrap().to_owned()).collect()
    }

    /// The series that a query gives now.
    fn query(&self, query: &str) -> Vec<Value> {
        let url = format!("http://127.0.0.1:{}", self.prometheus);
        let text = output(Command::new(&self.promtool).args(["query", "instant", "-o", "json", &url, query]));
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("`{query}`: {text}"))
    }

    /// The practice system's own command line.
    fn memoryos(&self, words: &[&str]) {
        assert!(self.may(words), "{words:?} was refused");
    }

    /// Whether the practice system did it.
    fn may(&self, words: &[&str]) -> bool {
        let api = format!("http://127.0.0.1:{}", self.controller);
        let mut command = Command::new(example("bin/memoryos"));
        command.args(words).env("MEMORYOS_API", api).envs([TOKEN]).output().unwrap().status.success()
    }
}

/// The practice system with traffic, and its port.
fn served(site: &Site, python: &Path, scenario: &str) -> (Server, u16) {
    let (script, folder) = (example("practice.py"), site.file("practice"));
    output(Command::new(python).arg(&script).arg(&folder).args(["--scenario", scenario]));
    let words = [script.to_str().unwrap(), folder.to_str().unwrap(), "--serve"];
    // It serves until its standard input closes.
    let server = Server::start_with(site.path(), python, &words, |command| {
        command.stdin(Stdio::piped()).envs([TOKEN]);
    });
    let port = || {
        let inputs = std::fs::read_to_string(folder.join("inputs.toml")).unwrap_or_default();
        let port = inputs.lines().next()?.trim_end_matches('"').rsplit(':').next()?.parse::<u16>().ok()?;
        get(port, "/health").map(|_| port)
    };
    let server = server.await_ready("the practice system", || port().is_some());
    (server, port().unwrap())
}

#[test]
fn the_rules_are_valid_and_their_unit_tests_pass() {
    let Some([promtool]) = find_all(["promtool"], "apt install prometheus") else { return };
    output(Command::new(&promtool).args(["check", "rules"]).arg(example("alerting/rules.yml")));
    output(Command::new(&promtool).args(["test", "rules"]).arg(example("alerting/rules_test.yml")));
}

#[test]
fn what_is_specified_is_recorded_and_shown() {
    let (rules, shown) = (read("alerting/rules.yml"), named(&panels().join(" ")));
    for (series, _) in SPECIFIED {
        assert!(shown.contains(series), "{series} is on no panel");
        assert!(
            !series.contains(':') || rules.contains(&format!("- record: {series}\n")),
            "{series} is not recorded"
        );
    }
}

#[test]
fn what_rules_and_dashboard_name_is_exported_and_evaluated() {
    let Some(watched) = Watched::start("drift-regression") else { return };
    let wanted: BTreeSet<String> = named(&(read("alerting/rules.yml") + &panels().join(" ")));
    await_that("every metric named has a series", || wanted.is_subset(&watched.names()));
    let exported = named(&get(watched.controller, "/metrics").unwrap());
    let missing: Vec<_> =
        wanted.iter().filter(|name| !name.contains(':') && !exported.contains(*name)).collect();
    assert!(missing.is_empty(), "not exported: {missing:?}");
    let groups = watched.api("/api/v1/rules")["groups"].clone();
    let rules: Vec<&Value> =
        groups.as_array().unwrap().iter().flat_map(|group| group["rules"].as_array().unwrap()).collect();
    assert!(rules.len() > 20, "{groups}");
    let broken: Vec<_> = rules.iter().filter(|rule| rule["health"] != "ok").collect();
    assert!(broken.is_empty(), "{broken:?}");
    for query in panels() {
        assert!(!watched.query(&query).is_empty(), "a panel shows nothing: {query}");
    }
    for (series, by_mode) in SPECIFIED {
        let split = watched.query(series).iter().all(|one| one["metric"]["mode"].is_string());
        assert_eq!(split, by_mode, "{series}");
    }
}

#[test]
fn a_rollout_heeds_the_alerts_of_a_real_prometheus() {
    let Some(watched) = Watched::start("rollout") else { return };
    await_that("rules are evaluated", || !watched.query("memoryos:migration_failure").is_empty());
    let rollout = |alert: &str| {
        let inputs = watched.site.file("practice/rollout.inputs.toml");
        let mut command = Command::new(env!("CARGO_BIN_EXE_bowline"));
        command.args(["run", "memoryos/rollout", "--inputs"]).arg(inputs).arg("--answers");
        command.arg(example("rollout.answers.toml")).args(["-i", "within=15s"]);
        command.arg("--config").arg(watched.site.file("practice/bowline.toml"));
        command.args(["-i", &format!("watchers=[\"http://127.0.0.1:{}\"]", watched.prometheus)]);
        command.args(["-i", &format!("alerts=[\"{alert}\"]")]).envs([TOKEN]).current_dir(watched.site.path());
        let output =
            command.env("BOWLINE_JOURNAL", watched.site.file("journal")).stdin(Stdio::null()).output();
        let output = output.unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    watched.memoryos(&["faults", r#"migration_fails="acme-1/facts""#]);
    watched.site.write("policy.toml", "rules = []\ndefault = \"long\"\n");
    let policy = watched.site.file("policy.toml");
    watched.memoryos(&["migrate", "classify", "fails", policy.to_str().unwrap()]);
    assert!(!watched.may(&["migrate", "backfill", "fails", "acme-1/facts"]));
    await_that("the alert is firing", || {
        watched.site.value("prometheus.alert_state(api, \"MemoryOSMigrationFails\")") == "firing"
    });
    let (code, told) = rollout("MemoryOSMigrationFails");
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("MemoryOSMigrationFails is firing"), "{told}");
    let (code, told) = rollout("MemoryOSErrorRateHigh");
    assert_eq!(code, Some(0), "{told}");
}

#[test]
fn a_breach_is_noticed() {
    let Some(watched) = Watched::start("drift-regression") else { return };
    let state = |alert: &str| watched.site.value(&format!("prometheus.alert_state(api, \"{alert}\")"));
    await_that("errors are measured", || !watched.query("memoryos:error_rate").is_empty());
    assert_eq!(state("MemoryOSErrorRateHigh"), "inactive");
    watched.memoryos(&["faults", "error_every=2"]);
    await_that("the breach is pending", || state("MemoryOSErrorRateHigh") == "pending");
    await_that("fallbacks are noticed", || state("MemoryOSFallback") == "pending");
    watched
        .site
        .check("prometheus.quiet(api, [\"MemoryOSOverloaded\", \"MemoryOSDeadLetters\"])")
        .is(DONE, "");
}
