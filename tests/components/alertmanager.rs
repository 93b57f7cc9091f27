//! `std/alertmanager` against a real Alertmanager.

use std::process::Command;

use super::component::{Server, await_that, find, free_port, get};
use super::site::{DONE, FAILED, INCONCLUSIVE, Site};

struct Alertmanager {
    site: Site,
    port: u16,
    _server: Server,
}

impl Alertmanager {
    fn start() -> Option<Self> {
        let server = find("prometheus-alertmanager", "apt install prometheus-alertmanager")?;
        let port = free_port();
        let api = format!("http://127.0.0.1:{port}");
        let site = Site::using("alertmanager").with("api: url", api);
        site.write("am.yml", "route: { receiver: none, group_wait: 1s }\nreceivers: [{ name: none }]\n");
        let listen = format!("--web.listen-address=127.0.0.1:{port}");
        let args =
            ["--config.file=am.yml", "--storage.path=data", listen.as_str(), "--cluster.listen-address="];
        let server = Server::start(site.path(), &server, &args);
        let server = server.await_ready("alertmanager", || get(port, "/-/ready").is_some());
        Some(Self { site, port, _server: server })
    }

    /// Sends an alert as Prometheus does, through bowline's own `http`.
    fn alert(&self, name: &str, service: &str) {
        let said = self.site.run(&format!(
            "step \"Alert\" {{\n  http POST \"{{api}}/api/v2/alerts\" {{\n    json [{{ labels: {{ alertname: \"{name}\", service: \"{service}\" }} }}]\n  }}\n  rollback none \"a test\"\n}}"
        ));
        said.is(DONE, "");
        await_that("the alert arrived", || {
            get(self.port, "/api/v2/alerts").is_some_and(|alerts| alerts.contains(name))
        });
    }

    /// How many silences hold, as another program sees it.
    fn silences(&self) -> usize {
        let url = format!("--alertmanager.url=http://127.0.0.1:{}", self.port);
        let output = Command::new("amtool").args(["silence", "query", "-q", &url]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().lines().count()
    }
}

const SILENCE: &str =
    r#"alertmanager.silence(api, { service: "memory" }, lasting: 1h, comment: "GA upgrade", by: "ana")"#;

#[test]
fn a_silence_ends_with_its_phase_whatever_the_outcome() {
    let Some(alertmanager) = Alertmanager::start() else { return };
    if find("amtool", "apt install prometheus-alertmanager").is_none() {
        return;
    }
    alertmanager.alert("LoadIsHigh", "memory");
    alertmanager.alert("DiskIsFull", "search");
    let run = |text: &str| alertmanager.site.run(text);
    let look = "check \"Only the other one\" within 10s every 200ms {\n    expect alertmanager.active(api) == [\"DiskIsFull\"]\n    expect alertmanager.silenced(api) == [\"LoadIsHigh\"]\n    expect count(alertmanager.silences(api, \"GA upgrade\")) == 1\n    alertmanager.quiet(api, [\"LoadIsHigh\"])\n  }";
    run(&format!("phase \"Quiet\" {{\n  {SILENCE}\n  {look}\n}}\ncheck \"Loud again\" within 10s every 200ms {{\n  expect alertmanager.active(api) == [\"DiskIsFull\", \"LoadIsHigh\"]\n}}"))
        .is(DONE, "");
    assert_eq!(alertmanager.silences(), 0);
    run(&format!("phase \"Quiet\" {{\n  {SILENCE}\n  fail \"enough\"\n}}")).is(FAILED, "enough");
    assert_eq!(alertmanager.silences(), 0);
    alertmanager
        .site
        .check("alertmanager.quiet(api, [\"LoadIsHigh\", \"Other\"])")
        .is(FAILED, "active: LoadIsHigh");
}

#[test]
fn a_silence_that_is_there_already_is_left_to_whoever_made_it() {
    let Some(alertmanager) = Alertmanager::start() else { return };
    let url = format!("--alertmanager.url=http://127.0.0.1:{}", alertmanager.port);
    let made = Command::new("amtool")
        .args(["silence", "add", "service=memory", "-d", "1h", "-a", "bo", "-c", "GA upgrade", &url])
        .status();
    assert!(made.unwrap().success());
    alertmanager.site.check("alertmanager.ready(api)").is(DONE, "");
    alertmanager.site.run(SILENCE).is(DONE, "");
    assert_eq!(alertmanager.silences(), 1);
}

#[test]
fn what_alertmanager_refuses_fails_and_what_is_gone_gives_no_verdict() {
    let Some(alertmanager) = Alertmanager::start() else { return };
    let said = alertmanager
        .site
        .run(r#"alertmanager.silence(api, { "no label": "x" }, lasting: 1h, comment: "wrong")"#);
    said.is(FAILED, "invalid label name");
    let gone = Site::using("alertmanager").with("api: url", format!("http://127.0.0.1:{}", free_port()));
    gone.check("alertmanager.quiet(api, [\"LoadIsHigh\"])").is(INCONCLUSIVE, "refused");
}
