//! Who has a lock that a run waits for, and what there is to do about it.

use jiff::tz::TimeZone;

use crate::cli::journal::called::named;
use crate::cli::journal::status_of;
use crate::cli::{Stop, now};
use crate::event::{Holder, RunState};
use crate::journal::{RunInfo, Store};
use crate::view::{ago, clock};

/// What is said of the locks that a run waits for; nothing where it waits for none.
pub(in crate::cli) fn told(store: &Store, state: &RunState) -> Result<String, Stop> {
    let open = state.finished.is_none();
    let holders = state.wanted.values().flatten().filter(|_| open);
    holders.map(|holder| one(store, holder)).collect()
}

fn one(store: &Store, holder: &Holder) -> Result<String, Stop> {
    let Holder { lock, run, since } = holder;
    let now = now();
    let (at, age) = (clock(&TimeZone::system(), now, *since), ago(now.duration_since(*since)));
    // Not there any more: pruned, so it has ended.
    let Ok(info) = store.find(Some(run)) else { return Ok(over(holder)) };
    let Some(todo) = todo(store, &info)? else { return Ok(over(holder)) };
    Ok(format!("run {run} ({}) holds `{lock}` since {at}, {age}\n  {todo}\n", info.title))
}

fn over(holder: &Holder) -> String {
    format!("run {} has ended and holds `{}` no longer\n", holder.run, holder.lock)
}

/// What to do about a run that stands so; `None` if it has ended.
fn todo(store: &Store, info: &RunInfo) -> Result<Option<String>, Stop> {
    let run = &named(store, &info.id);
    Ok(Some(match status_of(store, info)?.as_str() {
        "running" => format!("it is being driven: wait for its end, or stop it with `bowline cancel {run}`"),
        "waiting" => {
            format!("it waits itself: `bowline show {run}` tells for what, `bowline cancel {run}` undoes it")
        }
        "stuck" => format!(
            "it is stuck, and keeps the lock until somebody says how it stands: `bowline settle {run}`"
        ),
        "interrupted" => format!(
            "no process drives it any more, and it keeps the lock for what it may still owe: `bowline resume {run}` goes on \
             with it, `bowline cancel {run}` undoes it"
        ),
        _ => return Ok(None),
    }))
}
