//! Drives a run: journal, host and screen put together. The same for `run`, `resume`, `settle` and `cancel`.

pub(super) mod targets;
mod told;

use std::path::{Path, PathBuf};

use super::args::DriveArgs;
use super::drive::told::Told;
use super::journal::called::named;
use super::journal::holder;
use super::journal::open::how_it_stands;
use super::out::Console;
use super::screen::{Teller, Watcher};
use super::settings::{attended, terminal};
use super::{Done, Exit, Stop};
use crate::event::{Actor, Attended, Fact, RunState};
use crate::host::inbox::Inbox;
use crate::host::inject::{Injected, Injecting};
use crate::host::mask::Mask;
use crate::host::people::Approvers;
use crate::host::people::answers::Answers;
use crate::host::process::{LeftOver, Recorded, find_left_over};
use crate::host::{Channels, GRACE, LocalHost, LocalSetup, Targets, Telling};
use crate::journal::{RunInfo, Store, Writer};
use crate::plan::Plan;
use crate::run::{DriveError, LeftOpen, World, drive};

/// A run about to be driven.
pub(super) struct Drive<'a> {
    pub(super) info: RunInfo,
    pub(super) plan: &'a Plan,
    pub(super) state: RunState,
    /// Has told what was recorded so far.
    pub(super) teller: Teller,
    /// Recorded before anything else.
    pub(super) first: Vec<Fact>,
    pub(super) dir: PathBuf,
    /// The `PATH` of the run.
    pub(super) path: String,
    pub(super) hidden: Vec<String>,
    pub(super) secrets: Vec<String>,
    pub(super) answers: Option<Answers>,
    pub(super) operator: Actor,
    /// Whose yes counts.
    pub(super) approvers: Approvers,
    /// Where votes are handed in.
    pub(super) inboxes: Vec<Inbox>,
    pub(super) channels: Channels,
    pub(super) targets: Targets,
    /// What is made to fail on purpose.
    pub(super) injected: Vec<Injected>,
}

/// The file of answers, read before anything else happens.
pub(super) fn answers(args: &DriveArgs) -> Result<Option<Answers>, Stop> {
    if args.step && args.answers.is_none() && attended() == Attended::Nobody {
        return Err(Stop::usage(
            "`--step` asks before each step, and nobody is there; run it at a terminal, or with --answers FILE",
        ));
    }
    args.answers.as_deref().map(Answers::read).transpose().map_err(Stop::usage)
}

/// Drives it until it ends or this process has to leave.
pub(super) fn go(store: &Store, writer: Writer, run: Drive<'_>, args: &DriveArgs) -> Done {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Stop::internal(error.to_string()))?;
    let command = named(store, &run.info.id);
    let left = runtime.block_on(in_runtime(store, writer, run, args))?;
    // A run that has not ended may still ask for the others.
    for leftover in left.answers.iter().filter(|_| left.ended) {
        Console.tell(&format!("answer not used: {leftover}\n"));
    }
    for Injected { place, kind, .. } in left.injected {
        Console.tell(&format!("not injected: \"{place}\" {}: that was never reached\n", kind.name()));
    }
    Console.tell(&left.held);
    Console.tell(&how_it_stands(&left.open, &command));
    Ok(left.open.code)
}

/// What is left to say once a process leaves a run.
struct Left {
    open: LeftOpen,
    /// Who holds a lock that it waits for.
    held: String,
    /// Whether the run has ended.
    ended: bool,
    /// Answers that no question took.
    answers: Vec<String>,
    /// Failures that were never made.
    injected: Vec<Injected>,
}

/// A run that could not be driven on; its journal can, once it can be written.
fn cut_off(id: &str, error: &DriveError) -> Stop {
    let next = match error {
        DriveError::Journal(_) => format!("; then go on with `bowline resume {id}`"),
        DriveError::Bug(_) => String::new(),
    };
    Stop::internal(format!("{error}{next}"))
}

async fn in_runtime(
    store: &Store,
    mut writer: Writer,
    run: Drive<'_>,
    args: &DriveArgs,
) -> Result<Left, Stop> {
    let internal = |error: std::io::Error| Stop::internal(error.to_string());
    let mask = Mask::default();
    mask.learn(run.secrets.iter().map(String::as_str));
    let id = run.info.id.clone();
    let watcher = Watcher::new(run.plan, run.teller, args.format, store.outputs(&id));
    let setup = LocalSetup {
        run: run.info.id.clone(),
        dir: run.dir,
        path: run.path,
        outputs: store.outputs(&id),
        evidence: store.evidence(&id),
        operator: run.operator.clone(),
        approvers: run.approvers,
        hidden: run.hidden,
        grace: GRACE,
        mask,
        answers: run.answers,
        inboxes: run.inboxes,
        terminal: terminal(),
        screen: watcher.screen(),
        channels: run.channels,
        targets: run.targets,
        alive: alive(&store.folder(&id)),
    };
    let telling = setup.answers.is_none().then(|| Telling::new(&setup));
    let mut view = Told { view: watcher, plan: run.plan, run: &id, telling };
    let host = LocalHost::new(setup).map_err(internal)?;
    host.watch_signals(run.operator).map_err(internal)?;
    let mut host = Injecting::new(host, run.injected);
    let world = World { host: &mut host, journal: &mut writer, view: &mut view };
    let (code, state) = drive(run.plan, run.state, run.first, world)
        .await
        .map_err(|error| cut_off(&named(store, &id), &error))?;
    writer.set_status(code.status())?;
    view.finish().await;
    let (host, injected) = host.into_parts();
    let (held, ended) = (holder::told(store, &state)?, state.finished.is_some());
    Ok(Left { open: LeftOpen::of(run.plan, &state), held, ended, answers: host.leftovers(), injected })
}

/// Touched whenever a target hears from the run of that folder.
pub(super) fn alive(folder: &Path) -> PathBuf {
    folder.join("alive")
}

/// Makes sure that nothing of what was in flight still runs on this machine.
pub(super) fn bury(run: &str, state: &RunState) -> Result<(), Stop> {
    for (_, running) in state.running().chain(state.alive()) {
        let child = running.child.clone();
        let recorded = Recorded { run: run.to_owned(), effect: running.id, child };
        match find_left_over(&recorded, GRACE) {
            LeftOver::Nothing => {}
            LeftOver::Killed(who) => {
                Console.say(&format!("stopped what the crash had left running: {who}\n"));
            }
            LeftOver::Alive(who) => {
                return Err(Stop {
                    exit: Exit::Stuck,
                    message: format!(
                        "{who} still runs and cannot be ended; nothing is repeated or undone before it has"
                    ),
                });
            }
        }
    }
    Ok(())
}
