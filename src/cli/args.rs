//! What several commands take: where the journal is, inputs, how a run is driven.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

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
    /// A folder where approvers put what they signed, beside the run's own; may be repeated. The run keeps it in mind
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
