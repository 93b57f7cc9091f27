//! The only door to the world: processes, HTTP, people, files and the clock.
//!
//! Implements [`crate::run::Host`]. Knows requests and replies; never what a reply means for a run.
#![expect(clippy::disallowed_methods, reason = "the one module that may touch the world")]

mod channel;
mod files;
mod http;
pub mod inbox;
pub mod inject;
pub mod inputs;
pub mod mask;
pub mod people;
mod plain;
pub mod process;
mod setup;
mod signals;
pub mod signing;
mod surroundings;
mod target;
mod telling;
mod work;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

pub use self::channel::{Channel, Channels};
pub use self::setup::{LocalSetup, search_path};
pub use self::surroundings::variable_of;
pub use self::target::{Carrier, SILENCE, Target, Targets, may_live, outlast};
pub use self::telling::Telling;

use self::files::Files;
use self::http::Http;
use self::inbox::Inboxes;
use self::mask::Mask;
use self::people::{People, Screen};
use self::process::terminal::Halts;
use self::process::{Programs, Watch};
use self::signals::Listeners;
use self::surroundings::Surroundings;
use self::target::Connections;
use self::target::errand::{Errand, Next};
use self::work::Wish;
use crate::event::{Actor, EffectId};
use crate::plan::Class;
use crate::run::{Capture, Failure, HandedIn, Host, ProgramReply, Reply, Report, Request, StopHow, Work};

/// Time between TERM and KILL where nothing else is set up.
pub const GRACE: Duration = Duration::from_secs(10);

/// A notice that takes longer is given up: nobody's run waits for a chat server.
const NOTICE_LIMIT: Duration = Duration::from_secs(30);

/// The wall clock is looked at so often while something is waited for: it may be set, and a
/// machine may sleep.
const CLOCK_EVERY: Duration = Duration::from_secs(20);

/// The host of a run on this machine.
pub struct LocalHost {
    run: String,
    mask: Mask,
    channels: Channels,
    screen: Option<Arc<dyn Screen>>,
    programs: Programs,
    watch: Watch,
    process_setup: process::Setup,
    http: Http,
    people: People,
    inboxes: Inboxes,
    files: Files,
    targets: Targets,
    connections: Arc<Connections>,
    alive: PathBuf,
    /// Work about files of targets, with what it is wished with.
    errands: HashMap<EffectId, (Wish, Errand)>,
    sender: UnboundedSender<Report>,
    reports: UnboundedReceiver<Report>,
    halts: Halts,
    halting: UnboundedReceiver<Sender<()>>,
    running: HashMap<EffectId, Running>,
    /// Work that carries a message: its exit or status says whether that was taken.
    notices: HashSet<EffectId>,
}

/// Work under way, and how it is stopped.
enum Running {
    /// And what becomes of what it prints.
    Program(Capture),
    OnTerminal(Arc<AtomicBool>),
    Http(oneshot::Sender<()>),
    Question,
    /// Short; not stopped.
    File,
}

impl LocalHost {
    /// Opens the door. [`Host::next`] must run inside a tokio runtime with I/O and time, and
    /// [`Host::start`] on a thread that outlives the programs: they end with it.
    ///
    /// # Errors
    /// When the system gives no thread or descriptor.
    pub fn new(setup: LocalSetup) -> std::io::Result<Self> {
        let (sender, reports) = unbounded_channel();
        let (halts, halting) = unbounded_channel();
        let LocalSetup {
            run, dir, path, outputs, evidence, operator, hidden, mask, channels, screen, ..
        } = setup;
        mask.learn(channels.values().filter_map(Channel::secret));
        let around = Surroundings::inherit(&run, &dir, &path, &hidden);
        let http = Http { mask: mask.clone(), trace: around.trace(), folder: dir.clone() };
        let process_setup = process::Setup { around, outputs, grace: setup.grace, mask: mask.clone() };
        let people = People::new(people::Setup {
            operator,
            approvers: setup.approvers,
            answers: setup.answers,
            terminal: setup.terminal,
            screen: screen.clone(),
            mask: mask.clone(),
            reports: sender.clone(),
        })?;
        let programs = Programs::new(process_setup.clone())?;
        let files = Files { dir, evidence, mask: mask.clone() };
        Ok(Self {
            run,
            mask,
            channels,
            screen,
            programs,
            watch: Watch::default(),
            process_setup,
            http,
            people,
            inboxes: Inboxes::new(setup.inboxes),
            files,
            targets: setup.targets,
            connections: Arc::default(),
            alive: setup.alive,
            errands: HashMap::new(),
            sender,
            reports,
            halts,
            halting,
            running: HashMap::new(),
            notices: HashSet::new(),
        })
    }

    /// From now on signals are reported instead of ending this process.
    ///
    /// # Errors
    /// When the system takes no handler.
    pub fn watch_signals(&self, operator: Actor) -> std::io::Result<()> {
        let (reports, halts) = (self.sender.clone(), self.halts.clone());
        let continued = Box::new(self.people.on_continued());
        signals::watch(Listeners { reports, halts, continued }, operator)
    }

    /// Answers of the file that no question took, each with its place.
    #[must_use]
    pub fn leftovers(&self) -> Vec<String> {
        self.people.leftovers().iter().map(|told| self.mask.text(told)).collect()
    }

    /// Until the next thing that is due.
    fn patience(&self, until: Option<Timestamp>) -> Duration {
        let left =
            |until: Timestamp| Duration::try_from(until.duration_since(Timestamp::now())).unwrap_or_default();
        let due = self.programs.due().map(|due| due.saturating_duration_since(Instant::now()));
        until.map(left).into_iter().chain(due).min().unwrap_or(CLOCK_EVERY).min(CLOCK_EVERY)
    }

    /// Stops what runs and then ourselves; goes on where somebody lets us.
    fn halt(&self, going_on: &Sender<()>) {
        self.programs.suspend();
        people::alone(self.screen.as_deref(), || signals::suspend(|| self.people.step_aside()));
        self.programs.resume();
        let _ = going_on.send(());
    }

    /// A secret that a program gave is masked from now on.
    fn learn_printed(&self, capture: Capture, program: &ProgramReply) {
        if let (Capture::Secret { stdout, stderr }, 0) = (capture, program.exit) {
            let stdout = program.stdout.text().filter(|_| stdout);
            let stderr = program.stderr.text().filter(|_| stderr);
            self.mask.learn(stdout.into_iter().chain(stderr).map(str::trim));
        }
    }

    /// What has ended is forgotten; what carried a message is put into its words, and what was done for an errand
    /// is a step of it.
    fn settled(&mut self, report: Report) -> Option<Report> {
        let Report::Reply { effect, reply } = report else { return Some(report) };
        let running = self.running.remove(&effect);
        if let Some((wish, errand)) = self.errands.remove(&effect) {
            match errand.take(reply) {
                Next::Over(reply) => self.say_not_kept(effect, reply),
                next => self.send(effect, wish, next),
            }
            return None;
        }
        if let (Some(Running::Program(capture)), Reply::Program(program)) = (running, &reply) {
            self.learn_printed(capture, program);
        }
        let reply = if self.notices.remove(&effect) { channel::notified(reply) } else { reply };
        Some(Report::Reply { effect, reply })
    }

    /// Passes a reply on, and what is to be said of it before.
    fn say_not_kept(&self, effect: EffectId, reply: Reply) {
        if let Some(note) = files::not_kept(&reply) {
            let _ = self.sender.send(Report::Note(note));
        }
        self.reply(effect, reply);
    }

    /// The next report that is there.
    fn ready(&mut self) -> Option<Report> {
        while let Some(report) = self.programs.report() {
            if let Some(report) = self.settled(report) {
                return Some(report);
            }
        }
        None
    }
}

/// Why the loop woke up.
enum Heard {
    Halt(Sender<()>),
    Event,
    Time,
}

/// What failed without a word of output.
fn failed(failure: Failure, message: impl Into<String>) -> Reply {
    Reply::Failed { failure, message: message.into(), tail: String::new(), output: None }
}

impl Host for LocalHost {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn start(&mut self, work: Work) {
        let Work { effect, address, timeout, target, class, request, .. } = work;
        let wish = Wish { address, timeout, target, changes: class == Class::Changes };
        match request {
            Request::Program(program) => self.run(effect, wish, program),
            Request::Http(request) => self.http(effect, request, timeout),
            Request::Artifact(path) => self.artifact(effect, wish, path),
            Request::Verify(artifacts) => self.send(effect, wish, Errand::verify(artifacts)),
            Request::Evidence(value) => self.evidence(effect, wish, value),
            Request::Notify { channel, text } => {
                let text = self.mask.text(&text);
                let delivery = channel::delivery(&self.channels, &channel, &text, &self.run);
                self.notify(effect, wish, delivery);
            }
            Request::Ask(question) => {
                self.running.insert(effect, Running::Question);
                self.people.ask(effect, question);
            }
        }
    }

    fn stop(&mut self, effect: EffectId, _how: StopHow) {
        match self.running.get(&effect) {
            Some(Running::Program(_)) => self.programs.stop(effect),
            Some(Running::OnTerminal(stop)) => stop.store(true, Ordering::Relaxed),
            Some(Running::Question) => self.people.withdraw(effect),
            Some(Running::Http(_)) => {
                if let Some(Running::Http(stop)) = self.running.remove(&effect) {
                    // An answer that came in the same moment stands.
                    let _ = stop.send(());
                }
            }
            Some(Running::File) | None => {}
        }
    }

    fn takes_votes(&self) -> bool {
        self.inboxes.is_open()
    }

    fn handed_in(&mut self) -> Vec<HandedIn> {
        self.inboxes.look()
    }

    async fn next(&mut self, until: Option<Timestamp>) -> Option<Report> {
        loop {
            if let Some(report) = self.ready() {
                return Some(report);
            }
            let patience = self.patience(until);
            let heard = tokio::select! {
                Some(report) = self.reports.recv() => match self.settled(report) {
                    None => continue,
                    report => return report,
                },
                Some(going_on) = self.halting.recv() => Heard::Halt(going_on),
                () = self.watch.event(&self.programs) => Heard::Event,
                () = tokio::time::sleep(patience) => Heard::Time,
            };
            match &heard {
                Heard::Halt(going_on) => self.halt(going_on),
                Heard::Event | Heard::Time => self.programs.turn(),
            }
            let late = until.is_some_and(|until| Timestamp::now() >= until);
            if matches!(heard, Heard::Time) && late {
                return self.ready();
            }
        }
    }

    fn locate(&self, paths: &[String]) -> String {
        self.files.locate(paths).display().to_string()
    }

    fn mask(&self, text: &str) -> String {
        self.mask.text(text)
    }

    fn tainted(&self, text: &str) -> bool {
        self.mask.taints(text)
    }

    fn learn(&self, secret: &str) {
        self.mask.learn([secret]);
    }
}

/// `10s`, `1m30s`: as a runbook would write it.
fn shown(duration: Duration) -> String {
    // What is left of a limit has nanoseconds that nobody meant.
    let meant = duration.saturating_add(Duration::from_micros(500)).as_millis();
    let meant = u64::try_from(meant).map_or(duration, Duration::from_millis);
    crate::value::show(&crate::value::Value::Duration(meant))
}

#[cfg(test)]
mod tests;
