//! The practice control plane's `/metrics` in a real Prometheus, asked by `std/prometheus` as the runbooks of Memoria do.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::component::{Server, await_that, find, free_port, get};
use super::site::{DONE, FAILED, INCONCLUSIVE, Site};

const DEPTH: &str = r#"prometheus.value(api, "memoria_ingestion_queue_depth")"#;

/// The practice system, served until this is dropped: it ends when its standard input closes.
struct Practice(Child);

impl Practice {
    fn start(site: &Site) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/memoria/practice.py");
        let mut command = Command::new("timeout");
        command.args(["300", "python3"]).arg(script).arg(site.file("practice")).arg("--serve");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        Self(child)
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// The value of an input that the practice system wrote.
fn input(site: &Site, name: &str) -> String {
    let inputs = site.read("practice/hosted-ga.inputs.toml");
    let line = inputs.lines().find_map(|line| line.strip_prefix(&format!("{name} = ")));
    line.unwrap().trim_matches('"').to_owned()
}

/// A Prometheus that scrapes the control plane each 200 ms.
fn scraping(site: &Site, program: &Path, port: u16, admin: &str) -> Server {
    let target = admin.trim_start_matches("http://");
    let jobs = format!(
        "  - {{ job_name: memoria, scrape_interval: 200ms, static_configs: [{{ targets: ['{target}'] }}] }}\n"
    );
    site.write("prometheus.yml", &format!("scrape_configs:\n{jobs}"));
    let listen = format!("--web.listen-address=127.0.0.1:{port}");
    let args = ["--config.file=prometheus.yml", "--storage.tsdb.path=data", listen.as_str()];
    Server::start(site.path(), program, &args).await_ready("prometheus", || get(port, "/-/ready").is_some())
}

#[test]
fn the_queue_of_the_control_plane_is_seen_to_fill_and_to_drain() {
    let Some(program) = find("prometheus", "apt install prometheus") else { return };
    let port = free_port();
    let site = Site::using("prometheus").with("api: url", format!("http://127.0.0.1:{port}"));
    let _practice = Practice::start(&site);
    let admin = input(&site, "admin");
    let _server = scraping(&site, &program, port, &admin);
    let query = "/api/v1/query?query=memoria_ingestion_queue_depth";
    await_that("the first scrape", || get(port, query).is_some_and(|answer| answer.contains("\"value\"")));

    site.check(&format!("expect {DEPTH} < 20")).is(DONE, "");
    turn(&admin, true);
    site.run(&format!("check \"It fills\" within 30s every 200ms {{ expect {DEPTH} > 40 }}")).is(DONE, "");
    site.check(&format!("expect {DEPTH} < 20")).is(FAILED, "");
    turn(&admin, false);
    site.run(&format!("check \"It drains\" within 30s every 200ms {{ expect {DEPTH} < 20 }}")).is(DONE, "");
    site.write("practice/faults.json", r#"{"queue": "silent"}"#);
    await_that("staleness", || get(port, query).is_some_and(|answer| !answer.contains("\"value\"")));
    site.check(&format!("expect {DEPTH} < 20")).is(INCONCLUSIVE, "");
}

/// Turns maintenance mode.
fn turn(admin: &str, on: bool) {
    let status = Command::new("curl")
        .args(["-fsS", "-o", "/dev/null", "-X", "PUT", "-H", "Authorization: Bearer practice-admin-token"])
        .args(["-d", &format!("{{\"enabled\": {on}}}"), &format!("{admin}/maintenance")])
        .status();
    assert!(status.unwrap().success());
}
