//! Where a step runs is told before it runs, and what leads nowhere is told before anything does.

use crate::site::Site;

const TARGETS: &str = "[targets]\ndb-1 = { ssh = \"ops@db-1\" }\ndb-2 = { docker = \"db\" }\n";

const BODY: &str = r#"input hosts: list of text = ["db-1", "db-2"]
for host in hosts {
  step "Restart {host}" on host {
    run systemctl restart postgresql
    rollback none "it runs again"
  }
}
step "Fixed" on "db-1" {
  run true
  rollback none "nothing"
}
"#;

#[test]
fn the_plan_names_the_target_of_each_step() {
    let site = Site::new(TARGETS, BODY);
    let plan = |args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bowline"));
        let output =
            command.arg("plan").arg("a.runbook").args(args).current_dir(site.root()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let text = plan(&[]);
    assert!(text.contains("step \"Fixed\" ON db-1 [changes]"), "{text}");
    assert!(text.contains("ON ⟨host⟩ [changes]"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&plan(&["--format", "json"])).unwrap();
    let fixed = json["items"].as_array().unwrap().iter().find(|item| item["title"] == "Fixed").unwrap();
    assert_eq!((&fixed["on"], &fixed["items"][0]["on"]), (&"db-1".into(), &"db-1".into()));
    let digest = json["digest"].clone();
    site.write("a.runbook", &format!("runbook \"t\" 1.0.0\n{}", BODY.replace("on \"db-1\"", "on \"db-2\"")));
    let other: serde_json::Value = serde_json::from_str(&plan(&["--format", "json"])).unwrap();
    assert_ne!(digest, other["digest"], "the target is part of what is done");
}

#[test]
fn a_name_that_a_value_gives_is_looked_up_before_anything_runs() {
    let site = Site::new(
        TARGETS,
        &format!(
            "step \"First\" {{\n run touch first\n rollback none \"x\"\n}}\n{}",
            &BODY.replace("input hosts: list of text = [\"db-1\", \"db-2\"]\n", "")
        )
        .replacen("step", "input hosts: list of text = [\"db-1\"]\nstep", 1),
    );
    let told = site.run(&["-i", "hosts=db-1,db2"]);
    assert_eq!(told.exit, Some(2), "{}", told.said);
    assert!(
        told.said.contains("steps would run on \"db2\"") && told.said.contains("did you mean \"db-2\"?"),
        "{}",
        told.said
    );
    assert!(!site.path("first").exists());
}

#[test]
fn without_a_file_nobody_knows_the_way() {
    let site = Site::new(TARGETS, BODY);
    std::fs::remove_file(site.path("bowline.toml")).unwrap();
    assert_eq!(site.bowline(&["check", "a.runbook"]).exit, Some(0));
    let told = site.run(&[]);
    assert_eq!(told.exit, Some(2), "{}", told.said);
    assert!(told.said.contains("there is no bowline.toml that says how it is reached"), "{}", told.said);
}

#[test]
fn a_name_known_late_is_told_before_its_step() {
    let body =
        "let name = look run echo db-9\nstep \"Late\" on name {\n run true\n rollback { run true }\n}\n";
    let site = Site::new(TARGETS, body);
    let told = site.run(&[]);
    assert_eq!(told.exit, Some(1), "{}", told.said);
    assert!(told.said.contains("step Late on db-9"), "{}", told.said);
    assert!(
        told.said.contains("there is no target `db-9` in bowline.toml; did you mean `db-"),
        "{}",
        told.said
    );
    assert!(site.events().contains("\"on\":\"db-9\""), "journaled before it is tried");
}
