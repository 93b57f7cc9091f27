//! Files of targets: hashed there, checked there, kept here as evidence.

use crate::hosts::Hosts;
use crate::site::Site;

const BODY: &str = r#"input there: path
input change: bool = false
step "Export" on "one" dir there {
  run sh -c 'printf "0123" >"$1"' sh "{there}/it's an export"
  let export = artifact "{there}/it's an export"
  rollback none "only leaves a file"
}
step "Change it" if change {
  run sh -c 'echo more >>"$1"' sh "{there}/it's an export"
  rollback none "as it is"
}
step "Import" on "one" {
  run cp {export} "{there}/imported"
  rollback { run rm "{there}/imported" }
}
evidence export
log "{export.sha256} {export.bytes}"
"#;

fn run(hosts: &Hosts, body: &str, args: &[&str]) -> (Site, crate::site::Told) {
    let site = Site::new(&hosts.targets("30s"), body);
    let there = format!("there={}", site.root().display());
    let told = site.run(&[&["-i", &there], args].concat());
    (site, told)
}

#[test]
fn a_file_of_a_target_has_its_hash_and_is_kept_as_evidence() {
    let Some(hosts) = Hosts::start(&["one"]) else { return };
    let (site, told) = run(&hosts, BODY, &[]);
    assert_eq!(told.exit, Some(0), "{}", told.said);
    let hash = "1be2e452b46d7a0d9656bbb1f768e8248eba1b75baed65f5d99eafa948899a6a";
    assert!(told.said.contains(&format!("{hash} 4")), "{}", told.said);
    assert_eq!(site.read("imported"), "0123");
    let runs = std::fs::read_dir(site.path("journal/runs")).unwrap().map(Result::unwrap);
    let evidence = runs.flat_map(|run| std::fs::read_dir(run.path().join("evidence")).unwrap());
    let kept: Vec<_> =
        evidence.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    assert_eq!(kept, ["0123"]);
}

#[test]
fn a_file_that_was_changed_is_not_used() {
    let Some(hosts) = Hosts::start(&["one"]) else { return };
    let (site, told) = run(&hosts, BODY, &["-i", "change=true"]);
    assert_eq!(told.exit, Some(1), "{}", told.said);
    assert!(told.said.contains("on one was changed since it was produced"), "{}", told.said);
    assert!(!site.path("imported").exists());
}

#[test]
fn a_file_is_used_where_it_is() {
    let Some(hosts) = Hosts::start(&["one"]) else { return };
    let body = BODY.replace("step \"Import\" on \"one\"", "step \"Import\"");
    let (site, told) = run(&hosts, &body, &[]);
    assert_eq!(told.exit, Some(1), "{}", told.said);
    assert!(told.said.contains("is on target one, and this runs on this machine"), "{}", told.said);
    assert!(!site.path("imported").exists());
}

#[test]
fn a_file_that_is_not_there_was_not_produced() {
    let Some(hosts) = Hosts::start(&["one"]) else { return };
    let body = BODY.replace("artifact \"{there}/it's an export\"", "artifact \"{there}/another\"");
    let (_site, told) = run(&hosts, &body, &[]);
    assert_eq!(told.exit, Some(1), "{}", told.said);
    assert!(told.said.contains("was not produced: it is not on one"), "{}", told.said);
}
