//! The command line, declared.

mod approve;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(super) use self::approve::ApproveArgs;

/// Runbooks that are checked, planned, run, and undone.
#[derive(Debug, Parser)]
#[command(name = "bowline", version, about, disable_help_subcommand = true)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run a runbook from its first step
    Run(RunArgs),
    /// Go on with a run that was interrupted or waits
    Resume(ResumeArgs),
    /// Say how something in doubt stands, then go on
    Settle(SettleArgs),
    /// Approve, reject or step aside from what a run asks of people
    Approve(ApproveArgs),
    /// Stop a run as Ctrl-C would: let the running effect end, then undo
    Cancel(CancelArgs),
    /// Hand a run, or a role in it, to somebody else; they go on with `resume`
    Handover(HandoverArgs),
    /// List the runs and what they need
    Runs(RunsArgs),
    /// Remove runs that have ended from the journal
    Prune(PruneArgs),
    /// Show what happened in a run
    Show(ShowArgs),
    /// Print what the steps of a run wrote
    Logs(LogsArgs),
    /// Pack a run as evidence: runbook, plan, events, outputs, a report, in one file
    Evidence(EvidenceArgs),
    /// Check a pack of evidence, without its journal
    Verify(VerifyArgs),
    /// List the runbooks and modules that are in bowline itself
    List(ListArgs),
    /// Print what would be done, in what order, and how it would be undone
    Plan(PlanArgs),
    /// Check runbooks; starts nothing
    Check(CheckArgs),
    /// Say what the code of a report means, with a wrong and a right example
    Explain(ExplainArgs),
    /// Bring runbooks and modules to their one layout
    Fmt(FmtArgs),
    /// Print what a shell needs to complete command lines of bowline
    Completions(CompletionsArgs),
    /// Print the manual page of bowline or of one of its commands
    Man(ManArgs),
}

/// Which `bowline.toml` counts.
#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
    /// Go by this file (default: bowline.toml beside the runbook, or in a folder above)
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

/// Where the journal is.
#[derive(Debug, Args)]
pub(super) struct JournalArgs {
    /// Folder of the journal (default: as bowline.toml says, else $`XDG_STATE_HOME/bowline`)
    #[arg(long, value_name = "DIR", env = "BOWLINE_JOURNAL")]
    pub(super) journal: Option<PathBuf>,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
}

/// The values of a runbook's inputs.
#[derive(Debug, Args)]
pub(super) struct InputArgs {
    /// Give an input, as name=value; may be repeated
    #[arg(short, long = "input", value_name = "NAME=VALUE")]
    pub(super) input: Vec<String>,
    /// Read inputs from a TOML or JSON file; later files win
    #[arg(long, value_name = "FILE")]
    pub(super) inputs: Vec<PathBuf>,
}

/// How a run is driven.
#[derive(Debug, Args)]
pub(super) struct DriveArgs {
    #[command(flatten)]
    pub(super) journal: JournalArgs,
    /// Answer questions from a TOML file instead of asking
    #[arg(long, value_name = "FILE")]
    pub(super) answers: Option<PathBuf>,
    /// What a failure does when nobody is there to decide
    /// [default: rollback, or what the run was started with]
    #[arg(long, value_enum)]
    pub(super) on_failure: Option<OnFailureArg>,
    /// Act under another name; only where bowline.toml has `allow-as = true`
    #[arg(long = "as", value_name = "NAME")]
    pub(super) as_name: Option<String>,
    /// Make a step fail on purpose, once, to see what its rollback is worth; may be repeated
    #[arg(
        long,
        value_name = "STEP=failure|clean|unknown|hang|crash",
        long_help = "\
Make a step or check fail on purpose, once; may be repeated. STEP is its title, or as much of its path as tells it
apart: `phase / step`. It strikes the last changing effect of the step, `STEP#2` the second effect, `undo:STEP`
that of its rollback.
  failure  it is really done, then reported as failed
  clean    it is not done, and reported as certainly not done
  unknown  it is really done, then nobody knows
  hang     it is really done, and no answer comes before its timeout, or the run is asked to stop
  crash    it is really done, then this process kills itself"
    )]
    pub(super) inject: Vec<String>,
    /// A folder where approvers put what they signed, beside the run's own; may be repeated
    #[arg(long, value_name = "DIR")]
    pub(super) inbox: Vec<PathBuf>,
    /// Keep waiting in this process, however long it takes
    #[arg(long)]
    pub(super) stay: bool,
    /// Show each step before it begins, and ask: run, skip, by hand, roll back, leave
    #[arg(long)]
    pub(super) step: bool,
    /// Print events as JSON lines
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

/// What is taken for granted of a run that goes on.
#[derive(Debug, Args)]
pub(super) struct AcceptArgs {
    /// Go on although this secret differs from the one that the run was started with; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(super) accept_secret: Vec<String>,
    /// Give a secret that the run lost when it was left, from an environment variable or a file; may be repeated
    #[arg(long, value_name = "NAME=env:VARIABLE|file:PATH")]
    pub(super) secret: Vec<String>,
    /// Read the secret inputs from a TOML or JSON file again, as `run` did; later files win
    #[arg(long, value_name = "FILE")]
    pub(super) inputs: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum OnFailureArg {
    /// Undo what was done
    Rollback,
    /// Leave everything as it is, resumable
    Hold,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Only this one, in full: a bundled runbook or module (`memoria/self-managed-ga`, `std/prometheus`)
    pub(super) name: Option<String>,
    /// List the modules of the standard library, with their checks and steps
    #[arg(long, conflicts_with = "name")]
    pub(super) stdlib: bool,
    /// Print the names alone, one a line
    #[arg(long, conflicts_with_all = ["name", "format"])]
    pub(super) names: bool,
    /// Output for people or for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// The runbook: a file, or the name of a bundled one (see `bowline list`)
    pub(super) file: String,
    #[command(flatten)]
    pub(super) inputs: InputArgs,
    /// Begin at this step: its title, or `phase / step`. What stands before it is left out
    #[arg(long, value_name = "STEP", requires = "because")]
    pub(super) from: Option<String>,
    /// Why the run begins late
    #[arg(long, value_name = "WHY", requires = "from", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(super) because: Option<String>,
    /// Say who holds a role in this run, as role=person; may be repeated
    #[arg(long, value_name = "ROLE=PERSON")]
    pub(super) role: Vec<String>,
    /// Say yes in advance: to the briefing before the run, or to that and every `confirm` without `typing`
    #[arg(long, value_enum)]
    pub(super) yes_to: Option<YesTo>,
    #[command(flatten)]
    pub(super) drive: DriveArgs,
}

/// What is answered with yes in advance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum YesTo {
    /// The briefing: the run begins unasked
    Briefing,
    /// The briefing and every `confirm` without `typing`; recorded as said in advance
    Confirm,
}

#[derive(Debug, Args)]
pub(super) struct ResumeArgs {
    /// The run, or the beginning of its id
    #[arg(required_unless_present = "due")]
    pub(super) run: Option<String>,
    /// Only if its time has come or the lock that it waits for is free; without a run, every one of which that is so
    #[arg(long)]
    pub(super) due: bool,
    #[command(flatten)]
    pub(super) replan: ReplanArgs,
    #[command(flatten)]
    pub(super) accept: AcceptArgs,
    #[command(flatten)]
    pub(super) drive: DriveArgs,
}

/// Going on under the runbook as it is now.
#[derive(Debug, Args)]
pub(super) struct ReplanArgs {
    /// Go on as the runbook is now: show what changed, and ask about what of it is done already
    #[arg(long, conflicts_with = "due")]
    pub(super) replan: bool,
    /// Say how something stands that is done or begun and is another now; may be repeated
    #[arg(
        long,
        value_name = "STEP=keep|again|done|skip",
        requires_all = ["replan", "because"],
        long_help = "\
Say how something stands that is done or begun and is another now; may be repeated. STEP is its title, or as much of
its path as tells it apart: `phase / step`. `--replan` alone lists what needs a word.
  keep   it stands as it was done
  again  it is done again, as the runbook has it now
  done   it is done: by hand
  skip   it is new, its place has passed, and it is left out"
    )]
    pub(super) decide: Vec<String>,
    /// Why it is decided so
    #[arg(long, value_name = "WHY", requires = "replan", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(super) because: Option<String>,
    /// Give an input that the runbook did not have before, as name=value; may be repeated
    #[arg(short, long = "input", value_name = "NAME=VALUE", requires = "replan")]
    pub(super) input: Vec<String>,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("how").multiple(false))]
pub(super) struct SettleArgs {
    /// The run, or the beginning of its id
    pub(super) run: String,
    /// Which of several stuck things: its step, or `phase / step`
    #[arg(long, value_name = "STEP")]
    pub(super) at: Option<String>,
    /// Do it again
    #[arg(long, group = "how")]
    pub(super) again: bool,
    /// It is done; say how you know
    #[arg(long, value_name = "WHY", group = "how")]
    pub(super) done: Option<String>,
    /// Leave it as it is
    #[arg(long, value_name = "WHY", group = "how")]
    pub(super) skip: Option<String>,
    /// Start undoing (before commit only)
    #[arg(long, group = "how")]
    pub(super) rollback: bool,
    /// Give up (after commit only): what is done stays
    #[arg(long, value_name = "WHY", group = "how")]
    pub(super) give_up: Option<String>,
    /// Record the answer, but do not go on
    #[arg(long)]
    pub(super) no_resume: bool,
    #[command(flatten)]
    pub(super) accept: AcceptArgs,
    #[command(flatten)]
    pub(super) drive: DriveArgs,
}

#[derive(Debug, Args)]
pub(super) struct CancelArgs {
    /// The run, or the beginning of its id
    pub(super) run: String,
    #[command(flatten)]
    pub(super) accept: AcceptArgs,
    #[command(flatten)]
    pub(super) drive: DriveArgs,
}

#[derive(Debug, Args)]
pub(super) struct HandoverArgs {
    /// The run, or the beginning of its id
    pub(super) run: String,
    /// Who takes it over (default: you)
    #[arg(long, value_name = "PERSON")]
    pub(super) to: Option<String>,
    /// What is handed over: a role of the runbook, or `operator` for the run itself; may be repeated
    #[arg(long, value_name = "ROLE", default_value = "operator")]
    pub(super) role: Vec<String>,
    /// What to tell whoever reads the record
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(super) note: String,
    /// Act under another name; only where bowline.toml has `allow-as = true`
    #[arg(long = "as", value_name = "NAME")]
    pub(super) as_name: Option<String>,
    #[command(flatten)]
    pub(super) journal: JournalArgs,
}

#[derive(Debug, Args)]
pub(super) struct RunsArgs {
    #[command(flatten)]
    pub(super) journal: JournalArgs,
    /// Output for people or for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

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

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The run, or the beginning of its id (default: the latest)
    pub(super) run: Option<String>,
    #[command(flatten)]
    pub(super) journal: JournalArgs,
    /// Output for people or for programs
    #[arg(long, value_enum, default_value_t = ShowFormat::Text)]
    pub(super) format: ShowFormat,
    /// Write to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ShowFormat {
    /// For people
    Text,
    /// For programs: how the run stands and what it came to
    Json,
    /// Each event as a line of JSON, as the journal keeps it
    Events,
    /// A report in Markdown
    Markdown,
    /// A report as a page that stands alone
    Html,
}

#[derive(Debug, Args)]
pub(super) struct EvidenceArgs {
    /// The run, or the beginning of its id
    pub(super) run: String,
    #[command(flatten)]
    pub(super) journal: JournalArgs,
    /// Write the pack to this file (default: bowline-evidence-RUN.tar)
    #[arg(short, long, value_name = "PACK")]
    pub(super) out: Option<PathBuf>,
    /// Sign it with your SSH key: the one that you have, or the one given with --key
    #[arg(long)]
    pub(super) sign: bool,
    /// The key to sign with: a private key, or the public key of one that an agent holds
    #[arg(long, value_name = "FILE", requires = "sign")]
    pub(super) key: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The pack; `-` reads standard input
    pub(super) pack: PathBuf,
    /// It must be signed by one of these: an allowed-signers file, as of ssh-keygen
    #[arg(long, value_name = "FILE")]
    pub(super) signers: Option<PathBuf>,
    /// The chain of events must go through this hash, noted before
    #[arg(long, value_name = "HASH", value_parser = parse_hash)]
    pub(super) head: Option<String>,
    /// Output for people or for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

/// SHA-256 in hex.
fn parse_hash(text: &str) -> Result<String, String> {
    let hash = text.to_ascii_lowercase();
    let hex = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hex { Ok(hash) } else { Err("a hash has 64 digits, 0 to 9 and a to f".into()) }
}

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

#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    /// The runbook: a file, or the name of a bundled one (see `bowline list`)
    pub(super) file: String,
    #[command(flatten)]
    pub(super) inputs: InputArgs,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
    /// Tell only what differs from an older plan, and exit with 1 if anything does: a plan in JSON, a runbook, or
    /// one of a git revision as REV:FILE
    #[arg(long, value_name = "OLD", conflicts_with = "format")]
    pub(super) against: Option<String>,
    /// Output for people or for programs
    #[arg(long, value_enum, default_value_t = PlanFormat::Text)]
    pub(super) format: PlanFormat,
    /// Fold nothing: whole scripts and texts, and every point of failure however many there are
    #[arg(long)]
    pub(super) full: bool,
    /// Write to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PlanFormat {
    /// For people, on a screen
    Text,
    /// For programs
    Json,
    /// For people, as the summary of a job or a change request
    Markdown,
    /// A flow chart, which Markdown viewers draw
    Mermaid,
    /// A page that stands alone
    Html,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// The runbooks and modules; of a folder all that are in it, however deep
    #[arg(required = true)]
    pub(super) files: Vec<String>,
    #[command(flatten)]
    pub(super) config: ConfigArgs,
    /// Mend the files where that needs nobody to decide, then say what is left; guesses are never applied
    #[arg(long)]
    pub(super) fix: bool,
    /// Output for people or for programs
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub(super) format: CheckFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    /// For people, on standard error
    Text,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands, which GitHub shows beside the lines of a pull request
    Github,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The code, such as E0207 (default: a list of all)
    pub(super) code: Option<String>,
    /// Output for people or for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// The command (default: bowline itself)
    pub(super) command: Option<String>,
    /// Write all pages into this folder instead
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct FmtArgs {
    /// The runbooks and modules, of a folder all that are in it; `-` reads standard input and prints
    #[arg(required = true)]
    pub(super) files: Vec<String>,
    /// Write nothing; name the files that would change, and exit with 1 if there are any
    #[arg(long)]
    pub(super) check: bool,
}
