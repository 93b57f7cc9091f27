//! `bowline resume --due`: takes up every run whose time has come, or whose approval is decided, each in a process of its own.
//!
//! Safe beside another of its kind: each process looks again once it alone may drive its run.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use jiff::tz::TimeZone;

use crate::cli::args::JournalArgs;
use crate::cli::journal::called::named;
use crate::cli::journal::inboxes::handed_in;
use crate::cli::journal::needs::words;
use crate::cli::journal::open_store;
use crate::cli::journal::stored::Stored;
use crate::cli::out::Console;
use crate::cli::runs::Stand;
use crate::cli::{Done, Exit, Stop, now};
use crate::journal::Store;
use crate::run::{Need, needs, with_handed_in};

/// Takes up what is due; says which runs, and what became of each.
pub(super) fn resume_due(journal: &JournalArgs) -> Done {
    let store = open_store(journal)?;
    let runs = store.runs()?;
    let mut started = vec![];
    for info in runs.into_iter().rev() {
        let stand = Stand::of(&store, info)?;
        if stand.status == "interrupted" {
            let run = named(&store, &stand.info.id);
            Console.say(&format!(
                "{} was cut off, not waiting: `bowline resume {run}` takes it up\n",
                stand.info.id
            ));
        }
        let driven = stand.status == "running";
        if let Some(why) = due(&store, &stand.needs)?.filter(|_| !driven) {
            Console.result(&format!("{}: {}: {why}\n", stand.info.id, stand.info.title));
            started.push((stand.info.id.clone(), start(&stand.info.id)?));
        }
    }
    if started.is_empty() {
        Console.result("no run is due\n");
    }
    // Side by side: one that goes on for hours must not keep the others waiting.
    let codes = std::thread::scope(|scope| {
        let each = |(run, child): (String, Child)| scope.spawn(move || followed(&run, child));
        let threads: Vec<_> = started.into_iter().map(each).collect();
        let lost = || Stop::internal("a run that was taken up cannot be followed");
        threads.into_iter().map(|thread| thread.join().map_err(|_| lost())?).collect::<Result<Vec<_>, _>>()
    })?;
    Ok(worst(&codes))
}

/// Passes on what a run says, each line with its id; gives the exit code, and says how it ended.
fn followed(run: &str, mut child: Child) -> Result<u8, Stop> {
    let said = child.stderr.take().map(BufReader::new).into_iter().flat_map(BufRead::lines);
    said.map_while(Result::ok).for_each(|line| Console.say(&format!("[{run}] {line}\n")));
    let ended = child.wait().map_err(|error| Stop::internal(format!("run {run}: {error}")))?;
    let code = ended.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(Exit::Internal.into());
    Console.result(&format!("{run}: exit code {code}\n"));
    Ok(code)
}

/// What a person has to know first; waiting again is what a run that waits may do.
fn worst(codes: &[u8]) -> Exit {
    let order = [Exit::Internal, Exit::Usage, Exit::Invalid, Exit::Stuck, Exit::FailedKept, Exit::RolledBack];
    let met = |exit: &&Exit| codes.contains(&u8::from(**exit));
    order.iter().find(met).copied().unwrap_or(Exit::Completed)
}

/// Whether a run that this process alone may drive is due still, with what lies in its inboxes; nobody else took it
/// up meanwhile.
pub(super) fn is_due(store: &Store, stored: &Stored) -> Result<bool, Stop> {
    let handed = handed_in(store, &stored.info.id);
    let state = with_handed_in(&stored.plan, stored.state.clone(), handed);
    due(store, &needs(&stored.plan, &state)).map(|why| why.is_some())
}

/// Why a run with these needs is due; `None` where it is not.
fn due(store: &Store, needs: &[Need]) -> Result<Option<String>, Stop> {
    let now = now();
    // What somebody stopped goes on when somebody says so.
    let is_stopped = needs.iter().any(|need| matches!(need, Need::Decision { stopped: Some(_), .. }));
    for need in needs {
        let come = match need {
            Need::Decided { .. } => !is_stopped,
            Need::Time { due, .. } | Need::Approval { until: Some(due), .. } => *due <= now,
            Need::Lock(by) => !store.is_taken(&by.lock)?,
            _ => false,
        };
        match need {
            Need::Settle { .. } => return Ok(None),
            Need::Lock(by) if come => return Ok(Some(format!("`{}` is free", by.lock))),
            _ if come => return Ok(Some(words(need, &TimeZone::system(), now))),
            _ => {}
        }
    }
    Ok(None)
}

/// This command again, for one run.
#[expect(
    clippy::disallowed_methods,
    reason = "the command line starts itself, with the words that it was given"
)]
fn start(run: &str) -> Result<Child, Stop> {
    let own = std::env::current_exe()
        .map_err(|error| Stop::internal(format!("bowline cannot find itself: {error}")))?;
    let mut command = Command::new(own);
    command.args(std::env::args_os().skip(1)).arg(run);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command.spawn().map_err(|error| Stop::internal(format!("run {run} cannot be taken up: {error}")))
}
