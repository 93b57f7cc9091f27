//! `std/terraform` with the real Terraform and its built-in `terraform_data`; skipped where there is none.

use std::path::Path;
use std::process::Command;

use super::component::{find, output};
use super::site::{DONE, FAILED, Site};

const MAIN: &str = r#"
variable "tag" { type = string }
variable "extra" {
  type    = bool
  default = true
}
resource "terraform_data" "server" { input = var.tag }
resource "terraform_data" "extra" { count = var.extra ? 1 : 0 }
output "tag" { value = terraform_data.server.output }
"#;

/// A root module that tag 0.9 was applied to.
fn site() -> Option<Site> {
    let program = find("terraform", "https://developer.hashicorp.com/terraform/install; no registry has it")?;
    let plain = ["env", "-u", "TF_CLI_CONFIG_FILE", "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1"];
    let words: Vec<_> = plain.into_iter().map(str::to_owned).chain([program.display().to_string()]).collect();
    let site = Site::using("terraform").with("command: list of text", serde_json::json!(words).to_string());
    std::fs::create_dir(site.file("root")).unwrap();
    site.write("root/main.tf", MAIN);
    terraform(&program, &site, &["init", "-input=false"]);
    terraform(&program, &site, &["apply", "-input=false", "-auto-approve", "-var=tag=0.9"]);
    Some(site)
}

fn terraform(program: &Path, site: &Site, args: &[&str]) {
    let mut command = Command::new(program);
    output(
        command
            .current_dir(site.file("root"))
            .args(args)
            .env_remove("TF_CLI_CONFIG_FILE")
            .env("CHECKPOINT_DISABLE", "1"),
    );
}

const PLAN: &str = "let plan = terraform.plan(command, \"root\", variables: { tag: \"1.0\" })\n";
const APPLY: &str = "terraform.apply(command, \"root\", plan, former: { tag: \"0.9\" })\n";

fn tag(site: &Site) -> String {
    site.value("terraform.output(command, \"root\", \"tag\")")
}

#[test]
fn exactly_the_plan_that_was_judged_is_applied_and_taken_back() {
    let Some(site) = site() else { return };
    let rule = "check \"It destroys nothing\" { expect terraform.destroys(command, \"root\", plan) == 0 }\n";
    site.run(&format!("{PLAN}{rule}{APPLY}")).is(DONE, "completed");
    assert_eq!(tag(&site), "1.0");
    site.check("expect not terraform.drift(command, \"root\", variables: { tag: \"1.0\" })").is(DONE, "");

    site.run("let plan = terraform.plan(command, \"root\", variables: { tag: \"2.0\" })\nterraform.apply(command, \"root\", plan, former: { tag: \"1.0\" })\nfail \"later\"").is(FAILED, "rolled back");
    assert_eq!(tag(&site), "1.0");
}

#[test]
fn a_plan_that_destroys_is_told_and_stopped_by_a_rule() {
    let Some(site) = site() else { return };
    let plan =
        "let plan = terraform.plan(command, \"root\", variables: { tag: \"1.0\", extra: \"false\" })\n";
    let told =
        "log \"{terraform.changes(command, \"root\", plan)} {terraform.summary(command, \"root\", plan)}\"\n";
    let rule = "check \"It destroys nothing\" { expect terraform.destroys(command, \"root\", plan) <= 0 }\n";
    let said = site.run(&format!("{plan}{told}{rule}{APPLY}"));
    said.is(FAILED, "delete terraform_data.extra[0]");
    said.is(FAILED, "1 to destroy");
    assert_eq!(tag(&site), "0.9");
}

#[test]
fn another_file_than_the_one_that_was_judged_is_not_applied() {
    let Some(site) = site() else { return };
    let meddled = "let other = terraform.plan(command, \"root\", variables: { tag: \"6.6\" }, name: \"other.tfplan\")\nstep \"Meddle\" {\n  run cp root/other.tfplan root/bowline.tfplan\n  rollback none \"that is the point\"\n}\n";
    let said = site.run(&format!("{PLAN}{}{APPLY}", meddled.replace("let other", "let _other")));
    assert_ne!(said.code, DONE, "{}", said.out);
    assert_eq!(tag(&site), "0.9");
}

#[test]
fn drift_is_seen_and_a_stale_plan_is_refused() {
    let Some(site) = site() else { return };
    site.check("expect terraform.drift(command, \"root\", variables: { tag: \"1.0\" })").is(DONE, "");
    site.check("expect terraform.drift(command, \"root\", variables: { tag: \"0.9\" })").is(FAILED, "");
    site.check("expect terraform.drift(command, \"gone\", variables: { tag: \"0.9\" })").is(FAILED, "");
    let second = "let next = terraform.plan(command, \"root\", variables: { tag: \"1.1\" }, name: \"next.tfplan\")\nstep \"Apply the other\" {\n  terraform.apply(command, \"root\", next, former: { tag: \"0.9\" })\n}\n";
    site.run(&format!("{PLAN}{second}{APPLY}")).is(FAILED, "Saved plan is stale");
    assert_eq!(tag(&site), "0.9");
}
