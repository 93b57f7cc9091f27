//! The runbooks of Memoria on the practice deployment.

use crate::proofs::{Job, Left, left};

const RECORDS: Left = left("record ", "mails, chat, CI runs and what a status page said are not unsaid");
const EXPORTS: Left = left("file backups/", "an export changes nothing of the deployment");
const EVIDENCE: Left = left("file evidence/", "what was found is kept");

/// What the practice servers take; a resume needs them again.
const TOKENS: &[(&str, &str)] = &[
    ("BOWLINE_INPUT_TOKEN", "practice-admin-token"),
    ("BOWLINE_INPUT_PULL", "practice-registry-token"),
    ("BOWLINE_INPUT_PAGE_KEY", "practice-statuspage-key"),
    ("BOWLINE_INPUT_GITHUB_KEY", "practice-github-token"),
    ("BOWLINE_INPUT_MIRROR_KEY", "practice-mirror-token"),
    ("BOWLINE_INPUT_GRAFANA_KEY", "practice-grafana-token"),
];

const SELF_MANAGED_GA: Job = Job {
    left: &[EXPORTS],
    twice: &[left("table ", "a sample may have been ingested twice: the step says that it may")],
    ..Job::of("memoria", "self-managed-ga")
};

/// A runbook that talks to the practice servers.
const fn served(runbook: &'static str) -> Job {
    Job { env: TOKENS, ..Job::of("memoria", runbook) }
}

const HOSTED_GA: Job = Job {
    left: &[
        EXPORTS,
        RECORDS,
        Left {
            since: Some("Publish the hosted changelog"),
            ..left("", "past the point of no return nothing is undone")
        },
    ],
    twice: &[RECORDS],
    unreached: TERRAFORM,
    ..served("hosted-ga")
};

const TERRAFORM: &[(&str, &str)] = &[
    ("Plan the GA images by Terraform", "this scenario deploys by Helm"),
    ("Apply the GA images by Terraform", "this scenario deploys by Helm"),
];

/// The same, deployed by a real Terraform.
const HOSTED_BY_TERRAFORM: Job = Job {
    scenario: "hosted-ga-terraform",
    left: &[
        EXPORTS,
        RECORDS,
        left("file deployment/terraform/", "a plan file changes nothing by itself"),
        Left {
            since: Some("Publish the hosted changelog"),
            ..left("", "past the point of no return nothing is undone")
        },
    ],
    unreached: &[("Apply the GA images by Helm", "this scenario deploys by Terraform")],
    ..HOSTED_GA
};

const ROLLBACK: Job = Job {
    left: &[EXPORTS],
    unreached: &[
        ("Plan the image tag 0.9.4 by Terraform", "this scenario deploys by Helm"),
        ("Put the image tag 0.9.4 back by Terraform", "this scenario deploys by Helm"),
        ("Keep the pin", "nothing is pinned"),
        ("Pin memoria 0.9.4", "nothing is pinned"),
        ("Restart what is pinned", "nothing is pinned"),
    ],
    ..served("rollback")
};

/// The same for a self-managed deployment, whose version is pinned.
const ROLLBACK_OF_A_PIN: Job = Job {
    scenario: "rollback-pin",
    left: &[left("file backups/", "exports and copies change nothing of the deployment")],
    unreached: &[
        ("Turn maintenance on", "nothing is hosted"),
        ("Turn workers off", "nothing is hosted"),
        ("Put the image tag 0.9.4 back by Helm", "nothing is hosted"),
        ("Plan the image tag 0.9.4 by Terraform", "nothing is hosted"),
        ("Put the image tag 0.9.4 back by Terraform", "nothing is hosted"),
        ("Restart the services", "nothing is hosted"),
        ("Ingestion goes on", "nothing is hosted"),
        ("Maintenance mode ends", "nothing is hosted"),
    ],
    ..served("rollback")
};

/// The same, deployed by a real Terraform.
const ROLLBACK_BY_TERRAFORM: Job = Job {
    scenario: "rollback-terraform",
    unreached: &[
        ("Put the image tag 0.9.4 back by Helm", "this scenario deploys by Terraform"),
        ("Keep the pin", "nothing is pinned"),
        ("Pin memoria 0.9.4", "nothing is pinned"),
        ("Restart what is pinned", "nothing is pinned"),
    ],
    ..ROLLBACK
};

const DISTRIBUTION: Job = Job { left: &[RECORDS], twice: &[RECORDS], ..served("distribution") };

const PHASE_1: Job = Job {
    left: &[EVIDENCE, RECORDS],
    twice: &[
        RECORDS,
        left("file evidence/policy-enforcement.ndjson", "a dry-run that was tried again has two traces"),
    ],
    ..served("phase-1-beta")
};

const PHASE_2: Job = Job { left: &[EVIDENCE, RECORDS], twice: &[RECORDS], ..served("phase-2-rc") };

const PHASE_3: Job = Job { left: &[EVIDENCE, RECORDS], twice: &[RECORDS], ..served("phase-3-ga") };

/// The proofs can fail: what differs and was not named is seen.
#[test]
#[should_panic(expected = "`file backups/pre-ga-RUN.json` differs")]
fn a_difference_that_nobody_named_is_seen() {
    Job { left: &[], ..SELF_MANAGED_GA }.fails_at_every_step();
}

/// These runs take seconds: without `BOWLINE_POINTS` one step in so many.
const THIN: usize = 11;

/// The harness's own sample where one was asked for.
fn is_asked() -> bool {
    std::env::var_os("BOWLINE_POINTS").is_some_and(|text| !text.is_empty())
}

fn is_undone(job: &Job) {
    if is_asked() { job.fails_at_every_step() } else { job.fails_at_every(THIN) }
}

/// A clean run, and killed ones that come to the same or are undone.
fn survives(job: &Job) {
    if is_asked() { job.survives_kill() } else { job.survives_kill_at_every(THIN) }
}

/// Both proofs of a runbook.
macro_rules! proven {
    ($name:ident, $job:expr) => {
        mod $name {
            use super::*;

            #[test]
            fn is_undone_wherever_it_fails() {
                is_undone(&$job);
            }

            #[test]
            fn completes_and_survives_a_kill() {
                survives(&$job);
            }
        }
    };
}

#[test]
fn self_managed_ga_is_undone_wherever_it_fails() {
    SELF_MANAGED_GA.fails_at_every_step();
}

#[test]
fn self_managed_ga_completes_and_survives_a_kill() {
    SELF_MANAGED_GA.survives_kill();
}

proven!(hosted_ga, HOSTED_GA);
proven!(rollback, ROLLBACK);
proven!(rollback_of_a_pin, ROLLBACK_OF_A_PIN);
proven!(distribution, DISTRIBUTION);
proven!(phase_1_beta, PHASE_1);
proven!(phase_2_rc, PHASE_2);
proven!(phase_3_ga, PHASE_3);

/// Terraform is in no registry: where it is not, that is said.
#[expect(clippy::print_stderr, reason = "what is skipped is said")]
fn is_terraform_there() -> bool {
    let found = std::process::Command::new("terraform").arg("version").output();
    let there = found.is_ok_and(|output| output.status.success());
    if !there {
        eprintln!("skipped: no terraform (from its maker; no registry has it)");
    }
    there
}

#[test]
fn hosted_ga_by_terraform_is_undone_wherever_it_fails() {
    if is_terraform_there() {
        is_undone(&HOSTED_BY_TERRAFORM);
    }
}

#[test]
fn hosted_ga_by_terraform_completes_and_survives_a_kill() {
    if is_terraform_there() {
        survives(&HOSTED_BY_TERRAFORM);
    }
}

#[test]
fn rollback_by_terraform_is_undone_wherever_it_fails() {
    if is_terraform_there() {
        is_undone(&ROLLBACK_BY_TERRAFORM);
    }
}

#[test]
fn rollback_by_terraform_completes_and_survives_a_kill() {
    if is_terraform_there() {
        survives(&ROLLBACK_BY_TERRAFORM);
    }
}
