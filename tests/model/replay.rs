//! Holding a record against the rules, and making one on a scripted world.
//!
//! Knows the rules only through [`next`].

use super::model::{Next, next};
use super::walk::Record;
use super::world::{Event, Key, Outcome, Script, Trace, Tree, Verdict};

/// A moment at which the engine waited: after so many events, and whether for a time too.
#[derive(Clone, Copy)]
pub(crate) struct Waited {
    pub(crate) after: usize,
    pub(crate) timed: bool,
}

/// Checks a real run's record: every start was allowed when it happened, and the run ended when, and
/// only when, the rules end it.
///
/// # Errors
/// The first event that the rules forbid, or what is missing at the end.
pub(crate) fn replay(run: &[Tree], script: &Script, events: &[Event]) -> Result<Verdict, String> {
    replay_with(run, script, events, &[])
}

/// The same; whenever the engine only waited for what ran, nothing more might start. Where it waited for a
/// time too, only what was tried before (a pause between tries).
pub(crate) fn replay_with(
    run: &[Tree],
    script: &Script,
    events: &[Event],
    waited: &[Waited],
) -> Result<Verdict, String> {
    let mut record = Record::default();
    let mut waited = waited.iter().peekable();
    for (at, event) in events.iter().enumerate() {
        let mut said = None;
        while let Some(wait) = waited.next_if(|wait| wait.after == at) {
            let said = said.get_or_insert_with(|| next(run, script, &record));
            forgets_nothing(&record, *wait, said)?;
        }
        if let Event::Started(key) = event {
            match said.unwrap_or_else(|| next(run, script, &record)) {
                Next::Start(wanted) if wanted.contains(key) => {}
                Next::Start(wanted) => return Err(format!("event {at}: {key} started, allowed: {wanted:?}")),
                Next::End(verdict) => return Err(format!("event {at}: {key} started after {verdict:?}")),
            }
        }
        record.push(event);
    }
    match next(run, script, &record) {
        Next::End(verdict) => Ok(verdict),
        Next::Start(wanted) => Err(format!("the run has not ended; may start: {wanted:?}")),
    }
}

fn forgets_nothing(record: &Record, wait: Waited, said: &Next) -> Result<(), String> {
    let Waited { after, timed } = wait;
    match said {
        Next::Start(wanted) => {
            let is_forgotten = |key: &&Key| !(timed && record.starts(key) > 0);
            let forgotten: Vec<_> = wanted.iter().filter(is_forgotten).collect();
            if forgotten.is_empty() {
                Ok(())
            } else {
                Err(format!("after event {after}: it waits, and may start {forgotten:?}"))
            }
        }
        Next::End(verdict) => Err(format!("after event {after}: it waits, after {verdict:?}")),
    }
}

/// Runs a plan on a scripted world with this schedule: all that may start starts at once, in the order of
/// the plan; then a due cancel, then a due crash arrives; then one running effect ends, the one at
/// `order[k % order.len()] % running` of those running (oldest start first) at the kth ending.
pub(crate) fn model(run: &[Tree], script: &Script) -> Trace {
    let (mut events, mut running) = (Vec::new(), Vec::<(Key, Outcome)>::new());
    let (mut record, mut begun, mut endings) = (Record::default(), 0, 0);
    let (mut cancel, mut crashes) = (script.cancel, script.crashes.clone());
    loop {
        let known = events.len();
        let mut note = |record: &mut Record, event: Event| {
            record.push(&event);
            events.push(event);
        };
        let wanted = match next(run, script, &record) {
            Next::Start(wanted) => wanted,
            Next::End(verdict) => return Trace { events, verdict },
        };
        for key in wanted {
            running.push((key.clone(), script.answer(&key, record.starts(&key))));
            begun += 1;
            note(&mut record, Event::Started(key));
        }
        if cancel.take_if(|at| *at <= begun).is_some() {
            note(&mut record, Event::Cancel);
        }
        if let Some(due) = crashes.iter().position(|at| *at <= begun) {
            crashes.remove(due);
            running.clear();
            note(&mut record, Event::Crash);
            continue;
        }
        if running.is_empty() {
            assert!(events.len() > known, "nothing runs and nothing may start");
            continue; // cancelled between two effects: the rules speak again
        }
        let pick = script.order.get(endings % script.order.len().max(1)).copied().unwrap_or(0);
        let (key, outcome) = running.remove(pick % running.len());
        endings += 1;
        note(&mut record, Event::Ended(key, outcome));
    }
}
