//! The runbooks of `MemoryOS` on the release controller to practise on: each proven as all are, and the integration tests
//! of the phase plan.

mod integration;

use crate::points::points;
use crate::proofs::{Job, Left, every, left};

/// What changes the release takes this token.
pub(crate) const TOKEN: (&str, &str) = ("MEMORYOS_TOKEN", "practice-token");

const fn of(runbook: &'static str, may: &'static [Left]) -> Job {
    Job { env: &[TOKEN], left: may, ..Job::of("memoryos", runbook) }
}

const MIGRATE: Job = of("migrate", &[]);
const DUAL_RUN: Job = of("dual-run", &[]);
const ROLLOUT: Job = of("rollout", &[]);

/// Playbooks repair; what they repaired stays.
const SLO_BREACH: Job = of(
    "slo-breach",
    &[
        left("setting mode", "legacy serves until a cutover is planned again"),
        left("setting incident", "the incident is closed by the reconciliation"),
        left("legacy ", "what was repaired stays"),
    ],
);
const DRIFT_REGRESSION: Job = of(
    "drift-regression",
    &[
        left("setting cutover_frozen", "the cutover stays frozen until the drift is gone"),
        left("migration drift-regression", "only a plan"),
        left("memory_os ", "what was repaired stays"),
    ],
);
const RECONCILE: Job = of(
    "reconcile",
    &[
        left("legacy ", "what was repaired stays"),
        left("dead_letters", "they have arrived by the repair"),
        left("setting incident", "closing it is the last step"),
    ],
);

impl Job {
    /// A playbook that failed at a step is run again, and ends where a clean run ends.
    fn ends_alike_when_run_again(&self) {
        let mut stage = self.stage();
        let all = points(&stage.set().0.plan(self.runbook));
        let clean = self.clean_on(&mut stage);
        for point in all.iter().step_by(every()) {
            let (practice, _) = stage.set();
            let failed = practice.run(self.runbook, &["--inject", &format!("{}=failure", point.path)]);
            assert_eq!(failed.code(), Some(1), "{}: {}", point.path, failed.told);
            let again = practice.run(self.runbook, &[]);
            assert_eq!(again.code(), Some(0), "after {}: {}", point.path, again.told);
            assert_eq!(practice.dump(), clean, "after {}: {}", point.path, again.told);
        }
    }
}

#[test]
fn migrate_completes_is_undone_and_survives() {
    MIGRATE.fails_at_every_step();
    MIGRATE.survives_kill();
}

#[test]
fn dual_run_completes_is_undone_and_survives() {
    DUAL_RUN.fails_at_every_step();
    DUAL_RUN.survives_kill();
}

#[test]
fn rollout_is_undone_wherever_it_fails() {
    ROLLOUT.fails_at_every_step();
}

#[test]
fn rollout_completes_and_survives() {
    ROLLOUT.survives_kill();
}

#[test]
fn slo_breach_fails_survives_and_may_be_run_again() {
    SLO_BREACH.fails_at_every_step();
    SLO_BREACH.survives_kill();
    SLO_BREACH.ends_alike_when_run_again();
}

#[test]
fn drift_regression_fails_survives_and_may_be_run_again() {
    DRIFT_REGRESSION.fails_at_every_step();
    DRIFT_REGRESSION.survives_kill();
    DRIFT_REGRESSION.ends_alike_when_run_again();
}

#[test]
fn reconcile_fails_survives_and_may_be_run_again() {
    RECONCILE.fails_at_every_step();
    RECONCILE.survives_kill();
    RECONCILE.ends_alike_when_run_again();
}
