//! Looks that gave secrets, taken once more after a resume: the journal has the rest of what they gave.
//!
//! Their values were bound once and stay: only what is missing in them is taken from the new look.

use super::decide::{Doing, Intent};
use super::door::{Host, Reply, Report, StopHow, Work};
use super::judge::{Case, judge};
use super::refill::{Gap, Giver, places, refill};
use super::render::{JobKind, path_of, render};
use super::seal::learn;
use crate::event::{EffectId, Outcome, Place, RunState, Site};
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
    let mut looked = Looked::default();
    // No effect of the run has such a number, and no output of one its name.
    let mut number = u64::MAX;
    let gaps: Vec<Gap> = refill(plan, state);
    for gap in gaps {
        let Giver::Look(node) = gap.giver else { continue };
        let sites: Vec<(Place, RunState, Site)> = places(state, gap.var)
            .map(|(kept, _)| {
                let (seen, frame) = state.as_seen(kept);
                (kept.place, seen, Site { frame, node })
            })
            .collect();
        for (place, seen, site) in sites {
            number -= 1;
            let fresh = once(plan, (&seen, site), host, (EffectId(number), &mut looked)).await;
            let outcome = match fresh.and_then(|fresh| mend(state, (place, gap.var), &fresh, host)) {
                Ok(()) => format!("the secret {} was looked up again", gap.name),
                Err(why) => format!("the secret {} could not be looked up again: {why}", gap.name),
            };
            looked.notes.push(outcome);
        }
        refill(plan, state);
    }
    looked
}

/// One look; what it binds.
async fn once<H: Host>(
    plan: &Plan,
    at: (&RunState, Site),
    host: &mut H,
    to: (EffectId, &mut Looked),
) -> Result<Vec<(VarId, Value)>, String> {
    let ((state, site), (effect, looked)) = (at, to);
    let job = render(plan, state, &Intent { effect: None, site, attempt: 1, what: Doing::Act })?;
    let JobKind::Host(request) = job.work else { return Err("it is no look".into()) };
    let address = path_of(plan, state, site).join(" / ");
    let (node, class, timeout, target) = (site.node, job.class, job.timeout, job.on);
    let work = Work { effect, node, address, class, timeout, target, request };
    host.start(work);
    let reply = loop {
        match host.next(None).await {
            Some(Report::Reply { effect: of, reply }) if of == effect => break reply,
            Some(other @ (Report::Cancel(_) | Report::HangUp)) => {
                host.stop(effect, StopHow::Gently);
                looked.others.push(other);
            }
            Some(Report::Line { .. } | Report::Spawned { .. }) | None => {}
            Some(other) => looked.others.push(other),
        }
    };
    if let Reply::Failed { message, .. } = &reply {
        return Err(message.clone());
    }
    let judged = judge(Case { plan, state, site, mask: &*host }, reply);
    if judged.outcome == Outcome::Done { Ok(judged.values) } else { Err(judged.note.message) }
}

/// Takes what is missing from a new look.
fn mend<H: Host>(
    state: &mut RunState,
    of: (Place, VarId),
    fresh: &[(VarId, Value)],
    host: &H,
) -> Result<(), String> {
    let (place, var) = of;
    let fresh = fresh.iter().find(|(known, _)| *known == var).map(|(_, value)| value);
    let fresh = fresh.ok_or("it gave nothing")?;
    let kept = state.kept_values().into_iter().find(|kept| kept.place == place);
    let before = kept.and_then(|kept| kept.vars.get(var)).ok_or("it is gone")?;
    let mended = filled(before, &mut |path, _| part_at(fresh, path)?.expose());
    let mended = mended.ok_or("what was secret in it is not there any more")?;
    learn(host, &mended);
    state.put_back(&[(place, var, mended)]);
    Ok(())
}
