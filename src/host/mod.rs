//! The only door to the world: processes, HTTP, people, files and the clock.
//!
//! Implements [`crate::run::Host`]. Knows requests and replies; never what a reply means for a run.
#![expect(clippy::disallowed_methods, reason = "the one module that may touch the world")]

mod channel;
mod files;
mod http;
pub mod inject;
pub mod inputs;
pub mod mask;
pub mod people;
mod plain;
pub mod process;
mod signals;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

pub use self::channel::{Channel, Channels};

use self::channel::Way;
use self::files::Files;
use self::http::Http;
use self::mask::Mask;
use self::people::answers::Answers;
use self::people::{Approvers, People, Screen, Terminal};
use self::process::terminal::{self, Halts, Stage};
use self::process::{Job, Programs, Surroundings, Watch};
use self::signals::Listeners;
use crate::event::{Actor, EffectId};
use crate::run::{
    ArgText, Capture, Failure, Host, HttpRequest, ProgramReply, Reply, Report, Request, StopHow, Work,
};
use crate::value::Value;

/// Time between TERM and KILL where nothing else is set up.
pub const GRACE: Duration = Duration::from_secs(10);

/// A notice that takes longer is given up: nobody's run waits for a chat server.
const NOTICE_LIMIT: Duration = Duration::from_secs(30);

/// The wall clock is looked at so often while something is waited for: it may be set, and a
/// machine may sleep.
const CLOCK_EVERY: Duration = Duration::from_secs(20);

/// What a run brings along.
pub struct LocalSetup {
    /// Short id of the run.
    pub run: String,
    /// The folder where the run was started; absolute.
    pub dir: PathBuf,
    /// The folders in which programs are found, as in `PATH`.
    pub path: String,
    /// Folder for outputs of programs; made when needed.
    pub outputs: PathBuf,
    /// Folder for evidence; made when needed.
    pub evidence: PathBuf,
    /// Who drives the run.
    pub operator: Actor,
    /// Whose yes counts, as far as it is known.
    pub approvers: Approvers,
    /// Environment variables that secrets came from; no child gets them.
    pub hidden: Vec<String>,
    /// Time between TERM and KILL, [`GRACE`] by default.
    pub grace: Duration,
    /// All secrets; shared with whoever else shows texts.
    pub mask: Mask,
    /// Answers given in advance.
    pub answers: Option<Answers>,
    /// Where questions are asked; `None` where nobody is there.
    pub terminal: Option<Terminal>,
    /// Stands aside while the terminal is taken.
    pub screen: Option<Arc<dyn Screen>>,
    /// Where `notify` says things.
    pub channels: Channels,
}

impl LocalSetup {
    /// A run with nobody to ask and nothing set up, its outputs and evidence in folders of `dir`.
    #[must_use]
    pub fn new(run: &str, dir: &Path, operator: Actor) -> Self {
        Self {
            run: run.to_owned(),
            dir: dir.to_owned(),
            path: search_path(),
            outputs: dir.join("outputs"),
            evidence: dir.join("evidence"),
            operator,
            approvers: Approvers::default(),
            hidden: vec![],
            grace: GRACE,
            mask: Mask::default(),
            answers: None,
            terminal: None,
            screen: None,
            channels: Channels::new(),
        }
    }
}

/// The folders in which programs are found here and now, as in `PATH`.
#[must_use]
pub fn search_path() -> String {
    let path = std::env::var_os("PATH").filter(|path| !path.is_empty());
    path.map_or_else(|| "/usr/local/bin:/usr/bin:/bin".into(), |path| path.to_string_lossy().into_owned())
}

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
    files: Files,
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
            files,
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

    fn program(&mut self, effect: EffectId, job: Job) {
        self.learn_unknown(job.program.words.iter().chain(job.program.env.iter().map(|(_, value)| value)));
        self.learn_unknown(&job.program.stdin);
        if job.program.terminal {
            return self.on_terminal(effect, job);
        }
        self.running.insert(effect, Running::Program(job.program.capture));
        self.programs.start(job);
    }

    fn on_terminal(&mut self, effect: EffectId, job: Job) {
        let stop = Arc::new(AtomicBool::new(false));
        self.running.insert(effect, Running::OnTerminal(Arc::clone(&stop)));
        let setup = self.process_setup.clone();
        let stage = Stage { setup, reports: self.sender.clone(), halts: self.halts.clone(), stop };
        let screen = self.screen.clone();
        self.aside(effect, move || people::alone(screen.as_deref(), || terminal::run(&stage, &job)));
    }

    fn http(&mut self, effect: EffectId, request: HttpRequest, timeout: Option<Duration>) {
        self.learn_unknown(request.headers.iter().map(|(_, value)| value));
        self.learn_unknown(request.body.iter().filter_map(|(_, content)| content.as_text()));
        self.learn_unknown([&request.url]);
        let (stop, stopped) = oneshot::channel();
        self.running.insert(effect, Running::Http(stop));
        let (http, sender) = (self.http.clone(), self.sender.clone());
        tokio::spawn(async move {
            let reply = tokio::select! {
                reply = http.send(request, timeout) => reply,
                Ok(()) = stopped => stopped_request(),
            };
            let _ = sender.send(Report::Reply { effect, reply });
        });
    }

    /// Files may be large and disks slow: not on the thread of the loop.
    fn file(&mut self, effect: EffectId, work: impl FnOnce(Files) -> Reply + Send + 'static) {
        self.running.insert(effect, Running::File);
        let files = self.files.clone();
        self.aside(effect, move || work(files));
    }

    /// What is not kept is no failure, and not passed over in silence, either.
    fn evidence(&mut self, effect: EffectId, value: Value) {
        let sender = self.sender.clone();
        self.file(effect, move |files| {
            let reply = files.keep(effect, &value);
            if let Reply::Done { message } = &reply
                && message.starts_with(files::NOT_KEPT)
            {
                let _ = sender.send(Report::Note(format!("evidence {message}")));
            }
            reply
        });
    }

    fn aside(&self, effect: EffectId, work: impl FnOnce() -> Reply + Send + 'static) {
        let sender = self.sender.clone();
        std::thread::spawn(move || {
            let _ = sender.send(Report::Reply { effect, reply: work() });
        });
    }

    fn notify(&mut self, way: Way, effect: EffectId, address: String, timeout: Option<Duration>) {
        let timeout = Some(timeout.unwrap_or(NOTICE_LIMIT).min(NOTICE_LIMIT));
        match way {
            Way::Copy(message) => return self.reply(effect, Reply::Done { message }),
            Way::Program(program) => self.program(effect, Job { effect, address, timeout, program }),
            Way::Http(request) => self.http(effect, request, timeout),
        }
        self.notices.insert(effect);
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

    fn reply(&self, effect: EffectId, reply: Reply) {
        let _ = self.sender.send(Report::Reply { effect, reply });
    }

    /// A text that was made of secrets but holds none (a part, another spelling) is one itself.
    fn learn_unknown<'a>(&self, texts: impl IntoIterator<Item = &'a ArgText>) {
        for text in texts.into_iter().filter(|text| text.secret && !self.mask.taints(&text.clear)) {
            self.mask.learn([text.clear.as_str()]);
        }
    }

    /// A secret that a program gave is masked from now on.
    fn learn_printed(&self, capture: Capture, program: &ProgramReply) {
        if let (Capture::Secret { stdout, stderr }, 0) = (capture, program.exit) {
            let stdout = program.stdout.text().filter(|_| stdout);
            let stderr = program.stderr.text().filter(|_| stderr);
            self.mask.learn(stdout.into_iter().chain(stderr).map(str::trim));
        }
    }

    /// What has ended is forgotten; what carried a message is put into its words.
    fn settled(&mut self, report: Report) -> Report {
        let Report::Reply { effect, reply } = report else { return report };
        let running = self.running.remove(&effect);
        if let (Some(Running::Program(capture)), Reply::Program(program)) = (running, &reply) {
            self.learn_printed(capture, program);
        }
        let reply = if self.notices.remove(&effect) { channel::notified(reply) } else { reply };
        Report::Reply { effect, reply }
    }
}

/// Why the loop woke up.
enum Heard {
    Halt(Sender<()>),
    Event,
    Time,
}

fn stopped_request() -> Reply {
    failed(Failure::Stopped, "stopped before there was an answer; the request may have been sent")
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
        let Work { effect, address, timeout, request, .. } = work;
        match request {
            Request::Program(program) => self.program(effect, Job { effect, address, timeout, program }),
            Request::Http(request) => self.http(effect, request, timeout),
            Request::Artifact(path) => self.file(effect, move |files| files.artifact(&path)),
            Request::Verify(artifacts) => self.file(effect, move |files| files.verify(&artifacts)),
            Request::Evidence(value) => self.evidence(effect, value),
            Request::Notify { channel, text } => {
                let way = channel::way(&self.channels, &channel, &self.mask.text(&text), &self.run);
                self.notify(way, effect, address, timeout);
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

    async fn next(&mut self, until: Option<Timestamp>) -> Option<Report> {
        loop {
            if let Some(report) = self.programs.report() {
                return Some(self.settled(report));
            }
            let patience = self.patience(until);
            let heard = tokio::select! {
                Some(report) = self.reports.recv() => return Some(self.settled(report)),
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
                return self.programs.report().map(|report| self.settled(report));
            }
        }
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
    crate::value::show(&crate::value::Value::Duration(duration))
}

#[cfg(test)]
mod tests;
