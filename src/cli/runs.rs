//! `bowline runs`: how each run stands, and what the open ones need.

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::args::{Format, JournalArgs};
use super::journal::inboxes::handed_in;
use super::journal::needs::{NeedTold, told, words};
use super::journal::{open_store, status_of};
use super::out::Console;
use super::{Done, Exit, Stop, now};
use crate::event::RunState;
use crate::journal::{RunInfo, Store, StoreError};
use crate::run::{ExitCode, Need, asked, needs, with_handed_in};
use crate::view::{RunRow, runs_text};

#[derive(Debug, Args)]
pub(super) struct RunsArgs {
    #[command(flatten)]
    pub(super) journal: JournalArgs,
    /// Output for people or for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

/// What `runs --format json` calls its lines.
const FORMAT: &str = "bowline-runs/1";

/// Lists the runs, the latest first.
pub(super) fn runs(args: &RunsArgs) -> Done {
    let store = open_store(&args.journal)?;
    let runs = store.runs()?;
    if runs.is_empty() {
        Console.say(&format!("there is no run yet in {}\n", store.place().display()));
        return Ok(Exit::Completed);
    }
    let stands = runs.into_iter().map(|info| Stand::of(&store, info)).collect::<Result<Vec<_>, _>>()?;
    match args.format {
        Format::Text => {
            let (zone, now) = (TimeZone::system(), now());
            let rows: Vec<_> = stands.iter().map(|stand| stand.row(&zone, now)).collect();
            Console.result(&runs_text(&rows, &zone, now, Console.result_style()));
        }
        Format::Json => stands.iter().try_for_each(|stand| stand.line().map(|line| Console.result(&line)))?,
    }
    Ok(Exit::Completed)
}

/// How a run stands.
pub(super) struct Stand {
    pub(super) info: RunInfo,
    pub(super) status: String,
    pub(super) since: Timestamp,
    pub(super) needs: Vec<Need>,
    pub(super) holds: Vec<String>,
    /// The run that goes on from it, where it was planned anew.
    successor: Option<String>,
}

/// A line for programs; `docs/schemas/bowline-runs-1.json` describes it.
#[derive(Serialize)]
struct Line<'a> {
    format: &'static str,
    id: &'a str,
    title: &'a str,
    created: &'a str,
    status: &'a str,
    since: Timestamp,
    needs: Vec<NeedTold>,
    holds: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    successor: Option<&'a str>,
}

impl Stand {
    /// Looks at a run as it is now.
    pub(super) fn of(store: &Store, info: RunInfo) -> Result<Self, Stop> {
        let status = status_of(store, &info)?;
        let holds = store.holds(&info)?;
        let last = store.last_event_at(&info)?;
        let since = last.or_else(|| info.created.parse().ok()).unwrap_or(Timestamp::UNIX_EPOCH);
        let stand = Self { info, status, since, needs: vec![], holds, successor: None };
        match stand.status.as_str() {
            "running" => {
                let since = store.driven_since(&stand.info)?.unwrap_or(since);
                Self { since, ..stand }.looked_into(store)
            }
            "interrupted" | "waiting" | "stuck" => stand.looked_into(store),
            "superseded" => Ok(Self { successor: store.successor(&stand.info)?, ..stand }),
            _ => Ok(stand),
        }
    }

    /// What an open run needs; the record knows better than the list whether it has ended.
    fn looked_into(self, store: &Store) -> Result<Self, Stop> {
        let unreadable = |error: StoreError| vec![Need::Process { why: error.to_string() }];
        let read = || {
            let plan = store.plan(&self.info)?;
            Ok((store.events(&self.info)?, plan))
        };
        let (events, plan) = match read() {
            Ok(read) => read,
            Err(error) => return Ok(Self { needs: unreadable(error), ..self }),
        };
        let driven = self.status == "running";
        if events.is_empty() && driven {
            return Ok(self);
        }
        if events.is_empty() {
            return Ok(Self { status: NEVER_BEGAN.to_owned(), ..self });
        }
        let state = RunState::fold(&plan, &events)?;
        if driven {
            // What is handed in its process takes in by itself.
            return Ok(Self { needs: asked(&plan, &state), ..self });
        }
        let state = with_handed_in(&plan, state, handed_in(store, &self.info.id));
        let ended = state.finished.is_some();
        let status = if ended { ExitCode::standing(&plan, &state).to_owned() } else { self.status };
        Ok(Self { needs: needs(&plan, &state), status, ..self })
    }

    fn row(&self, zone: &TimeZone, now: Timestamp) -> RunRow {
        RunRow {
            id: self.info.id.clone(),
            title: self.info.title.clone(),
            status: self.status.clone(),
            since: self.since,
            needs: self
                .needs
                .iter()
                .map(|need| words(need, zone, now))
                .chain(self.successor.iter().map(|next| format!("goes on as run {next}")))
                .collect(),
            holds: self.holds.clone(),
        }
    }

    fn line(&self) -> Result<String, Stop> {
        let line = Line {
            format: FORMAT,
            id: &self.info.id,
            title: &self.info.title,
            created: &self.info.created,
            status: &self.status,
            since: self.since,
            needs: self.needs.iter().map(told).collect(),
            holds: &self.holds,
            successor: self.successor.as_deref(),
        };
        let json = serde_json::to_string(&line).map_err(|error| Stop::internal(error.to_string()))?;
        Ok(json + "\n")
    }
}

/// A run that was made and died before its first event: nothing was done.
pub(super) const NEVER_BEGAN: &str = "never began";
