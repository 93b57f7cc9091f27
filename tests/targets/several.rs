//! Several hosts side by side: one that fails unwinds the others, each on its own host.

use std::time::Duration;

use crate::hosts::Hosts;
use crate::partition::Partition;
use crate::processes::{running, within};
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

/// On each host a file, and on one a program that lasts until it is cut off there.
const LASTING: &str = r#"input place: path
for host in ["one", "two", "three"] parallel 5 {
  step "Upgrade {host}" on host {
    run touch "{place}/{host}"
    run sh -c '[ "$1" != two ] || exec sleep 31020' sh {host}
    rollback {
      run rm -f "{place}/{host}"
      run sh -c 'echo "$SSH_CONNECTION" | cut -d" " -f4 >>"$1"' sh "{place}/undone"
    }
  }
}
"#;

/// Three hosts, one of which is cut off in the middle: what became of it is not known, and nothing is undone before
/// somebody says so; then all three are.
fn one_is_cut_off(seconds: &str, cut: impl FnOnce(&Hosts) -> Option<Partition>) {
    let Some(hosts) = Hosts::start(&["one", "two", "three"]) else { return };
    let mut site = Site::new(&hosts.targets("5s"), &LASTING.replace("31020", seconds));
    site.set("BOWLINE_INPUT_PLACE", &site.root().display().to_string());
    let mut run = site.start(&[]);
    let begun = || ["one", "two", "three"].iter().all(|host| site.path(host).exists());
    let lasts = || begun() && !running(&format!("sleep {seconds}")).is_empty();
    assert!(within(Duration::from_mins(2), lasts), "{}", site.read("said"));
    let healed = cut(&hosts);
    let code = run.wait().unwrap().code();
    assert!(running(&format!("sleep {seconds}")).is_empty(), "dead before anything goes on");
    drop(healed);
    let said = site.read("said");
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("outcome unknown: the connection to two was lost"), "{said}");
    assert!(begun(), "nothing is undone: {said}");
    let told = site.again("settle", &["--rollback"]);
    assert_eq!(told.exit, Some(1), "{}", told.said);
    let mut undone: Vec<u16> = site.read("undone").lines().map(|port| port.parse().unwrap()).collect();
    let mut ports = ["one", "two", "three"].map(|host| hosts.port(host));
    undone.sort_unstable();
    ports.sort_unstable();
    assert_eq!(undone, ports, "each on its own host: {}", told.said);
    assert!(["one", "two", "three"].iter().all(|host| !site.path(host).exists()));
}

#[test]
fn of_three_hosts_one_whose_session_is_cut_off_is_unknown_and_all_are_unwound() {
    one_is_cut_off("31020", |hosts| {
        hosts.cut("two");
        None
    });
}

#[test]
fn of_three_hosts_one_behind_a_partition_is_unknown_and_all_are_unwound() {
    one_is_cut_off("31021", |hosts| {
        let partition = Partition::of(hosts.port("two"));
        // Where the system lets nobody filter: its sessions, at least.
        if partition.is_none() {
            hosts.cut("two");
        }
        partition
    });
}
