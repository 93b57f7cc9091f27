//! Several hosts side by side: one that fails unwinds the others, each on its own host.

use crate::hosts::Hosts;
use crate::site::Site;

const BODY: &str = r#"input hosts: list of text = ["one", "two", "three"]
input place: path
for host in hosts parallel 5 {
  step "Upgrade {host}" on host {
    run sh -c 'echo "$SSH_CONNECTION" | cut -d" " -f4 >"$1"' sh "{place}/{host}" {
      env LC_ALL = "C"
    }
    rollback {
      run rm "{place}/{host}"
    }
  }
  step "Start {host}" on "{host}" {
    run sh -c '[ "$1" != two ] || exit 3' sh {host}
    rollback { run sh -c 'echo "$SSH_CONNECTION" | cut -d" " -f4 >>"$1"' sh "{place}/undone" }
  }
}
"#;

#[test]
fn one_host_that_fails_unwinds_the_others() {
    let Some(hosts) = Hosts::start(&["one", "two", "three"]) else { return };
    let site = Site::new(&hosts.targets("30s"), BODY);
    let told = site.run(&["-i", &format!("place={}", site.root().display())]);
    assert_eq!(told.exit, Some(1), "{}", told.said);
    assert!(told.said.contains("exit code 3"), "{}", told.said);
    for host in ["one", "two", "three"] {
        assert!(!site.path(host).exists(), "{host} is as before: {}", told.said);
    }
    let undone = site.read("undone");
    for line in undone.lines() {
        let port: u16 = line.parse().unwrap();
        assert!(["one", "two", "three"].iter().any(|host| hosts.port(host) == port));
    }
    assert!(undone.lines().any(|line| line == hosts.port("two").to_string()), "{undone}");
    assert!(hosts.logins() >= 3);
}

#[test]
fn each_host_is_reached_by_its_own_connection() {
    let Some(hosts) = Hosts::start(&["one", "two", "three"]) else { return };
    let site = Site::new(&hosts.targets("30s"), BODY);
    let place = format!("place={}", site.root().display());
    let told = site.run(&["-i", &place, "-i", "hosts=one,three"]);
    assert_eq!(told.exit, Some(0), "{}", told.said);
    for host in ["one", "three"] {
        assert_eq!(site.read(host).trim(), hosts.port(host).to_string());
    }
    assert_eq!(hosts.logins(), 2, "two steps each share one");
}
