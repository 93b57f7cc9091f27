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

const ROLLBACK: Job = Job { left: &[EXPORTS, RECORDS], twice: &[RECORDS], ..served("rollback") };

const DISTRIBUTION: Job = Job { left: &[RECORDS], twice: &[RECORDS], ..served("distribution") };

const PHASE_1: Job = Job { left: &[EVIDENCE, RECORDS], twice: &[RECORDS], ..served("phase-1-beta") };

const PHASE_2: Job = Job { left: &[EVIDENCE, RECORDS], twice: &[RECORDS], ..served("phase-2-rc") };

const PHASE_3: Job = Job { left: &[EVIDENCE, RECORDS], twice: &[RECORDS], ..served("phase-3-ga") };

/// The proofs can fail: what differs and was not named is seen.
#[test]
#[should_panic(expected = "`file backups/post-rollback.json` differs")]
fn a_difference_that_nobody_named_is_seen() {
    Job { left: &[], ..SELF_MANAGED_GA }.fails_at_every_step();
}

/// Three proofs of a runbook.
macro_rules! proven {
    ($name:ident, $job:expr) => {
        mod $name {
            use super::*;

            #[test]
            fn completes() {
                $job.clean();
            }

            #[test]
            fn is_undone_wherever_it_fails() {
                $job.fails_at_every_step();
            }

            #[test]
            fn survives_a_kill() {
                $job.survives_kill();
            }
        }
    };
}

proven!(self_managed_ga, SELF_MANAGED_GA);
proven!(hosted_ga, HOSTED_GA);
proven!(rollback, ROLLBACK);
proven!(distribution, DISTRIBUTION);
proven!(phase_1_beta, PHASE_1);
proven!(phase_2_rc, PHASE_2);
proven!(phase_3_ga, PHASE_3);
