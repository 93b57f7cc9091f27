//! A scripted world and a journal in memory: what a host would do, without a world.
//!
//! The clock jumps to whatever comes next, so that a wait of a month costs nothing.

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};

use super::door::{
    Answered, Captured, Failure, Host, HttpReply, Journal, JournalError, PersonReply, ProgramReply, Reply,
    Report, Request, StopHow, Work,
};
use crate::event::{Actor, EffectId, Event, Holder};
use crate::value::{Artifact, Value};

/// How the scripted world answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A program ends with that exit code.
    Exit(i32),
    /// A program prints that and ends well.
    Prints(String),
    /// An HTTP response.
    Status(u16, String),
    /// No answer comes.
    Fails(Failure),
    /// Never answers, unless stopped.
    Hangs,
    /// A person says that.
    Says(Value),
    /// A person says that, with a note.
    SaysWith(Value, String),
    /// Nobody is there.
    Nobody,
    /// Said or done after so long.
    After(SignedDuration, Box<Answer>),
}

/// One rule: the label of a piece of work, and how its attempts are answered; the last answer stays.
type Rules = HashMap<String, Vec<Answer>>;

/// The scripted world.
#[derive(Debug)]
pub struct Script {
    /// The time; moves only by waiting.
    pub now: Timestamp,
    /// Labels of what was started, in order.
    pub started: Vec<String>,
    /// Labels of what was stopped.
    pub stopped: Vec<String>,
    /// Set when nothing would ever have happened any more.
    pub starved: bool,
    rules: Rules,
    counts: HashMap<String, usize>,
    queue: BTreeMap<(Timestamp, u64), Report>,
    labels: HashMap<EffectId, String>,
    signals: Vec<(usize, Signal)>,
    order: u64,
}

/// What an operator does from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C.
    Cancel,
    /// The terminal goes away.
    HangUp,
}

impl Signal {
    fn report(self) -> Report {
        match self {
            Self::Cancel => Report::Cancel(somebody()),
            Self::HangUp => Report::HangUp,
        }
    }
}

impl Default for Script {
    fn default() -> Self {
        Self {
            now: Timestamp::UNIX_EPOCH,
            started: vec![],
            stopped: vec![],
            starved: false,
            rules: Rules::new(),
            counts: HashMap::new(),
            queue: BTreeMap::new(),
            labels: HashMap::new(),
            signals: vec![],
            order: 0,
        }
    }
}

/// Who answers in a script.
#[must_use]
pub fn somebody() -> Actor {
    Actor { name: "ada".into(), from_file: false }
}

impl Script {
    /// Answers work of that label; each attempt takes the next answer, the last one stays.
    #[must_use]
    pub fn on(mut self, label: &str, answers: &[Answer]) -> Self {
        self.rules.insert(label.into(), answers.to_vec());
        self
    }

    /// Sends a signal once so many pieces of work have been started.
    #[must_use]
    pub fn signal(mut self, after: usize, signal: Signal) -> Self {
        self.signals.push((after, signal));
        self
    }

    /// Sends a signal once so many seconds have passed.
    #[must_use]
    pub fn signal_at(mut self, seconds: i64, signal: Signal) -> Self {
        let at = self.now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX);
        self.push(at, signal.report());
        self
    }

    fn answer(&mut self, label: &str, request: &Request) -> Answer {
        let count = self.counts.entry(label.into()).or_default();
        let answers = self.rules.get(label).map(Vec::as_slice).unwrap_or_default();
        let answer = answers.get(*count).or(answers.last()).cloned();
        *count += 1;
        answer.unwrap_or_else(|| usual(request))
    }

    fn push(&mut self, at: Timestamp, report: Report) {
        self.order += 1;
        self.queue.insert((at, self.order), report);
    }

    fn send_signals(&mut self) {
        let due = |(after, _): &(usize, Signal)| *after <= self.started.len();
        let (now, later): (Vec<_>, Vec<_>) = self.signals.iter().copied().partition(due);
        self.signals = later;
        for (_, signal) in now {
            self.push(self.now, signal.report());
        }
    }
}

/// What work is called in a script: its words, its address, its question.
#[must_use]
pub fn label(work: &Work) -> String {
    match &work.request {
        Request::Program(program) => {
            let words: Vec<&str> = program.words.iter().map(|word| word.clear.as_str()).collect();
            words.join(" ")
        }
        Request::Http(request) => format!("{} {}", request.method, request.url.clear),
        Request::Artifact(path) => format!("artifact {path}"),
        Request::Verify(files) => {
            let paths: Vec<&str> = files.iter().map(|file| &*file.path).collect();
            format!("verify {}", paths.join(" "))
        }
        Request::Evidence(_) => "evidence".into(),
        Request::Notify { channel, .. } => format!("notify {channel}"),
        Request::Ask(question) => match &question.kind {
            Answered::Failed { .. } => format!("failed: {}", question.path.join(" / ")),
            Answered::Undo { .. } => format!("undo: {}", question.path.join(" / ")),
            Answered::Unknown { .. } => format!("unknown: {}", question.path.join(" / ")),
            Answered::Step { .. } => format!("before: {}", question.path.join(" / ")),
            Answered::Hold { .. } => format!("hold: {}", question.path.join(" / ")),
            _ => question.text.clone(),
        },
    }
}

/// All goes well.
fn usual(request: &Request) -> Answer {
    match request {
        Request::Http(_) => Answer::Status(200, String::new()),
        Request::Ask(question) => match &question.kind {
            Answered::Confirm { .. }
            | Answered::Judge { .. }
            | Answered::Manual
            | Answered::Approval { .. } => Answer::Says(Value::Bool(true)),
            Answered::Choose(answers) => {
                Answer::Says(Value::Text(answers.first().map_or("", String::as_str).into()))
            }
            Answered::Value { default, .. } => {
                Answer::Says(default.clone().unwrap_or(Value::Text("answer".into())))
            }
            _ => Answer::Nobody,
        },
        _ => Answer::Exit(0),
    }
}

fn reply(answer: Answer, request: &Request) -> Option<Reply> {
    Some(match (answer, request) {
        (Answer::Fails(failure), _) => {
            let message = format!("{failure:?}");
            Reply::Failed { failure, message, tail: String::new(), output: None }
        }
        (Answer::Hangs, _) => return None,
        (Answer::After(_, inner), _) => return reply(*inner, request),
        (Answer::Nobody, _) => Reply::Nobody,
        (Answer::Says(value), _) => Reply::Person(PersonReply { by: somebody(), value, note: String::new() }),
        (Answer::SaysWith(value, note), _) => Reply::Person(PersonReply { by: somebody(), value, note }),
        (Answer::Status(status, body), _) => {
            Reply::Http(HttpReply { status, headers: vec![], body: Captured::Text(body) })
        }
        (Answer::Prints(text), _) => Reply::Program(printed(0, &text)),
        (Answer::Exit(exit), Request::Program(_)) => Reply::Program(printed(exit, "")),
        (Answer::Exit(_), Request::Artifact(path)) => {
            Reply::Artifact(Artifact { path: path.as_str().into(), sha256: "00".into(), bytes: 1, on: None })
        }
        (Answer::Exit(_), _) => Reply::Done { message: String::new() },
    })
}

fn printed(exit: i32, text: &str) -> ProgramReply {
    ProgramReply {
        exit,
        stdout: Captured::Text(text.into()),
        stderr: Captured::Text(String::new()),
        tail: text.into(),
        output: None,
    }
}

impl Host for Script {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn start(&mut self, work: Work) {
        let label = label(&work);
        self.labels.insert(work.effect, label.clone());
        let answer = self.answer(&label, &work.request);
        self.started.push(label);
        self.send_signals();
        let takes = match &answer {
            Answer::After(length, _) => *length,
            _ => SignedDuration::ZERO,
        };
        let limit = work.timeout.and_then(|limit| SignedDuration::try_from(limit).ok());
        let late = limit.filter(|limit| takes > *limit || answer == Answer::Hangs);
        let timed_out = || Answer::Fails(Failure::TimedOut);
        let (takes, answer) = late.map_or((takes, answer), |limit| (limit, timed_out()));
        if let Some(reply) = reply(answer, &work.request) {
            let at = self.now.checked_add(takes).unwrap_or(Timestamp::MAX);
            self.push(at, Report::Reply { effect: work.effect, reply });
        }
    }

    fn stop(&mut self, effect: EffectId, _: StopHow) {
        let label = self.labels.get(&effect).cloned().unwrap_or_default();
        self.stopped.push(label);
        let pending = |report: &Report| matches!(report, Report::Reply { effect: own, .. } if *own == effect);
        self.queue.retain(|_, report| !pending(report));
        let reply = reply(Answer::Fails(Failure::Stopped), &Request::Verify(vec![]));
        if let Some(reply) = reply {
            self.push(self.now, Report::Reply { effect, reply });
        }
    }

    async fn next(&mut self, until: Option<Timestamp>) -> Option<Report> {
        let first = self.queue.first_key_value().map(|((at, _), _)| *at);
        match (first, until) {
            (Some(at), until) if until.is_none_or(|until| at <= until) => {
                self.now = self.now.max(at);
                self.queue.pop_first().map(|(_, report)| report)
            }
            (_, Some(until)) => {
                self.now = self.now.max(until);
                None
            }
            (_, None) => {
                self.starved = true;
                Some(Report::HangUp)
            }
        }
    }

    fn locate(&self, paths: &[String]) -> String {
        std::path::Path::new("/run").join(paths.first().map_or("", String::as_str)).display().to_string()
    }

    fn mask(&self, text: &str) -> String {
        text.to_owned()
    }

    fn tainted(&self, _: &str) -> bool {
        false
    }

    fn learn(&self, _: &str) {}
}

/// A journal in memory.
#[derive(Debug, Default)]
pub struct Memory {
    /// All events, in order.
    pub events: Vec<Event>,
    /// How many commits were made.
    pub commits: usize,
    /// Fails from that commit on.
    pub fails_at: Option<usize>,
    /// Locks that another run holds, with its id.
    pub held: HashMap<String, String>,
}

impl Journal for Memory {
    fn append(&mut self, events: &[Event]) -> Result<(), JournalError> {
        if self.fails_at.is_some_and(|at| self.commits >= at) {
            return Err(JournalError("the disk is full".into()));
        }
        self.commits += 1;
        self.events.extend_from_slice(events);
        Ok(())
    }

    fn note(&mut self, event: &Event) -> Result<(), JournalError> {
        self.events.push(event.clone());
        Ok(())
    }

    fn lock(&mut self, name: &str) -> Result<Result<(), Holder>, JournalError> {
        let by = |run: &String| Holder { lock: name.into(), run: run.clone(), since: Timestamp::UNIX_EPOCH };
        Ok(self.held.get(name).map_or(Ok(()), |run| Err(by(run))))
    }
}
