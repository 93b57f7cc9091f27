//! What the compared cases met: each thing that the rules speak of must come often enough to be tested.
//!
//! It counts what really happened in the engine's runs, not what the generator meant to happen.

use super::met::Met;
use super::world::Answer::{self, Irreversible, Rollback};
use super::world::End::{Completed, FailedKept, RolledBack, Stuck, Waiting};
use super::world::{Event, OnFailure, Outcome, Part};

/// A thing, in how many of a thousand cases at least it must be met, and whether a case met it.
type Row = (&'static str, usize, fn(&Met<'_>) -> bool);

const TABLE: &[Row] = &[
    ("completed", 100, |met| met.end() == Completed),
    ("rolled back", 100, |met| met.end() == RolledBack),
    ("stuck", 50, |met| met.end() == Stuck),
    ("waiting", 30, |met| met.end() == Waiting),
    ("failed, kept", 20, |met| met.end() == FailedKept),
    // the shape of what ran
    ("effects side by side", 100, |met| met.moments().any(|moment| moment.running.len() > 1)),
    ("undos side by side", 20, |met| met.moments().any(|moment| moment.undoing() > 1)),
    ("a limit that binds", 20, |met| met.binding_limit()),
    ("phase", 100, |met| met.ran_in("phase")),
    ("call", 30, |met| met.ran_in("call")),
    ("parallel", 100, |met| met.ran_in("parallel")),
    ("for", 20, |met| met.ran_in("for")),
    ("for parallel", 20, |met| met.ran_in("for parallel")),
    ("if", 30, |met| met.ran_in("if")),
    ("else", 20, |met| met.ran_in("else")),
    ("attempt", 100, |met| met.ran_in("attempt")),
    ("turns of a loop", 50, |met| met.started().any(|key| key.step.contains("[1]"))),
    ("fail reached", 30, |met| met.ran.decided),
    ("end reached", 5, |met| met.ran.concluded),
    ("commit passed", 30, |met| met.ran.committed),
    ("stuck after commit", 5, |met| met.ran.committed && met.end() == Stuck),
    ("otherwise", 30, |met| met.started().any(|key| met.plan.otherwise.contains(key.name()))),
    ("a failure in otherwise", 5, |met| {
        met.ended().any(|(key, outcome)| outcome != Outcome::Done && met.plan.otherwise.contains(key.name()))
    }),
    // the options of what ran
    ("several effects", 100, |met| met.ran(|step| step.effects > 1)),
    ("atomic", 50, |met| met.ran(|step| step.atomic)),
    ("idempotent", 50, |met| met.ran(|step| step.idempotent)),
    ("retry", 50, |met| met.ran(|step| step.retry > 0)),
    ("done when", 50, |met| met.ran(|step| step.done_when)),
    ("takes a file", 50, |met| met.ran(|step| step.takes_file)),
    ("a restore of several effects", 20, |met| met.ran(|step| step.restore > 1)),
    ("a rollback of several effects", 50, |met| {
        met.ran(|step| matches!(step.answer, Rollback { effects: 2.., .. }))
    }),
    ("once", 50, |met| met.ran(|step| matches!(step.answer, Rollback { once: true, .. }))),
    ("best effort", 50, |met| met.ran(|step| matches!(step.answer, Rollback { best_effort: true, .. }))),
    ("a rollback that takes a value", 20, |met| {
        met.ran(|step| matches!(step.answer, Rollback { needs: Some(_), .. }))
    }),
    ("nothing to undo", 50, |met| met.ran(|step| step.answer == Answer::Nothing)),
    ("irreversible", 30, |met| met.ran(|step| step.answer == Irreversible)),
    // crashes and cancels
    ("crash while a body runs", 30, |met| met.crashes().any(|crash| crash.runs(Part::is_body))),
    ("crash while a rollback runs", 8, |met| met.crashes().any(|crash| crash.runs(Part::is_rollback))),
    ("crash while a restore runs after success", 3, |met| {
        met.crashes().any(|crash| crash.runs(Part::is_restore) && !crash.unwinding)
    }),
    ("crash while a done when runs", 5, |met| {
        met.crashes().any(|crash| crash.runs(|part| *part == Part::Look))
    }),
    ("two crashes", 20, |met| met.crashes().count() > 1),
    ("cancel", 50, |met| met.cancels().count() > 0),
    ("cancel while a rollback runs", 5, |met| met.cancels().any(|cancel| cancel.runs(Part::is_rollback))),
    ("cancel while a restore runs after success", 3, |met| {
        met.cancels().any(|cancel| cancel.runs(Part::is_restore) && !cancel.unwinding)
    }),
    ("cancel after commit", 3, |met| met.ran.committed && met.cancels().count() > 0),
    ("cancel in an attempt", 5, |met| {
        met.cancels().any(|cancel| cancel.running.iter().any(|key| met.plan.attempted.contains(key.name())))
    }),
    ("cancel and crash", 8, |met| met.cancels().count() > 0 && met.crashes().count() > 0),
    // undoing
    ("restore after success", 50, |met| met.restores().any(|unwinding| !unwinding)),
    ("restore while unwinding", 20, |met| met.restores().any(|unwinding| unwinding)),
    ("a rollback tried again", 20, |met| {
        met.started().any(|key| key.part.is_rollback() && met.tries(key) > 1)
    }),
    ("a rollback that failed for good", 10, |met| met.failed_for_good(Part::is_rollback)),
    ("a restore that failed for good", 5, |met| met.failed_for_good(Part::is_restore)),
    ("once, failed or unknown", 3, |met| {
        let bad = |outcome| !matches!(outcome, Outcome::Done | Outcome::FailedClean);
        met.ended().any(|(key, outcome)| key.part.is_rollback() && bad(outcome) && met.is_once(key))
    }),
    ("once, failed clean", 1, |met| {
        let clean = |outcome| outcome == Outcome::FailedClean;
        met.ended().any(|(key, outcome)| key.part.is_rollback() && clean(outcome) && met.is_once(key))
    }),
    ("best effort went on", 5, |met| met.kept(|answer| matches!(answer, Rollback { .. }))),
    ("irreversible stayed", 10, |met| met.kept(|answer| *answer == Irreversible)),
    ("an attempt left something, and the run went on", 2, |met| {
        met.end() == FailedKept && met.started().last().is_some_and(|key| !key.part.is_rollback())
    }),
    ("a value that the rollback misses", 2, |met| met.misses_a_value()),
    ("verified", 20, |met| met.looks_after_rollback().any(|outcome| outcome == Outcome::Failed)),
    ("unverified", 5, |met| met.looks_after_rollback().any(|outcome| outcome != Outcome::Failed)),
    // going forward
    ("in place", 10, |met| met.in_place()),
    ("done when without an answer", 5, |met| {
        met.ended().any(|(key, outcome)| key.part == Part::Look && outcome == Outcome::Unknown)
    }),
    ("not armed", 5, |met| {
        met.ended().any(|(key, outcome)| key.part == Part::Arm && outcome != Outcome::Done)
    }),
    ("unknown reported", 20, |met| met.unknown().count() > 0),
    ("unknown settled as done", 2, |met| met.settled_as_done()),
    ("unknown done again", 10, |met| met.unknown().any(|key| met.tries(key) > 1)),
    ("unknown and stuck", 10, |met| met.end() == Stuck && met.unknown().count() > 0),
    ("atomic failed", 10, |met| {
        let atomic = |id| met.plan.steps.get(id).is_some_and(|step| step.atomic);
        met.ended()
            .any(|(key, outcome)| outcome == Outcome::Failed && key.part.is_body() && atomic(key.name()))
    }),
    ("retried", 20, |met| met.started().any(|key| key.part.is_body() && met.tries(key) > 1)),
    ("held on failure", 10, |met| met.end() == Waiting && met.script.on_failure == OnFailure::Hold),
    ("a check held", 10, |met| {
        let none = |outcome| !matches!(outcome, Outcome::Done | Outcome::Failed);
        met.end() == Waiting && met.ended().any(|(key, outcome)| key.part == Part::Check && none(outcome))
    }),
];

/// How many cases met what.
#[derive(Default)]
pub(crate) struct Coverage {
    pub(crate) cases: usize,
    counts: Vec<usize>,
}

impl Coverage {
    /// Notes what a case met.
    pub(crate) fn count(&mut self, met: &Met<'_>) {
        self.cases += 1;
        self.counts.resize(TABLE.len(), 0);
        for (count, (_, _, is_met)) in self.counts.iter_mut().zip(TABLE) {
            *count += usize::from(is_met(met));
        }
    }

    /// Checks that there were so many cases, and the shares.
    #[track_caller]
    pub(crate) fn is_enough(&self, cases: usize) {
        assert!(self.cases >= cases, "only {} cases", self.cases);
        let rows =
            TABLE.iter().zip(&self.counts).map(|((what, least, _), n)| (what, least, n * 1000 / self.cases));
        let short = rows.clone().filter(|(_, least, share)| share < least).count();
        let shares: String =
            rows.map(|(what, least, share)| format!("{share:4} of {least:3}: {what}\n")).collect();
        assert_eq!(short, 0, "of a thousand cases too few met\n{shares}");
    }
}

/// An event with what ran when it came.
pub(crate) struct Moment<'a> {
    pub(crate) event: &'a Event,
    pub(crate) running: Vec<&'a super::world::Key>,
    /// Whether a rollback had begun before.
    pub(crate) unwinding: bool,
}

impl Moment<'_> {
    fn runs(&self, is: fn(&Part) -> bool) -> bool {
        self.running.iter().any(|key| is(&key.part))
    }

    fn undoing(&self) -> usize {
        self.running.iter().filter(|key| key.part.is_rollback() || key.part.is_restore()).count()
    }
}
