//! `bowline runs`: every run, and what those need that wait for somebody.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::args::{Format, RunsArgs};
use super::drive::{named, open_store};
use super::needs::Needs;
use super::out::Console;
use super::{Done, Exit, Stop};
use crate::event::RunState;
use crate::journal::{RunInfo, Store};

/// What `runs --format json` calls its lines.
const FORMAT: &str = "bowline-runs/1";

/// Lists the runs, the latest first.
pub(super) fn runs(args: &RunsArgs) -> Done {
    let store = open_store(&args.journal)?;
    let runs = store.runs().map_err(|error| Stop::internal(error.to_string()))?;
    if runs.is_empty() {
        Console.say(&format!("there is no run yet in {}\n", store.place().display()));
    }
    for run in runs {
        let status = status_of(&store, &run)?;
        let (needs, next) = needs(&store, &run, &status);
        Console.result(&match args.format {
            Format::Text => {
                let line = format!("{}  {}  {status:<12}  {}\n", run.id, local(&run.created), run.title);
                let lines = needs.iter().chain(next.iter()).map(|line| format!("       {line}\n"));
                line + &lines.collect::<String>()
            }
            Format::Json => {
                let (id, title, created) = (&run.id, &run.title, &run.created);
                let json = serde_json::json!({
                    "format": FORMAT, "id": id, "title": title, "created": created, "status": status,
                    "needs": needs, "next": next
                });
                format!("{json}\n")
            }
        });
    }
    Ok(Exit::Completed)
}

/// What a run needs that nobody drives, and the command that goes on with it; nothing for one that has ended.
fn needs(store: &Store, run: &RunInfo, status: &str) -> (Vec<String>, Option<String>) {
    let id = named(store, &run.id);
    match status {
        "interrupted" => (vec!["no process drives it".into()], Some(format!("bowline resume {id}"))),
        "waiting" | "stuck" => match stands(store, run) {
            Ok(needs) => (needs.listed(&TimeZone::system()), Some(needs.command(&id))),
            Err(why) => (vec![format!("cannot be read: {why}")], None),
        },
        _ => (vec![], None),
    }
}

fn stands(store: &Store, run: &RunInfo) -> Result<Needs, String> {
    let plan = store.plan(run).map_err(|error| error.to_string())?;
    let events = store.events(run).map_err(|error| error.to_string())?;
    let state = RunState::fold(&plan, &events).map_err(|error| error.to_string())?;
    Ok(Needs::of(&plan, &state))
}

/// How a run stands, in a word or two: its end, or what it needs.
pub(super) fn status_of(store: &Store, run: &RunInfo) -> Result<String, Stop> {
    let driver = store.driver(run).map_err(|error| Stop::internal(error.to_string()))?;
    Ok(match (driver, run.status.as_str()) {
        (Some(_), _) => "running",
        (None, "running") => "interrupted",
        (None, status) => status,
    }
    .to_owned())
}

/// A time as people here read it.
fn local(at: &str) -> String {
    let parsed: Result<Timestamp, _> = at.parse();
    parsed.map_or_else(
        |_| at.to_owned(),
        |at| at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
    )
}
