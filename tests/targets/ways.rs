//! The user's own configuration, bastions and agent: what reaches a host for `ssh` reaches it for bowline.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::hosts::Hosts;
use crate::processes::within;
use crate::site::Site;

/// A step on a target, which leaves a file and takes it away.
const BODY: &str = "input place: path\nstep \"Say\" on \"inner\" {\n  run touch \"{place}/said\"\n  rollback { run rm \"{place}/said\" }\n}\n";

/// A site whose only target `inner` is reached by that configuration.
fn site(config: &Path) -> Site {
    let targets = format!("[targets]\ninner = {{ ssh = \"inner\", config = \"{}\" }}\n", config.display());
    Site::new(&targets, BODY)
}

fn runs(site: &Site) {
    let told = site.run(&["-i", &format!("place={}", site.root().display())]);
    assert_eq!(told.exit, Some(0), "{}", told.said);
    assert!(site.path("said").exists());
}

#[test]
fn a_host_behind_a_bastion_is_reached_through_it() {
    let Some(hosts) = Hosts::start(&["bastion", "inner"]) else { return };
    let config = hosts.config().with_file_name("behind");
    let own = std::fs::read_to_string(hosts.config()).unwrap();
    std::fs::write(&config, format!("Host inner\n  ProxyJump bastion\n{own}")).unwrap();
    runs(&site(&config));
    assert_eq!((hosts.logins_of("bastion"), hosts.logins_of("inner")), (1, 1));
}

#[test]
fn without_its_bastion_a_host_is_out_of_reach_and_nothing_was_changed() {
    let Some(hosts) = Hosts::start(&["inner"]) else { return };
    let config = hosts.config().with_file_name("behind");
    let own = std::fs::read_to_string(hosts.config()).unwrap();
    let gone = "Host inner\n  ProxyJump gone\nHost gone\n  Port 1\n";
    std::fs::write(&config, format!("{gone}{own}")).unwrap();
    let site = site(&config);
    let told = site.run(&["-i", &format!("place={}", site.root().display())]);
    assert_eq!(told.exit, Some(1), "{}", told.said);
    assert!(told.said.contains("nothing was changed: inner could not be reached"), "{}", told.said);
    assert_eq!(hosts.logins(), 0);
}

/// An agent that ends with the test.
struct Agent(Child);

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_users_agent_has_the_key() {
    let Some(hosts) = Hosts::start(&["inner"]) else { return };
    let socket = hosts.config().with_file_name("agent");
    let mut agent = Command::new("ssh-agent");
    agent.arg("-D").arg("-a").arg(&socket).stdout(Stdio::null());
    let _agent = Agent(agent.spawn().unwrap());
    assert!(within(Duration::from_secs(30), || socket.exists()), "the agent does not come up");
    let key = hosts.config().with_file_name("user");
    let added = Command::new("ssh-add").arg(&key).env("SSH_AUTH_SOCK", &socket).output().unwrap();
    assert!(added.status.success(), "{added:?}");
    std::fs::remove_file(&key).unwrap();
    let mut site = site(&hosts.config());
    site.set("SSH_AUTH_SOCK", "/nonexistent");
    let told = site.run(&["-i", &format!("place={}", site.root().display())]);
    assert_eq!(told.exit, Some(1), "without the agent nobody comes in: {}", told.said);
    site.set("SSH_AUTH_SOCK", &socket.display().to_string());
    runs(&site);
    assert_eq!(hosts.logins(), 1);
}
