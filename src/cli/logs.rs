//! `bowline logs`: what the programs of a run wrote, each under its own heading.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::args::JournalArgs;
use super::journal::status_of;
use super::journal::{find, open_store};
use super::out::Console;
use super::screen::Teller;
use super::{Done, Exit, Stop};
use crate::event::{Begun, EffectId, Event, Fact};
use crate::host::process::output_name;
use crate::journal::{RunInfo, Store};
use crate::plan::Plan;
use crate::run::ExitCode;
use crate::view::heading_line;

#[derive(Debug, Args)]
pub(super) struct LogsArgs {
    /// The run, or the beginning of its id (default: the latest)
    pub(super) run: Option<String>,
    /// Only what stands under a title that contains this
    pub(super) step: Option<String>,
    #[command(flatten)]
    pub(super) journal: JournalArgs,
    /// Go on printing while the run goes on
    #[arg(short, long)]
    pub(super) follow: bool,
}

/// A run that is followed is looked at so often.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// A run that nobody drives for so many looks is over, as far as following goes: one that just begins has no driver yet.
const PATIENCE: u32 = 10;

/// Prints the outputs of a run in the order in which its programs began; follows them where asked to.
pub(super) fn logs(args: &LogsArgs) -> Done {
    let store = open_store(&args.journal)?;
    let info = find(&store, args.run.as_deref())?;
    let plan = store.plan(&info)?;
    let folder = store.outputs(&info.id);
    let outputs = Outputs::new(&plan, folder, args.step.clone());
    let seen = if args.follow { follow(&store, &info, outputs)? } else { print(&store, &info, outputs)? };
    match &args.step {
        Some(step) if !seen => Err(Stop::usage(format!("nothing began under a title with `{step}`"))),
        _ => Ok(Exit::Completed),
    }
}

fn print(store: &Store, info: &RunInfo, mut outputs: Outputs<'_>) -> Result<bool, Stop> {
    let events = store.events(info)?;
    events.iter().try_for_each(|event| outputs.event(event))?;
    outputs.pass_on()?;
    Ok(outputs.seen)
}

/// Prints what comes until the run ends, waits, or is driven by nobody.
fn follow(store: &Store, info: &RunInfo, mut outputs: Outputs<'_>) -> Result<bool, Stop> {
    let mut alone = 0;
    while alone < PATIENCE {
        // Asked first: what a driver wrote before it left is then read below.
        let driven = store.driver(info)?.is_some();
        for event in store.events_after(info, outputs.teller.state.seq)? {
            outputs.event(&event)?;
        }
        if !outputs.pass_on()? {
            return Ok(outputs.seen);
        }
        let state = &outputs.teller.state;
        if state.finished.is_some() || (state.suspended.is_some() && !driven) {
            break;
        }
        alone = if driven { 0 } else { alone + 1 };
        pause();
    }
    let state = &outputs.teller.state;
    // Its driver writes the status a moment after the end.
    let status = match &state.finished {
        Some(_) => ExitCode::standing(outputs.plan, state).to_owned(),
        None => status_of(store, &find(store, Some(&info.id))?)?,
    };
    Console.say(&format!("run {}: {status}\n", info.id));
    Ok(outputs.seen)
}

#[expect(clippy::disallowed_methods, reason = "following looks again after a while")]
fn pause() {
    std::thread::sleep(LOOK_EVERY);
}

/// The outputs of a run, as far as its events are known.
struct Outputs<'a> {
    plan: &'a Plan,
    teller: Teller,
    folder: PathBuf,
    wanted: Option<String>,
    /// Whether anything stood under the wanted title.
    seen: bool,
    /// In the order begun; those printed whole are gone.
    open: Vec<Output>,
    /// Files of each effect that belong to attempts that are over.
    taken: HashMap<EffectId, u32>,
    printer: Printer,
}

/// What one attempt of an effect writes.
struct Output {
    /// The event that began it.
    number: u64,
    effect: EffectId,
    heading: String,
    file: String,
    printed: u64,
    over: bool,
}

impl<'a> Outputs<'a> {
    fn new(plan: &'a Plan, folder: PathBuf, wanted: Option<String>) -> Self {
        Self {
            plan,
            teller: Teller::new(plan, ""),
            folder,
            wanted,
            seen: false,
            open: vec![],
            taken: HashMap::new(),
            printer: Printer::default(),
        }
    }

    fn event(&mut self, event: &Event) -> Result<(), Stop> {
        self.teller.event(self.plan, event)?;
        match &event.fact {
            Fact::Began(begun) => self.began(event.seq, begun),
            Fact::Ended { effect, note, .. } => {
                self.over(*effect, note.output.as_ref().map(|output| output.file.as_str()));
            }
            // What was in flight when the process died may have written something.
            Fact::Resumed { .. } => {
                let lost: Vec<EffectId> =
                    self.open.iter().filter(|output| !output.over).map(|output| output.effect).collect();
                lost.into_iter().for_each(|effect| {
                    let file = self.next_file(effect);
                    let written = self.folder.join(&file).exists();
                    self.over(effect, written.then_some(file.as_str()));
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn began(&mut self, number: u64, begun: &Begun) {
        let path = self.teller.live.path(begun.frame);
        let wanted =
            self.wanted.as_ref().is_none_or(|wanted| path.iter().any(|title| title.contains(wanted)));
        if begun.attempt == 0 || !wanted {
            return;
        }
        self.seen = true;
        let mut shown = begun.shown.lines();
        let first = shown.next().unwrap_or_default();
        let more = if shown.next().is_some() { " …" } else { "" };
        let again = if begun.attempt > 1 { format!(" (attempt {})", begun.attempt) } else { String::new() };
        let heading =
            path.into_iter().chain([format!("{first}{more}{again}")]).collect::<Vec<_>>().join(" › ");
        let file = self.next_file(begun.effect);
        let effect = begun.effect;
        self.open.push(Output { number, effect, heading, file, printed: 0, over: false });
    }

    /// The name that the host gives to the next output of an effect.
    fn next_file(&self, effect: EffectId) -> String {
        output_name(effect, self.taken.get(&effect).map_or(1, |taken| taken + 1))
    }

    fn over(&mut self, effect: EffectId, file: Option<&str>) {
        let open = self.open.iter_mut().rfind(|output| output.effect == effect && !output.over);
        if let Some(output) = open {
            output.over = true;
            file.unwrap_or_default().clone_into(&mut output.file);
        }
        if file.is_some() {
            *self.taken.entry(effect).or_default() += 1;
        }
    }

    /// Prints what there is to print; false when the reader went away.
    fn pass_on(&mut self) -> Result<bool, Stop> {
        for output in self.open.iter_mut().filter(|output| !output.file.is_empty()) {
            if !output.pass_on(&self.folder, &mut self.printer)? {
                return Ok(false);
            }
        }
        self.open.retain(|output| !output.over);
        Ok(true)
    }
}

impl Output {
    /// Copies what is new in its file, of any size, in pieces; false when the reader went away.
    fn pass_on(&mut self, folder: &Path, printer: &mut Printer) -> Result<bool, Stop> {
        let file = folder.join(&self.file);
        let failed = |error: std::io::Error| Stop::internal(format!("{}: {error}", file.display()));
        let mut source = match File::open(&file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !self.over => return Ok(true),
            source => source.map_err(failed)?,
        };
        source.seek(SeekFrom::Start(self.printed)).map_err(failed)?;
        let mut piece = vec![0; 64 * 1024];
        loop {
            let read = source.read(&mut piece).map_err(failed)?;
            let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else { return Ok(true) };
            if !printer.print(self.number, &self.heading, bytes) {
                return Ok(false);
            }
            self.printed += read as u64;
        }
    }
}

/// Writes outputs one after the other, each under its heading.
#[derive(Default)]
struct Printer {
    /// Whose output was printed last.
    last: Option<u64>,
    /// Whether that stopped within a line.
    within: bool,
}

impl Printer {
    /// False when the reader went away.
    fn print(&mut self, number: u64, heading: &str, bytes: &[u8]) -> bool {
        if self.last.replace(number) != Some(number) {
            let end = if self.within { "\n" } else { "" };
            let style = Console.result_style();
            if !Console.pass_on(format!("{end}{}\n", heading_line(heading, style)).as_bytes()) {
                return false;
            }
        }
        self.within = bytes.last() != Some(&b'\n');
        Console.pass_on(bytes)
    }
}
