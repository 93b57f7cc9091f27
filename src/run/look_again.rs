//! Looks that gave secrets, taken once more after a resume: the journal has the rest of what they gave.
//!
//! Their values were bound once and stay: only what is missing in them is taken from the new look.

use super::decide::{Doing, Intent};
use super::door::{Host, Reply, Report, StopHow, Work};
use super::judge::{Case, judge};
use super::refill::{Giver, lacking, refill};
use super::render::{JobKind, path_of, render};
use super::seal::learn;
use crate::event::{Binding, EffectId, FrameId, Outcome, RunState, Site};
use crate::plan::Plan;
use crate::value::{Value, VarId, filled, part_at};

/// What came of it.
#[derive(Default)]
pub(super) struct Looked {
    /// For the record.
    pub(super) notes: Vec<String>,
    /// Reports that were not about it.
    pub(super) others: Vec<Report>,
}

/// Looks again for each secret that a look gave and that is missing.
pub(super) async fn look_again<H: Host>(plan: &Plan, state: &mut RunState, host: &mut H) -> Looked {
    // No effect of the run has such a number, and no output of one its name.
    let mut again = Again { plan, host, number: u64::MAX, looked: Looked::default() };
    for gap in refill(plan, state) {
        let Giver::Look(node) = gap.giver else { continue };
        let each: Vec<Missing> = lacking(state, gap.var)
            .map(|bound| {
                let (seen, frame) = state.as_seen(bound);
                Missing { of: bound.of, var: gap.var, seen, site: Site { frame, node } }
            })
            .collect();
        for missing in each {
            let fresh = again.look(&missing).await;
            let outcome = match fresh.and_then(|fresh| again.mend(state, &missing, &fresh)) {
                Ok(()) => format!("the secret {} was looked up again", gap.name),
                Err(why) => format!("the secret {} could not be looked up again: {why}", gap.name),
            };
            again.looked.notes.push(outcome);
        }
        refill(plan, state);
    }
    again.looked
}

/// A value that lacks a secret.
struct Missing {
    /// The frame that it was bound in.
    of: FrameId,
    var: VarId,
    /// The state as that frame sees it.
    seen: RunState,
    /// The look that gave it.
    site: Site,
}

/// Looking again.
struct Again<'a, H> {
    plan: &'a Plan,
    host: &'a mut H,
    /// That of the look before.
    number: u64,
    looked: Looked,
}

impl<H: Host> Again<'_, H> {
    /// One look; what it binds.
    async fn look(&mut self, missing: &Missing) -> Result<Vec<(VarId, Value)>, String> {
        self.number -= 1;
        let (plan, effect) = (self.plan, EffectId(self.number));
        let Missing { seen: state, site, .. } = missing;
        let job = render(plan, state, &Intent { effect: None, site: *site, attempt: 1, what: Doing::Act })?;
        let JobKind::Host(request) = job.work else { return Err("it is no look".into()) };
        let address = path_of(plan, state, *site).join(" / ");
        let (node, class, timeout, target) = (site.node, job.class, job.timeout, job.on);
        self.host.start(Work { effect, node, address, class, timeout, target, request });
        let reply = self.reply(effect).await;
        if let Reply::Failed { message, .. } = &reply {
            return Err(message.clone());
        }
        let judged = judge(Case { plan, state, site: *site, mask: &*self.host }, reply);
        if judged.outcome == Outcome::Done { Ok(judged.values) } else { Err(judged.note.message) }
    }

    /// The answer to a look; what is reported meanwhile is put aside.
    async fn reply(&mut self, effect: EffectId) -> Reply {
        loop {
            match self.host.next(None).await {
                Some(Report::Reply { effect: of, reply }) if of == effect => return reply,
                Some(other @ (Report::Cancel(_) | Report::HangUp)) => {
                    self.host.stop(effect, StopHow::Gently);
                    self.looked.others.push(other);
                }
                Some(Report::Line { .. } | Report::Spawned { .. }) | None => {}
                Some(other) => self.looked.others.push(other),
            }
        }
    }

    /// Takes what is missing from a new look.
    fn mend(&self, state: &mut RunState, missing: &Missing, fresh: &[(VarId, Value)]) -> Result<(), String> {
        let Missing { of, var, .. } = *missing;
        let fresh = fresh.iter().find(|(known, _)| *known == var).map(|(_, value)| value);
        let fresh = fresh.ok_or("it gave nothing")?;
        let bound = state.bindings().into_iter().find(|bound| bound.of == of);
        let before = bound.and_then(|bound| bound.vars.get(var)).ok_or("it is gone")?;
        let value = filled(before, &mut |path, _| part_at(fresh, path)?.expose());
        let value = value.ok_or("what was secret in it is not there any more")?;
        learn(self.host, &value);
        state.put_back(&[Binding { of, var, value }]);
        Ok(())
    }
}
