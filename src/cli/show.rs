//! `bowline show`: a stored run through the same view as a live one, as a report, or how it stands for programs.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde::Serialize;

use super::args::JournalArgs;
use super::journal::called::named;
use super::journal::open::{DoubtTold, OwedTold, how_it_stands};
use super::journal::{find, holder, open_store, status_of};
use super::out::{Console, put};
use super::screen::{DATED, Teller};
use super::{Done, Exit, Stop};
use crate::event::{Attended, Ending, Event, RunState};
use crate::journal::{RunInfo, Store, event_line};
use crate::plan::Plan;
use crate::run::{ExitCode, InDoubt, LeftOpen, Stands};
use crate::value::Value;
use crate::view::report::{Story, html, markdown, tell};
use crate::view::{Moving, StepTold, Style, Summary};

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The run, or the beginning of its id (default: the latest)
    pub(super) run: Option<String>,
    #[command(flatten)]
    pub(super) journal: JournalArgs,
    /// Output for people or for programs
    #[arg(long, value_enum, default_value_t = ShowFormat::Text)]
    pub(super) format: ShowFormat,
    /// Write to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ShowFormat {
    /// For people
    Text,
    /// For programs: how the run stands and what it came to
    Json,
    /// Each event as a line of JSON, as the journal keeps it
    Events,
    /// A report in Markdown
    Markdown,
    /// A report as a page that stands alone
    Html,
}

/// What `show --format json` calls itself.
const FORMAT: &str = "bowline-run/1";

/// Tells what happened.
pub(super) fn show(args: &ShowArgs) -> Done {
    let store = open_store(&args.journal)?;
    let info = find(&store, args.run.as_deref())?;
    let plan = store.plan(&info)?;
    let events = store.events(&info)?;
    let text = match args.format {
        ShowFormat::Markdown => markdown(&story(&store, (&info, &plan), &events)?),
        ShowFormat::Html => html(&story(&store, (&info, &plan), &events)?, None),
        ShowFormat::Events => events.iter().map(|event| event_line(event) + "\n").collect(),
        ShowFormat::Text => {
            let style = Console.style_for(args.out.as_deref());
            let (teller, lines) = told(&plan, &info, &events, Some(style))?;
            lines + &standing(&store, &info, (&plan, &teller))?
        }
        ShowFormat::Json => {
            let (teller, _) = told(&plan, &info, &events, None)?;
            run_json((&store, &info, &named(&store, &info.id)), (&plan, &teller), &events)?
        }
    };
    put(args.out.as_deref(), &text)?;
    Ok(Exit::Completed)
}

/// The story that a report tells.
pub(super) fn story(store: &Store, (info, plan): (&RunInfo, &Plan), events: &[Event]) -> Result<Story, Stop> {
    let driven = status_of(store, info)? == "running";
    Ok(tell(plan, (&info.id, driven), events)?)
}

/// Folds a run, with its lines where a style is given for them.
pub(super) fn told(
    plan: &Plan,
    info: &RunInfo,
    events: &[Event],
    style: Option<Style>,
) -> Result<(Teller, String), Stop> {
    let (mut teller, mut text) = (Teller::new(plan, &info.id), String::new());
    for event in events {
        let lines = teller.event(plan, event)?;
        text.extend(style.map(|style| teller.drawn(&lines, event.at, DATED, style)));
    }
    Ok((teller, text))
}

/// A run for programs, as text; `named` is how the next command names it.
pub(super) fn run_json(
    (store, info, named): (&Store, &RunInfo, &str),
    told: (&Plan, &Teller),
    events: &[Event],
) -> Result<String, Stop> {
    let told = run_told((store, info, named), told, events)?;
    let json = serde_json::to_string_pretty(&told).map_err(|error| Stop::internal(error.to_string()))?;
    Ok(json + "\n")
}

/// How a run stands that has not ended, and what to type next.
fn standing(store: &Store, info: &RunInfo, (plan, teller): (&Plan, &Teller)) -> Result<String, Stop> {
    let (state, status) = (&teller.state, status_of(store, info)?);
    let id = named(store, &info.id);
    if state.finished.is_some() {
        return Ok(String::new());
    }
    if status == "running" {
        let now = teller.live.now(plan, state);
        let on: String = now.moving.iter().fold(String::new(), |all, one| {
            let text = if one.text.is_empty() { String::new() } else { format!(": {}", one.text) };
            all + &format!("  {}{text}\n", one.title)
        });
        return Ok(format!("running, {}\n{on}follow it with `bowline logs {id} -f`\n", now.head));
    }
    Ok(holder::told(store, state)? + &how_it_stands(&LeftOpen::of(plan, state), &id))
}

/// A run for programs; `docs/schemas/bowline-run-1.json` describes it.
#[derive(Debug, Serialize)]
struct RunTold {
    format: &'static str,
    id: String,
    title: String,
    version: String,
    digest: String,
    status: String,
    exit: Option<u8>,
    created: String,
    ended: Option<Timestamp>,
    operator: Option<String>,
    attended: Option<&'static str>,
    dir: String,
    inputs: Vec<InputTold>,
    end: Option<EndTold>,
    waiting: Option<WaitTold>,
    stuck: Vec<String>,
    in_doubt: Vec<DoubtTold>,
    owed: Vec<OwedTold>,
    committed: bool,
    summary: Summary,
    steps: Vec<StepTold>,
    now: Vec<MovingTold>,
    next: Option<String>,
}

#[derive(Debug, Serialize)]
struct InputTold {
    name: String,
    /// `None` for a secret.
    value: Option<String>,
}

#[derive(Debug, Serialize)]
struct EndTold {
    ending: &'static str,
    reason: Option<String>,
}

#[derive(Debug, Serialize)]
struct WaitTold {
    until: Option<Timestamp>,
    why: String,
}

#[derive(Debug, Serialize)]
struct MovingTold {
    title: String,
    text: String,
    since: Timestamp,
    until: Option<Timestamp>,
}

fn run_told(
    (store, info, named): (&Store, &RunInfo, &str),
    (plan, teller): (&Plan, &Teller),
    events: &[Event],
) -> Result<RunTold, Stop> {
    let Teller { state, live, .. } = teller;
    let status = status_of(store, info)?;
    let driven = status == "running";
    let left = state.finished.is_some() || state.suspended.is_some();
    let settings = state.settings.as_ref();
    let open = (!driven).then(|| LeftOpen::of(plan, state));
    let is_stuck = open.as_ref().is_some_and(|open| open.stands == Stands::Stuck);
    let in_doubt = open.iter().flat_map(|open| &open.in_doubt);
    Ok(RunTold {
        format: FORMAT,
        id: info.id.clone(),
        title: plan.title.clone(),
        version: plan.version.to_string(),
        digest: plan.digest.clone(),
        exit: left.then(|| ExitCode::of(plan, state).into()),
        created: info.created.clone(),
        ended: events.last().filter(|_| state.finished.is_some()).map(|event| event.at),
        operator: settings.map(|settings| settings.operator.name.clone()),
        attended: settings.map(|settings| attended(settings.attended)),
        dir: state.dir.clone(),
        inputs: inputs(plan, state),
        end: state.finished.as_ref().map(|(ending, reason)| end(*ending, reason.as_ref())),
        waiting: state.suspended.clone().map(|(until, why)| WaitTold { until, why }),
        stuck: in_doubt.clone().filter(|_| is_stuck).map(InDoubt::line).collect(),
        next: next(&status, in_doubt.clone().next().is_some(), named),
        in_doubt: in_doubt.map(DoubtTold::from).collect(),
        owed: open.iter().flat_map(|open| &open.owed).map(OwedTold::from).collect(),
        committed: state.committed,
        summary: live.summary(plan, state),
        steps: live.steps(),
        now: live.now(plan, state).moving.into_iter().filter(|_| driven).map(moving).collect(),
        status,
    })
}

fn inputs(plan: &Plan, state: &RunState) -> Vec<InputTold> {
    let told = state.inputs.iter().filter_map(|input| {
        let value = match &input.value {
            Value::Secret(_) => None,
            value => Some(value.to_text()),
        };
        Some(InputTold { name: plan.var(input.var)?.name.clone(), value })
    });
    told.collect()
}

fn attended(by: Attended) -> &'static str {
    match by {
        Attended::Terminal => "terminal",
        Attended::File => "file",
        Attended::Nobody => "nobody",
    }
}

fn end(ending: Ending, reason: Option<&String>) -> EndTold {
    let ending = match ending {
        Ending::Completed => "completed",
        Ending::RolledBack => "rolled-back",
        Ending::FailedKept => "failed-kept",
        Ending::Superseded => "superseded",
    };
    EndTold { ending, reason: reason.cloned() }
}

fn moving(one: Moving) -> MovingTold {
    MovingTold { title: one.title, text: one.text, since: one.since, until: one.until }
}

/// What to type next; nothing for a run that has ended or is driven.
fn next(status: &str, in_doubt: bool, id: &str) -> Option<String> {
    match status {
        "stuck" | "waiting" if in_doubt => Some(format!("bowline settle {id}")),
        "waiting" | "interrupted" => Some(format!("bowline resume {id}")),
        _ => None,
    }
}
