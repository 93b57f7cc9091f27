//! What an open run needs and from whom, in words for a person and as fields for a program.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::approval::Quorum;
use crate::run::{Need, Stopped};
use crate::view::{ago, clock};

/// A need as programs read it; `docs/schemas/bowline-runs-1.json` describes it.
#[derive(Debug, Default, Serialize)]
pub(in crate::cli) struct NeedTold {
    kind: &'static str,
    what: String,
    from: Vec<String>,
    approved: Vec<String>,
    why: Option<String>,
    due: Option<Timestamp>,
}

/// A need for a program.
pub(in crate::cli) fn told(need: &Need) -> NeedTold {
    let (kind, what) = match need {
        Need::Settle { place, .. } => ("settle", place.clone()),
        Need::Approval { title, .. } => ("approval", title.clone()),
        Need::Answer { title, .. } => ("answer", title.clone()),
        Need::Decision { place, .. } => ("decision", place.clone()),
        Need::Lock(by) => ("lock", by.lock.clone()),
        Need::Time { .. } => ("time", String::new()),
        Need::Decided { .. } | Need::Process { .. } => ("process", String::new()),
    };
    let (why, due) = match need {
        Need::Settle { why, .. }
        | Need::Decision { why, .. }
        | Need::Decided { why }
        | Need::Process { why } => (Some(why.clone()), None),
        Need::Time { due, why } => (Some(why.clone()), Some(*due)),
        Need::Approval { until, .. } => (None, *until),
        Need::Answer { .. } | Need::Lock(_) => (None, None),
    };
    NeedTold { kind, what, from: from(need), approved: approved(need), why, due }
}

/// Groups, a person or a role, or another run.
fn from(need: &Need) -> Vec<String> {
    match need {
        Need::Approval { from, .. } => from.iter().map(|(of, _)| of.from.clone()).collect(),
        Need::Answer { by, .. } => vec![who(by.as_ref())],
        Need::Lock(by) => vec![by.run.clone()],
        _ => vec![],
    }
}

/// Who has approved so far, in whichever way it counts.
fn approved(need: &Need) -> Vec<String> {
    let Need::Approval { from, .. } = need else { return vec![] };
    let people: BTreeSet<&String> = from.iter().flat_map(|(_, people)| people).collect();
    people.into_iter().cloned().collect()
}

/// What a run needs, in words.
pub(in crate::cli) fn words(need: &Need, zone: &TimeZone, now: Timestamp) -> String {
    let at = |time: Timestamp| clock(zone, now, time);
    match need {
        Need::Settle { place, why, options } => format!("settle: {place}: {why}; with {options}"),
        Need::Approval { title, from, until } => {
            let from: Vec<String> = from.iter().map(|(of, people)| of_whom(of, people)).collect();
            let until = until.map(|until| format!(", until {}", at(until))).unwrap_or_default();
            format!("approval `{title}` from {}{until}", from.join(" or "))
        }
        Need::Answer { title, by } => format!("answer `{title}` from {}", who(by.as_ref())),
        Need::Decision { why, stopped: Some(stopped), .. } => format!("decide: {why}; {}", ways_on(*stopped)),
        Need::Decision { place, why, .. } if place.is_empty() => format!("decide: {why}"),
        Need::Decision { place, why, .. } => format!("decide: {place}: {why}"),
        Need::Lock(by) => {
            let age = ago(now.duration_since(by.since));
            format!("`{}`, which run {} holds since {}, {age}", by.lock, by.run, at(by.since))
        }
        Need::Time { due, why } if *due <= now => format!("resume: due since {}: {why}", at(*due)),
        Need::Time { due, why } => format!("resume at {}: {why}", at(*due)),
        Need::Decided { why } | Need::Process { why } => format!("resume: {why}"),
    }
}

/// What somebody may type where a run was stopped.
fn ways_on(stopped: Stopped) -> &'static str {
    match stopped {
        Stopped::OnOrBack => "`resume` goes on with it, `cancel --on-failure rollback` undoes it",
        Stopped::On => "`resume` goes on with it",
        Stopped::Back => "`resume` goes on undoing it",
    }
}

/// `2 of release-managers (1 of 2: ana)`
fn of_whom(Quorum { need, from }: &Quorum, people: &[String]) -> String {
    let so_far = format!(" ({} of {need}: {})", people.len(), people.join(", "));
    format!("{need} of {from}{}", if people.is_empty() { "" } else { &so_far })
}

fn who(by: Option<&(String, Option<String>)>) -> String {
    match by {
        Some((role, Some(person))) => format!("{person} ({role})"),
        Some((role, None)) => role.clone(),
        None => "the operator".to_owned(),
    }
}
