//! The one door to the world: what the core asks of a host and of a journal.

use std::time::Duration;

use jiff::Timestamp;

pub use super::reply::{Captured, Failure, HttpReply, PersonReply, ProgramReply};
pub use super::request::{ArgText, Capture, Content, HttpRequest, Program};

use crate::event::{Actor, EffectId, Event, Holder, Outcome, OutputRef};
use crate::plan::{Class, NodeId};
use crate::value::{Artifact, Type, Value};

/// Where events are kept. An append is durable when it returns.
pub trait Journal {
    /// Appends events in one commit.
    ///
    /// # Errors
    /// When it could not be made durable: the run stops there.
    fn append(&mut self, events: &[Event]) -> Result<(), JournalError>;

    /// Appends without waiting for durability (a pid).
    ///
    /// # Errors
    /// When it could not be written.
    fn note(&mut self, event: &Event) -> Result<(), JournalError>;

    /// Takes the lock of that name for this run until it has ended, or says which run holds it.
    ///
    /// # Errors
    /// When the journal cannot be written.
    fn lock(&mut self, name: &str) -> Result<Result<(), Holder>, JournalError>;
}

/// The journal could not be written; in words for a person.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct JournalError(pub String);

/// The world as the loop sees it. All calls return at once; what happens is reported by [`Host::next`].
pub trait Host {
    /// The time now, UTC.
    fn now(&self) -> Timestamp;

    /// Starts a piece of work. Its reports carry its effect.
    fn start(&mut self, work: Work);

    /// Stops running work; its reply still comes.
    fn stop(&mut self, effect: EffectId, how: StopHow);

    /// Waits for the next report, at most until `until`; `None` when that time has come.
    fn next(&mut self, until: Option<Timestamp>) -> impl Future<Output = Option<Report>>;

    /// Where a path leads from the folder of the run: absolute, links followed as far as it is there. Of several the
    /// first that is there, else the first.
    fn locate(&self, paths: &[String]) -> String;

    /// Whether anything can be handed in for approvals. [`Host::handed_in`] is then asked again and again.
    fn takes_votes(&self) -> bool {
        false
    }

    /// What was handed in for approvals since it was asked last, in the order in which it came.
    fn handed_in(&mut self) -> Vec<HandedIn> {
        vec![]
    }

    /// Replaces every known secret in a text that is about to be shown or kept.
    fn mask(&self, text: &str) -> String;

    /// Whether a text holds a known secret, so that a value made of it is one too.
    fn tainted(&self, text: &str) -> bool;

    /// From now on a text is a secret.
    fn learn(&self, secret: &str);
}

/// Something that was handed in for an approval.
#[derive(Debug)]
pub struct HandedIn {
    /// The file that it came in.
    pub file: String,
    /// Lower-case hex SHA-256 of what is in it.
    pub sha256: String,
    /// When it came: what this machine's clock said, not what stands in it.
    pub arrived: Timestamp,
    /// Whether only the user who drives the run could have put it there.
    pub trusted: bool,
    /// From when on it is held to be whole, where it changed so lately that somebody may still be writing.
    pub whole_from: Option<Timestamp>,
    /// What is in it.
    pub content: Paper,
}

/// What a file for an approval holds.
#[derive(Debug)]
pub enum Paper {
    /// A text, and a signature of it.
    Text {
        /// What was signed.
        statement: String,
        /// The signature, if there is one.
        signature: Option<String>,
    },
    /// Nothing that could be read; in words why.
    Unreadable(String),
}

/// A request with what is needed to carry it out.
#[derive(Debug)]
pub struct Work {
    /// Its number; in the child's environment as `BOWLINE_EFFECT`.
    pub effect: EffectId,
    /// The node of the plan that it carries out.
    pub node: NodeId,
    /// Address of the step, for `BOWLINE_STEP` and the files of output.
    pub address: String,
    /// What it does to the world.
    pub class: Class,
    /// Killed after so long; the reply is then [`Failure::TimedOut`].
    pub timeout: Option<Duration>,
    /// The target where it is done; `None` is this machine.
    pub target: Option<String>,
    /// What.
    pub request: Request,
}

/// What a host can be asked, all values filled in.
#[derive(Debug)]
pub enum Request {
    /// A program (or a script, written to a file for its interpreter).
    Program(Program),
    /// An HTTP request.
    Http(HttpRequest),
    /// Hashes a file that must exist.
    Artifact(String),
    /// Checks that files still have their hashes.
    Verify(Vec<Artifact>),
    /// Keeps a value (and an artifact's file) with the run.
    Evidence(Value),
    /// Says something on a channel.
    Notify {
        /// The channel.
        channel: String,
        /// The text, masked.
        text: String,
    },
    /// Asks a person.
    Ask(Box<QuestionShown>),
}

/// A question, ready to be asked.
#[derive(Debug)]
pub struct QuestionShown {
    /// Path of titles down to the question, for the screen and as the key in answers files.
    pub path: Vec<String>,
    /// What is asked.
    pub text: String,
    /// The prose beside it.
    pub prose: Option<String>,
    /// The role that should answer.
    pub by: Option<String>,
    /// Who holds it, if that is known.
    pub holder: Option<String>,
    /// What answers are possible.
    pub kind: Answered,
}

/// What a question takes for an answer.
#[derive(Debug)]
pub enum Answered {
    /// Yes or no; typed exactly where `typing`; with a reason not applicable where `optional`.
    Confirm {
        /// Must be typed.
        typing: Option<String>,
        /// May be not applicable.
        optional: bool,
    },
    /// A value of a type; not echoed for a secret.
    Value {
        /// Its name, part of the key in answers files.
        name: String,
        /// The type.
        ty: Type,
        /// A menu.
        choices: Vec<String>,
        /// Taken where nothing is typed.
        default: Option<Value>,
    },
    /// Pass or fail with a finding.
    Judge {
        /// What is judged.
        showing: String,
        /// What it should look like.
        expected: Option<String>,
        /// What follows where a fail undoes at once what was done.
        undoes: Option<Then>,
    },
    /// One of these.
    Choose(Vec<String>),
    /// Done or not.
    Manual,
    /// Distinct people say yes. Recorded as unsigned.
    Approval {
        /// So many of which group; one alternative must be met.
        quorum: Vec<(u32, String)>,
        /// What is shown.
        showing: Option<String>,
        /// Whether the operator may be one of them.
        self_approval: bool,
    },
    /// After a failure: which of these goes on (the allowed ones, in order).
    Failed {
        /// What failed, with its output.
        what: String,
        /// The matching hint.
        hint: Option<String>,
        /// What a way back would leave.
        back: WayBack,
        /// The allowed choices: `retry`, `by hand`, `go on`, `roll back`, `leave`, `give up`.
        choices: Vec<&'static str>,
    },
    /// After a rollback or restore failed as often as it is tried: `again`, `done`, `skip`, `leave`.
    Undo {
        /// What failed, with its output.
        what: String,
        /// The matching hint.
        hint: Option<String>,
        /// What is still owed, in order, with its commands; this one first.
        owed: Vec<String>,
        /// The allowed choices.
        choices: Vec<&'static str>,
    },
    /// About an unknown outcome: `again`, `done`, `skip`, `roll back`, `give up`, `leave`.
    Unknown {
        /// What to inspect.
        what: String,
        /// What a way back would leave.
        back: WayBack,
        /// The allowed choices.
        choices: Vec<&'static str>,
    },
    /// Before a step, where each is asked about: `run`, `skip`, `by hand`, `roll back`, `give up`, `leave`.
    Step {
        /// What it would do, the exact commands, line by line.
        does: Vec<String>,
        /// How it would be undone, line by line.
        undo: Vec<String>,
        /// What could not be done later without it.
        without: Vec<String>,
        /// Why it cannot be done any more.
        lacks: Option<String>,
        /// What follows once it is undone.
        then: Then,
        /// The allowed choices.
        choices: Vec<&'static str>,
    },
    /// A gate or bound check that holds: `test again`, `waive` (a list of the word and a time), `reject`, `leave`.
    Hold {
        /// The table: item, verdict, finding.
        table: Vec<(String, Outcome, String)>,
        /// What follows once it is undone.
        then: Then,
        /// The allowed choices.
        choices: Vec<&'static str>,
    },
}

/// What rolling back (or giving up) would undo, and what it would leave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WayBack {
    /// What would be undone, in order.
    pub undo: Vec<String>,
    /// What would stay as it is, each with the reason.
    pub stays: Vec<String>,
    /// What follows once that is undone.
    pub then: Then,
}

/// What follows once what is undone together is undone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Then {
    /// The run ends.
    #[default]
    Ends,
    /// The `otherwise` of the attempt runs, and the run goes on.
    Otherwise,
    /// Past the point of no return nothing around the attempt is undone: it is asked how the run goes on.
    Holds,
}

/// How work is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopHow {
    /// TERM to the group, a grace, then KILL.
    Gently,
    /// A question that is no longer open.
    Withdraw,
}

/// What a host reports.
#[derive(Debug)]
pub enum Report {
    /// A child is there.
    Spawned {
        /// Whose.
        effect: EffectId,
        /// Process id.
        pid: u32,
        /// Its start time in clock ticks since boot.
        started: u64,
        /// Which boot.
        boot: String,
    },
    /// A line of output, masked, for the screen only.
    Line {
        /// Whose.
        effect: EffectId,
        /// Without its end.
        line: String,
    },
    /// Work ended.
    Reply {
        /// Which.
        effect: EffectId,
        /// How.
        reply: Reply,
    },
    /// Something worth recording, masked; decides nothing.
    Note(String),
    /// The operator asked to stop (first signal), or again.
    Cancel(Actor),
    /// The terminal went away: let the effect end, then leave resumable.
    HangUp,
}

/// The answer to a [`Request`]. Texts are in the clear unless said otherwise; the core masks before it records.
#[derive(Debug)]
pub enum Reply {
    /// A program ended by itself.
    Program(ProgramReply),
    /// An HTTP response arrived whole.
    Http(HttpReply),
    /// A file is there.
    Artifact(Artifact),
    /// Done, with nothing to say (notify, verify).
    Done {
        /// For the report, masked.
        message: String,
    },
    /// Evidence is kept.
    Kept {
        /// For the report, masked.
        message: String,
        /// The file that it is now.
        file: OutputRef,
    },
    /// A person answered.
    Person(PersonReply),
    /// Nobody is there to be asked.
    Nobody,
    /// It did not come to an answer.
    Failed {
        /// Why.
        failure: Failure,
        /// In words, masked.
        message: String,
        /// The last lines of output, masked.
        tail: String,
        /// The whole output.
        output: Option<OutputRef>,
    },
}
