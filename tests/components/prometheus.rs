//! `std/prometheus` against a real Prometheus with a history made for the test.

use std::io::Write;
use std::net::TcpListener;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use super::component::{Server, await_that, find_all, free_port, get, output};
use super::site::{DONE, FAILED, INCONCLUSIVE, Said, Site};

/// A Prometheus with ten minutes of samples up to now, 15 s apart: `load` rises from 1 to 41; `drift` has two
/// series, 0.01 and 0.03; `requests` and `failures` are 0.
struct Prometheus {
    site: Site,
    port: u16,
    _server: Server,
}

const RULES: &str = r#"groups:
  - name: test
    interval: 1s
    rules:
      - { alert: LoadIsHigh, expr: "load > 30" }
      - { alert: LoadIsAbsurd, expr: "load > 1000" }
      - { alert: LoadIsHighForLong, expr: "load > 30", for: 1h }
      - { alert: Broken, expr: "drift * on() drift" }
"#;

impl Prometheus {
    fn start() -> Option<Self> {
        let [server, promtool] = find_all(["prometheus", "promtool"], "apt install prometheus")?;
        let port = free_port();
        let site = Site::using("prometheus").with("api: url", format!("http://127.0.0.1:{port}"));
        site.write("history.om", &history());
        let blocks = ["tsdb", "create-blocks-from", "openmetrics", "history.om", "data"];
        output(Command::new(promtool).args(blocks).current_dir(site.path()));
        site.write("rules.yml", RULES);
        site.write(
            "prometheus.yml",
            &format!(
                "rule_files: [rules.yml]\nscrape_configs:\n  - job_name: itself\n    scrape_interval: 1s\n    static_configs: [{{ targets: ['127.0.0.1:{port}'] }}]\n  - job_name: gone\n    scrape_interval: 1s\n    static_configs: [{{ targets: ['127.0.0.1:{}'] }}]\n",
                free_port()
            ),
        );
        let listen = format!("--web.listen-address=127.0.0.1:{port}");
        let args = ["--config.file=prometheus.yml", "--storage.tsdb.path=data", listen.as_str()];
        let server = Server::start(site.path(), &server, &args);
        let server = server.await_ready("prometheus", || get(port, "/-/ready").is_some());
        Some(Self { site, port, _server: server })
    }

    fn check(&self, statements: &str) -> Said {
        self.site.check(statements)
    }
}

fn history() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let mut series = [String::new(), String::new(), String::new()];
    for sample in 0..41u64 {
        let at = now - 600 + sample * 15;
        series[0].push_str(&format!("load {} {at}\n", sample + 1));
        series[1]
            .push_str(&format!("drift{{mode=\"legacy\"}} 0.01 {at}\ndrift{{mode=\"dual\"}} 0.03 {at}\n"));
        series[2].push_str(&format!("requests 0 {at}\n"));
    }
    let [load, drift, requests] = series;
    let failures = requests.replace("requests", "failures");
    let head = |name: &str| format!("# TYPE {name} gauge\n");
    [
        head("load"),
        load,
        head("drift"),
        drift,
        head("requests"),
        requests,
        head("failures"),
        failures,
        "# EOF\n".into(),
    ]
    .concat()
}

#[test]
fn an_instant_query_has_four_verdicts() {
    let Some(prometheus) = Prometheus::start() else { return };
    let check = |statements: &str| prometheus.check(statements);
    check("expect prometheus.value(api, \"load\") == 41").is(DONE, "");
    check("expect prometheus.value(api, \"scalar(load)\") > 40").is(DONE, "");
    check("expect prometheus.value(api, \"no_such_series\") > 0")
        .is(INCONCLUSIVE, "no series: no_such_series");
    check("expect prometheus.value(api, \"failures / requests\") < 1")
        .is(INCONCLUSIVE, "NaN is no measurement");
    check("expect prometheus.value(api, \"load / requests\") < 1").is(INCONCLUSIVE, "+Inf is no measurement");
    check("expect prometheus.value(api, \"drift\") < 1").is(FAILED, "2 series");
    check("expect prometheus.value(api, \"load[\") < 1").is(FAILED, "parse error");
    check("expect prometheus.value(api, \"load[1m]\") < 1").is(FAILED, "and this one a matrix");
    check("expect prometheus.value(api, \"drift * on() drift\") < 1").is(FAILED, "many-to-many");
    let odd = r#"check "odd" { expect prometheus.value(api, 'max(drift{mode=~"d.+&x=1|dual"})') == 0.03 }"#;
    prometheus.site.run(odd).is(DONE, "");
}

#[test]
fn a_limit_holds_for_every_series() {
    let Some(prometheus) = Prometheus::start() else { return };
    let check = |statements: &str| prometheus.check(statements);
    check("prometheus.below(api, \"drift\", 0.05)").is(DONE, "");
    check("prometheus.below(api, \"drift\", 0.03)")
        .is(FAILED, "0.03 {\"__name__\":\"drift\",\"mode\":\"dual\"}");
    check("prometheus.above(api, \"drift\", 0.005)").is(DONE, "");
    check("prometheus.above(api, \"drift\", 0.02)").is(FAILED, "\"mode\":\"legacy\"");
    check("prometheus.below(api, \"nothing_here\", 1)").is(INCONCLUSIVE, "no series");
    check("prometheus.below(api, \"drift or failures / requests\", 1)").is(INCONCLUSIVE, "NaN");
    check("prometheus.below(api, \"drift or failures / requests\", 0.02)").is(FAILED, "0.03");
    check("prometheus.below(api, \"load / requests\", 1)").is(FAILED, "+Inf");
    check("prometheus.above(api, \"-load / requests\", 1)").is(FAILED, "-Inf");
}

#[test]
fn a_range_is_what_the_server_has_up_to_its_own_now() {
    let Some(prometheus) = Prometheus::start() else { return };
    let check = |statements: &str| prometheus.check(statements);
    check("expect prometheus.range_max(api, \"load\", 5m) == 41\n  expect prometheus.range_min(api, \"load\", 5m) > 15")
        .is(DONE, "");
    check("expect prometheus.range_mean(api, \"max(drift)\", 5m) > 0.0299").is(DONE, "");
    check("expect count(prometheus.numbers(api, \"load\", 5m, resolution: 1m)) == 6").is(DONE, "");
    check("expect prometheus.range_max(api, \"load\", 1m, least: 50) > 0").is(INCONCLUSIVE, "of 50 in 1m");
    check("expect prometheus.range_max(api, \"nothing_here\", 5m) > 0").is(INCONCLUSIVE, "no series");
    check("expect prometheus.range_max(api, \"failures / requests\", 5m) > 0")
        .is(INCONCLUSIVE, "NaN or infinity");
    check("expect prometheus.range_max(api, \"drift\", 5m) > 0").is(FAILED, "2 series");
    check("expect prometheus.range_max(api, \"load)\", 5m) > 0").is(FAILED, "parse error");
}

#[test]
fn alerts_tell_silence_from_ignorance() {
    let Some(prometheus) = Prometheus::start() else { return };
    let rules = || get(prometheus.port, "/api/v1/rules").unwrap_or_default();
    await_that("every rule was evaluated", || !rules().contains("\"health\":\"unknown\""));
    let check = |statements: &str| prometheus.check(statements);
    check("expect prometheus.alert_firing(api, \"LoadIsHigh\")").is(DONE, "");
    check("expect prometheus.alert_state(api, \"LoadIsHighForLong\") == \"pending\"").is(DONE, "");
    check("expect not prometheus.alert_firing(api, \"LoadIsAbsurd\")").is(DONE, "");
    check("prometheus.quiet(api, [\"LoadIsAbsurd\", \"LoadIsHighForLong\"])").is(DONE, "");
    check("prometheus.quiet(api, [\"LoadIsAbsurd\", \"LoadIsHigh\"])").is(FAILED, "LoadIsHigh is firing");
    check("prometheus.quiet(api, [\"LoadIsHihg\"])").is(INCONCLUSIVE, "no alert rule is called LoadIsHihg");
    check("prometheus.quiet(api, [\"Broken\"])").is(INCONCLUSIVE, "Broken is not evaluated");
}

#[test]
fn targets_are_up_only_once_they_were_scraped() {
    let Some(prometheus) = Prometheus::start() else { return };
    let within = |job: &str| {
        prometheus.site.run(&format!(
            "check \"Scraped\" within 30s every 500ms {{\n  prometheus.targets_up(api, \"{job}\")\n}}"
        ))
    };
    within("itself").is(DONE, "");
    await_that("the other one was scraped", || {
        get(prometheus.port, "/api/v1/targets").is_some_and(|targets| targets.contains("\"health\":\"down\""))
    });
    prometheus.check("prometheus.targets_up(api, \"gone\")").is(FAILED, "connection refused");
    prometheus.check("prometheus.targets_up(api, \"other\")").is(INCONCLUSIVE, "no target has the job other");
    prometheus.check("prometheus.ready(api)").is(DONE, "");
}

/// Not a Prometheus: whatever is asked of it, it says 503. Nobody waits for it to end: it serves three answers.
fn unavailable() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(3).flatten() {
            let mut stream = stream;
            let _ = std::io::Read::read(&mut stream, &mut [0; 4096]);
            let _ = stream.write_all(
                b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            );
        }
    });
    port
}

#[test]
fn a_server_that_cannot_answer_gives_no_verdict() {
    let gone = Site::using("prometheus").with("api: url", format!("http://127.0.0.1:{}", free_port()));
    gone.check("prometheus.below(api, \"up\", 2)").is(INCONCLUSIVE, "refused");
    let unavailable =
        Site::using("prometheus").with("api: url", format!("http://127.0.0.1:{}", unavailable()));
    unavailable.check("prometheus.below(api, \"up\", 2)").is(INCONCLUSIVE, "503");
}
