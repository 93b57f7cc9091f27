//! `bowline runs`.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::args::{Format, RunsArgs};
use super::drive::open_store;
use super::out::Console;
use super::{Done, Exit, Stop};
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
        Console.result(&match args.format {
            Format::Text => format!("{}  {}  {status:<12}  {}\n", run.id, local(&run.created), run.title),
            Format::Json => {
                let (id, title, created) = (&run.id, &run.title, &run.created);
                let json = serde_json::json!({ "format": FORMAT, "id": id, "title": title, "created": created, "status": status });
                format!("{json}\n")
            }
        });
    }
    Ok(Exit::Completed)
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
