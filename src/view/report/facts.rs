//! What stands at the head of a report: how the run stands, when and by whom it was driven, what it came to.

use jiff::Timestamp;

use super::story::{Standing, Tone};
use super::text::{Text, time};
use crate::event::{Attended, Ending, Event, Fact, RunState, Settings};
use crate::plan::Plan;
use crate::run::ExitCode;
use crate::value::{MASKED, Value};
use crate::view::Summary;
use crate::view::moment::took;

/// How the run stands, in the words of `bowline runs`.
pub(super) fn standing(plan: &Plan, state: &RunState, (summary, driven): (&Summary, bool)) -> Standing {
    let (word, tone) = match (&state.finished, &state.suspended) {
        (Some((Ending::Completed, _)), _) => ("completed", Tone::Good),
        (Some((Ending::RolledBack, _)), _) => ("rolled back", Tone::Bad),
        (Some((Ending::FailedKept, _)), _) => ("failed, kept", Tone::Bad),
        (Some((Ending::Superseded, _)), _) => ("superseded: it goes on as another run", Tone::Alert),
        (None, _) if driven => ("running", Tone::Alert),
        (None, None) => ("interrupted", Tone::Alert),
        (None, Some(_)) => (ExitCode::standing(plan, state), Tone::Alert),
    };
    let reason = match (&state.finished, &state.suspended) {
        (Some((ending, Some(reason))), _) => match summary.failed.as_ref() {
            Some(title) if !matches!(ending, Ending::Completed | Ending::Superseded) => {
                Some(format!("\"{title}\": {reason}"))
            }
            _ => Some(reason.clone()),
        },
        (None, Some((until, why))) => {
            let until = until.map(|until| format!(", until {}", time(until))).unwrap_or_default();
            Some(format!("{why}{until}")).filter(|_| !driven)
        }
        (None, None) if !driven => Some("no process drives it".to_owned()),
        _ => None,
    };
    Standing { word, tone, why: reason.map(Text::of) }
}

/// Times, people, plan and versions.
pub(super) fn facts(plan: &Plan, events: &[Event]) -> Vec<(&'static str, Text)> {
    let mut rows: Vec<(&'static str, String)> = vec![];
    let (began, last) = (events.first().map(|event| event.at), events.last());
    if let (Some(began), Some(last)) = (began, last) {
        let over = matches!(last.fact, Fact::Finished { .. });
        rows.push(("began", time(began)));
        rows.push((if over { "ended" } else { "last event" }, ended(began, last.at)));
    }
    let settings: Vec<&Settings> = events.iter().filter_map(settings).collect();
    rows.push(("driven by", each(settings.iter().map(|one| driver(one)))));
    if let Some(dir) = events.first().and_then(folder) {
        rows.push(("folder", dir.to_owned()));
    }
    rows.push(("plan", plan.digest.clone()));
    rows.push(("bowline", each(settings.iter().map(|one| one.bowline.clone()))));
    rows.push(("events", events.len().to_string()));
    rows.into_iter().map(|(word, text)| (word, Text::of(text))).collect()
}

fn ended(began: Timestamp, last: Timestamp) -> String {
    format!("{} (after {})", time(last), took(last.duration_since(began)))
}

fn settings(event: &Event) -> Option<&Settings> {
    match &event.fact {
        Fact::Started { settings, .. } | Fact::Resumed { settings } => Some(settings),
        _ => None,
    }
}

fn folder(event: &Event) -> Option<&str> {
    match &event.fact {
        Fact::Started { dir, .. } => Some(dir),
        _ => None,
    }
}

fn driver(settings: &Settings) -> String {
    let there = match settings.attended {
        Attended::Terminal => "at a terminal",
        Attended::File => "unattended, answers from a file",
        Attended::Nobody => "unattended",
    };
    format!("{} ({there})", settings.operator.name)
}

/// Each once, in the order first met.
fn each(texts: impl Iterator<Item = String>) -> String {
    let mut seen: Vec<String> = vec![];
    for text in texts {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen.join("; ")
}

/// What it came to; the rows are those of the end on screen.
pub(super) fn summary(state: &RunState, summary: &Summary) -> Vec<(&'static str, Vec<Text>)> {
    let done = match summary.steps {
        0 => "no step stands in it".to_owned(),
        1 => format!("{} of 1 step", summary.done),
        steps => format!("{} of {steps} steps", summary.done),
    };
    // What a run did that goes on or went well is what it was for.
    let gave_up = matches!(state.finished, Some((Ending::RolledBack | Ending::FailedKept, _)));
    let stays = summary.stays.iter().filter(|_| gave_up).map(|one| format!("{} ({})", one.title, one.why));
    let rows = [
        ("injected", summary.injected.clone()),
        ("done", vec![done]),
        ("also failed", summary.also_failed.clone()),
        ("in place already", summary.in_place.clone()),
        ("undone", summary.undone.clone()),
        ("restored", summary.restored.clone()),
        ("not undone", summary.not_undone.clone()),
        ("stays", stays.collect()),
        ("late", summary.late.clone()),
        ("by people", summary.by_people.clone()),
        ("taken over", summary.handed_over.clone()),
    ];
    let rows = rows.into_iter().filter(|(_, texts)| !texts.is_empty());
    rows.map(|(word, texts)| (word, texts.into_iter().map(Text::of).collect())).collect()
}

/// The inputs; of a secret that it is one.
pub(super) fn inputs(plan: &Plan, state: &RunState) -> Vec<(Text, Text)> {
    let told = state.inputs.iter().filter_map(|input| {
        let value = match &input.value {
            Value::Secret(_) => MASKED.to_owned(),
            value => value.to_text(),
        };
        Some((Text::of(&plan.var(input.var)?.name), Text::of(value)))
    });
    told.collect()
}

/// What the plan was made of.
pub(super) fn sources(events: &[Event]) -> Vec<(Text, String)> {
    let Some(Fact::Started { sources, .. }) = events.first().map(|event| &event.fact) else { return vec![] };
    sources.iter().map(|source| (Text::of(&source.name), source.sha256.clone())).collect()
}
