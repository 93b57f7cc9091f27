//! The runbooks of Memoria on the practice deployment.

use crate::proofs::{Job, left};

const SELF_MANAGED_GA: Job = Job {
    left: &[left("file backups/", "an export changes nothing of the deployment")],
    twice: &[left("table ", "a sample may have been ingested twice: the step says that it may")],
    ..Job::of("memoria", "self-managed-ga")
};

#[test]
fn self_managed_ga_completes() {
    SELF_MANAGED_GA.clean();
}

#[test]
fn self_managed_ga_is_undone_wherever_it_fails() {
    SELF_MANAGED_GA.fails_at_every_step();
}

#[test]
fn self_managed_ga_survives_a_kill() {
    SELF_MANAGED_GA.survives_kill();
}

/// The proofs can fail: what differs and was not named is seen.
#[test]
#[should_panic(expected = "`file backups/post-rollback.json` differs")]
fn a_difference_that_nobody_named_is_seen() {
    Job { left: &[], ..SELF_MANAGED_GA }.fails_at_every_step();
}
