//! `bowline prune`: takes runs that have ended out of the journal, with all that was kept of them.

use clap::Args;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::args::{Format, JournalArgs};
use super::journal::open_store;
use super::out::Console;
use super::runs::NEVER_BEGAN;
use super::{Done, Exit, Stop, now};
use crate::journal::{RunInfo, Store};
use crate::value::{Type, Value, coerce, show};
use crate::view::clock;

#[derive(Debug, Args)]
pub(super) struct PruneArgs {
    #[command(flatten)]
    pub(super) journal: JournalArgs,
    /// Only runs that ended so long ago (90d, 12h)
    #[arg(long, value_name = "DURATION")]
    pub(super) older_than: Option<String>,
    /// Not so many of those that ended last
    #[arg(long, value_name = "COUNT")]
    pub(super) keep: Option<usize>,
    /// Remove nothing; say what would go
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Output for people or for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

/// What `prune --format json` calls its lines.
const FORMAT: &str = "bowline-prune/1";

/// A run that may go.
struct Ended {
    info: RunInfo,
    at: Timestamp,
}

/// A line for programs; `docs/schemas/bowline-prune-1.json` describes it.
#[derive(Serialize)]
struct Line<'a> {
    format: &'static str,
    id: &'a str,
    title: &'a str,
    status: &'a str,
    ended: Timestamp,
    bytes: u64,
    removed: bool,
}

/// Removes what is old enough and not among the newest; never an open run.
pub(super) fn prune(args: &PruneArgs) -> Done {
    let bounds = Bounds::of(args)?;
    let store = open_store(&args.journal)?;
    let mut freed = Freed::default();
    for run in bounds.past(ended(&store)?) {
        let bytes = store.size(&run.info)?;
        if !args.dry_run && !store.remove(&run.info)? {
            continue; // taken up meanwhile
        }
        Console.result(&told(&run, bytes, args)?);
        freed.add(bytes);
    }
    if !args.dry_run {
        freed.bytes += store.tidy()?;
    }
    Console.say(&freed.told(args.dry_run));
    Ok(Exit::Completed)
}

/// Which runs stay.
struct Bounds {
    /// Those that ended later.
    after: Option<Timestamp>,
    /// So many of those that ended last.
    newest: usize,
}

impl Bounds {
    fn of(args: &PruneArgs) -> Result<Self, Stop> {
        if args.older_than.is_none() && args.keep.is_none() {
            return Err(Stop::usage(
                "say which runs may go: --older-than 90d, --keep 100 (the newest stay), or both",
            ));
        }
        let after = args.older_than.as_deref().map(|text| {
            let length = match coerce(&Type::Duration, text) {
                Ok(Value::Duration(length)) => {
                    SignedDuration::try_from(length).map_err(|error| error.to_string())
                }
                Ok(_) => Err(format!("`{text}` is no duration")),
                Err(why) => Err(why),
            };
            length.map_err(|why| Stop::usage(format!("--older-than: {why}")))
        });
        let after = after.transpose()?.map(|length| now().checked_sub(length).unwrap_or(Timestamp::MIN));
        Ok(Self { after, newest: args.keep.unwrap_or(0) })
    }

    /// Those that neither bound keeps, the oldest first.
    fn past(&self, mut ended: Vec<Ended>) -> Vec<Ended> {
        ended.sort_by_key(|run| std::cmp::Reverse(run.at));
        let mut past = ended.split_off(self.newest.min(ended.len()));
        past.retain(|run| self.after.is_none_or(|after| run.at < after));
        past.reverse();
        past
    }
}

/// Every run that has ended, or never began and has nobody who is about to.
fn ended(store: &Store) -> Result<Vec<Ended>, Stop> {
    let mut ended = vec![];
    for info in store.runs()? {
        if !store.is_open(&info)? {
            let last = store.last_event_at(&info)?;
            let at = last.or_else(|| info.created.parse().ok()).unwrap_or(Timestamp::UNIX_EPOCH);
            ended.push(Ended { info, at });
        }
    }
    Ok(ended)
}

fn told(run: &Ended, bytes: u64, args: &PruneArgs) -> Result<String, Stop> {
    let RunInfo { id, title, status, .. } = &run.info;
    let status = if status == "running" { NEVER_BEGAN } else { status };
    if args.format == Format::Text {
        let at = clock(&TimeZone::system(), now(), run.at);
        return Ok(format!("{id}  {title}  {status}  {at}  {}\n", size(bytes)));
    }
    let line = Line { format: FORMAT, id, title, status, ended: run.at, bytes, removed: !args.dry_run };
    let json = serde_json::to_string(&line).map_err(|error| Stop::internal(error.to_string()))?;
    Ok(json + "\n")
}

#[derive(Default)]
struct Freed {
    runs: usize,
    bytes: u64,
}

impl Freed {
    fn add(&mut self, bytes: u64) {
        self.runs += 1;
        self.bytes += bytes;
    }

    fn told(&self, dry: bool) -> String {
        let runs = if self.runs == 1 { "1 run".to_owned() } else { format!("{} runs", self.runs) };
        let would = if dry { "would free" } else { "freed" };
        match self.runs {
            0 => "nothing to remove\n".to_owned(),
            _ => format!("{runs}, {would} {}\n", size(self.bytes)),
        }
    }
}

/// Bytes, rounded down to a unit that reads well.
fn size(bytes: u64) -> String {
    let unit = [1 << 30, 1 << 20, 1 << 10].into_iter().find(|unit| bytes >= *unit).unwrap_or(1);
    show(&Value::Size(bytes / unit * unit))
}
