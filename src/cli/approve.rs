//! `bowline approve`: what a run asks of people is written down, signed and handed in. Writes no journal: whoever drives
//! the run takes the vote from its inbox.

mod paper;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use jiff::Timestamp;

use self::paper::{Paper, read};
use super::args::JournalArgs;
use super::journal::called::named;
use super::journal::inboxes::own_inbox;
use super::journal::{find, open_store};
use super::out::Console;
use super::people;
use super::people::keys::{Key, own_key};
use super::questions::Front;
use super::settings::terminal;
use super::{Done, Exit, Stop};
use crate::approval::{Filled, Handed, NAMESPACE, Statement, VoteChoice, field, verify};
use crate::event::{Actor, Event, Fact, RunState};
use crate::host::inbox::{self, ENDING};
use crate::host::signing::{OwnKey, own_keys};
use crate::journal::{RunInfo, Store};
use crate::plan::Plan;
use crate::run::{OpenApproval, meant, open_approvals};
use crate::sign::key_of_line;

/// A file names its run and its approval itself.
const USAGE: &str = "\
bowline approve [OPTIONS] <RUN> [GATE]
       bowline approve [OPTIONS] --sign <FILE>
       bowline approve [OPTIONS] --import <FILE>";

#[derive(Debug, Args)]
#[command(override_usage = USAGE)]
#[command(group = clap::ArgGroup::new("say").multiple(false))]
#[command(group = clap::ArgGroup::new("way").multiple(false))]
pub(super) struct ApproveArgs {
    /// The run, or the beginning of its id; a file that is signed or imported names it itself
    #[arg(required_unless_present_any = ["sign", "import"], conflicts_with_all = ["sign", "import"])]
    pub(super) run: Option<String>,
    /// Which of several open approvals: its title, or `gate / title`
    pub(super) gate: Option<String>,
    /// Say no; this ends the approval
    #[arg(long, value_name = "WHY", group = "say")]
    pub(super) reject: Option<String>,
    /// Step aside, and leave it to the others
    #[arg(long, value_name = "WHY", group = "say")]
    pub(super) decline: Option<String>,
    /// A note beside a yes
    #[arg(long, value_name = "TEXT", group = "say")]
    pub(super) note: Option<String>,
    /// Who you are, where your key alone does not tell
    #[arg(long, value_name = "NAME")]
    pub(super) name: Option<String>,
    /// Sign with this key: a private key, or the public key of one that an agent holds
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,
    /// Only write what must be signed
    #[arg(long, group = "way")]
    pub(super) request: bool,
    /// Sign a request that was written elsewhere; needs no journal
    #[arg(long, value_name = "FILE", group = "way")]
    pub(super) sign: Option<PathBuf>,
    /// Hand in what was signed elsewhere
    #[arg(long, value_name = "FILE", group = "way")]
    pub(super) import: Option<PathBuf>,
    /// Where to write, with --request and --sign
    #[arg(short, long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// Do not ask before signing
    #[arg(short, long)]
    pub(super) yes: bool,
    #[command(flatten)]
    pub(super) journal: JournalArgs,
}

/// Whoever drives the run looks twice a second; so long its word is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// The person leaves instead of answering.
const LEFT: (Exit, &str) = (Exit::RolledBack, "nothing was signed");

/// Signs, or does a part of it.
pub(super) fn approve(args: &ApproveArgs) -> Done {
    match (&args.sign, &args.import) {
        (Some(file), _) => sign_file(args, file),
        (_, Some(file)) => import(args, file),
        _ => Asking::open(args, args.run.as_deref())?.answer(args),
    }
}

/// A run as the journal has it.
struct Asking {
    store: Store,
    info: RunInfo,
    plan: Plan,
    state: RunState,
}

impl Asking {
    fn open(args: &ApproveArgs, run: Option<&str>) -> Result<Self, Stop> {
        let store = open_store(&args.journal)?;
        let info = find(&store, run)?;
        let plan = store.plan(&info)?;
        let events = store.events(&info)?;
        let state = RunState::fold(&plan, &events)?;
        Ok(Self { store, info, plan, state })
    }

    fn answer(&self, args: &ApproveArgs) -> Done {
        let open = self.chosen(args.gate.as_deref())?;
        let filled = filled(args, None);
        let text = open.ballot.text.clone() + &filled.text();
        if args.request {
            let name = format!("{}-{}.{ENDING}", self.info.id, short(&open.ballot.text));
            return write(args.out.as_deref(), &name, &text);
        }
        let signed = self.state.roster.as_ref().is_some_and(|roster| roster.signed);
        let operator = Actor { name: args.name.clone().unwrap_or_else(people::local_user), from_file: false };
        if !is_meant(args, &operator, &text)? {
            return Err(LEFT.into());
        }
        if signed || args.key.is_some() {
            let signature = self.key(args)?.sign(&text, NAMESPACE).map_err(Stop::usage)?;
            return self.hand_in(&text, Some(&signature));
        }
        let filled = Filled { name: operator.name, ..filled };
        self.hand_in(&(open.ballot.text.clone() + &filled.text()), None)
    }

    /// The approval that is meant.
    fn chosen(&self, gate: Option<&str>) -> Result<OpenApproval<'_>, Stop> {
        let mut open = open_approvals(&self.plan, &self.state);
        let id = &self.info.id;
        let ends = |path: &[String]| path.join(" / ");
        let all: Vec<String> = open.iter().map(|one| format!("  \"{}\"", ends(&one.path))).collect();
        if all.is_empty() {
            let why = if self.state.finished.is_some() { "it has ended" } else { "it asks for none now" };
            return Err(Stop::usage(format!("run {id} waits for no approval: {why}")));
        }
        if let Some(gate) = gate {
            open = meant(open, |one| ends(&one.path), gate);
        }
        match (open.pop(), open.is_empty()) {
            (Some(one), true) => Ok(one),
            (Some(_), false) => {
                Err(Stop::usage(format!("say which approval of run {id}:\n{}", all.join("\n"))))
            }
            (None, _) => {
                let gate = gate.unwrap_or_default();
                Err(Stop::usage(format!(
                    "run {id} asks for no approval \"{gate}\"; it asks for:\n{}",
                    all.join("\n")
                )))
            }
        }
    }

    /// The key that is named, else the first of this user that the run knows.
    fn key(&self, args: &ApproveArgs) -> Result<Key, Stop> {
        if let Some(file) = &args.key {
            return Ok(Key::File(file.clone()));
        }
        let keys = own_keys();
        let takes = |key: &&OwnKey| {
            let line = key_of_line(&key.line);
            let roster = self.state.roster.as_ref();
            line.is_ok_and(|line| roster.is_some_and(|roster| roster.takes_key(&line, args.name.as_deref())))
        };
        keys.iter().find(takes).cloned().map(Key::Own).ok_or_else(|| no_key(&keys))
    }

    /// Verifies what was signed, puts it into the run's inbox, and tells what came of it.
    fn hand_in(&self, statement: &str, signature: Option<&str>) -> Done {
        let open = open_approvals(&self.plan, &self.state);
        let asked: Vec<_> = open.iter().map(OpenApproval::asked).collect();
        let roster = self.state.roster.clone().unwrap_or_default();
        let handed = Handed { statement, signature, arrived: now(), trusted: true };
        let verified = verify(handed, &asked, &roster, self.state.operators());
        let (_, vote) = verified.map_err(|why| refused(&why))?;
        let text = statement.to_owned() + signature.unwrap_or_default();
        let inbox = own_inbox(&self.store, &self.info.id);
        let put = inbox::put(&inbox, &text);
        put.map_err(|error| Stop::internal(format!("{} cannot be written: {error}", inbox.display())))?;
        self.follow(&inbox::sha256(&text), &vote.told())
    }

    /// Waits for the word of whoever drives the run.
    fn follow(&self, sha256: &str, told: &str) -> Done {
        let driver = self.store.driver(&self.info)?;
        let Some(pid) = driver else {
            let id = named(&self.store, &self.info.id);
            Console.say(&format!(
                "{told}\nhanded in; nobody drives the run now: `bowline resume {id}` takes it\n"
            ));
            return Ok(Exit::Completed);
        };
        let began = began();
        while began.elapsed() < PATIENCE {
            let events = self.store.events_after(&self.info, self.state.seq)?;
            if let Some(word) = events.iter().find_map(|event| word(event, sha256)) {
                return word.map(|()| Exit::Completed).map_err(|why| refused(&why)).inspect(|_| {
                    Console.say(&format!("{told}\ncounted in run {}\n", self.info.id));
                });
            }
            pause();
        }
        Console.say(&format!("{told}\nhanded in to process {pid}, which has not looked at it yet\n"));
        Ok(Exit::Completed)
    }
}

/// What was recorded of something that was handed in.
fn word(event: &Event, handed: &str) -> Option<Result<(), String>> {
    match &event.fact {
        Fact::Voted { sha256, .. } if sha256 == handed => Some(Ok(())),
        Fact::VoteRefused { sha256, why, .. } if sha256 == handed => Some(Err(why.clone())),
        _ => None,
    }
}

fn refused(why: &str) -> Stop {
    Stop { exit: Exit::RolledBack, message: format!("it does not count: {why}") }
}

/// Whether somebody at the terminal, who has read it, wants to sign. Where nobody is there the command line says it.
fn is_meant(args: &ApproveArgs, operator: &Actor, text: &str) -> Result<bool, Stop> {
    if args.yes || terminal().is_none() {
        return Ok(true);
    }
    Console.say(&format!("{text}\n"));
    let front = Front { operator, left: LEFT };
    let word = filled(args, None).choice;
    front.confirm(&format!("Sign this, to {} it?", word.word()))
}

fn no_key(keys: &[OwnKey]) -> Stop {
    let listed: String = keys.iter().fold(String::new(), |all, key| all + "  " + &key.line + "\n");
    let found = if keys.is_empty() {
        "no key was found, neither in an agent nor in ~/.ssh\n".to_owned()
    } else {
        format!("none of these is the key of somebody who may approve:\n{listed}")
    };
    Stop::usage(format!("{found}name yours with --key FILE"))
}

/// What the command line says below the rule; what it leaves open stays as it stands in the file.
fn filled(args: &ApproveArgs, before: Option<Filled>) -> Filled {
    let (before_choice, before_name) =
        before.map_or((None, String::new()), |filled| (Some(filled.choice), filled.name));
    let choice = match (&args.reject, &args.decline, &args.note) {
        (Some(why), ..) => VoteChoice::Reject(why.clone()),
        (_, Some(why), _) => VoteChoice::Decline(why.clone()),
        (_, _, Some(note)) => VoteChoice::Approve(note.clone()),
        _ => before_choice.unwrap_or(VoteChoice::Approve(String::new())),
    };
    Filled { choice, name: args.name.clone().unwrap_or(before_name), time: Some(now()) }
}

/// Signs a request from elsewhere: no journal, no run, only a text and a key.
fn sign_file(args: &ApproveArgs, file: &Path) -> Done {
    let Paper { statement, .. } = read(file)?;
    let wrong = |why: String| Stop::usage(format!("{}: {why}", file.display()));
    let Statement { request, filled: before } = Statement::parse(&statement).map_err(wrong)?;
    let filled = filled(args, Some(before));
    let text = request.to_owned() + &filled.text();
    let operator = Actor { name: people::local_user(), from_file: false };
    if !is_meant(args, &operator, &text)? {
        return Err(LEFT.into());
    }
    let key = own_key(args.key.as_deref())?;
    let signature = key.sign(&text, NAMESPACE).map_err(Stop::usage)?;
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    write(args.out.as_deref(), &format!("{stem}.signed.{ENDING}"), &(text + &signature))
}

/// Takes in what was signed elsewhere; the text itself names the run.
fn import(args: &ApproveArgs, file: &Path) -> Done {
    let Paper { statement, signature } = read(file)?;
    let run = field(&statement, "run").unwrap_or_default();
    if run.is_empty() {
        return Err(Stop::usage(format!("{} names no run: it is no approval", file.display())));
    }
    Asking::open(args, Some(run))?.hand_in(&statement, signature.as_deref())
}

/// Writes a text to a file; a name that is taken already is not written over.
fn write(out: Option<&Path>, name: &str, text: &str) -> Done {
    let path = out.unwrap_or_else(|| Path::new(name));
    if path == Path::new("-") {
        Console.result(text);
        return Ok(Exit::Completed);
    }
    paper::keep(path, text)?;
    Console.result(&format!("{}\n", path.display()));
    Ok(Exit::Completed)
}

/// What tells a request from others, as far as a name of a file needs it.
fn short(request: &str) -> String {
    field(request, "request").unwrap_or_default().chars().take(8).collect()
}

/// The time to the second, as a statement has it.
fn now() -> Timestamp {
    let now = super::now();
    now.round(jiff::Unit::Second).unwrap_or(now)
}

#[expect(clippy::disallowed_methods, reason = "the command line waits for an answer")]
fn began() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "the command line waits for an answer")]
fn pause() {
    std::thread::sleep(Duration::from_millis(100));
}
