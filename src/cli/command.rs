//! The commands, in the order in which `bowline help` lists them: what each takes, and who does it.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser, Subcommand};

use super::approve::ApproveArgs;
use super::cancel::CancelArgs;
use super::check::CheckArgs;
use super::drill::DrillArgs;
use super::evidence::EvidenceArgs;
use super::explain::ExplainArgs;
use super::export::ExportArgs;
use super::fmt::FmtArgs;
use super::handover::HandoverArgs;
use super::import::ImportArgs;
use super::list::ListArgs;
use super::logs::LogsArgs;
use super::lsp::LspArgs;
use super::manual::{CompletionsArgs, ManArgs};
use super::new::NewArgs;
use super::plan::PlanArgs;
use super::prune::PruneArgs;
use super::resume::ResumeArgs;
use super::run::RunArgs;
use super::runs::RunsArgs;
use super::settle::SettleArgs;
use super::show::ShowArgs;
use super::test::TestArgs;
use super::verify::VerifyArgs;
use super::{
    Done, approve, cancel, check, drill, evidence, explain, export, fmt, handover, import, list, logs, lsp,
    manual, new, plan, prune, resume, run, runs, settle, show, test, verify,
};

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
    /// Fail every effect and every undo of a runbook in turn, in memory, and print how each run ends; starts nothing
    Drill(DrillArgs),
    /// Write a runbook to begin from
    New(NewArgs),
    /// Play the scenarios of runbooks, in memory, and compare what happens with what they say; starts nothing
    Test(TestArgs),
    /// Check runbooks; starts nothing
    Check(CheckArgs),
    /// Say what the code of a report means, with a wrong and a right example
    Explain(ExplainArgs),
    /// Make a runbook of a Markdown document
    Import(ImportArgs),
    /// Write runbooks as Markdown that a person can follow by hand
    Export(ExportArgs),
    /// Bring runbooks and modules to their one layout
    Fmt(FmtArgs),
    /// Serve an editor: what is wrong as it is written, completion, names, layout
    Lsp(LspArgs),
    /// Print what a shell needs to complete command lines of bowline
    Completions(CompletionsArgs),
    /// Print the manual page of bowline or of one of its commands
    Man(ManArgs),
}

impl Command {
    /// Does it.
    pub(super) fn run(self) -> Done {
        match self {
            Self::Run(args) => run::run(&args),
            Self::Resume(args) => resume::resume(&args),
            Self::Settle(args) => settle::settle(&args),
            Self::Approve(args) => approve::approve(&args),
            Self::Cancel(args) => cancel::cancel(&args),
            Self::Handover(args) => handover::handover(&args),
            Self::Runs(args) => runs::runs(&args),
            Self::Prune(args) => prune::prune(&args),
            Self::Show(args) => show::show(&args),
            Self::Logs(args) => logs::logs(&args),
            Self::Evidence(args) => evidence::evidence(&args),
            Self::Verify(args) => verify::verify(&args),
            Self::List(args) => list::list(&args),
            Self::Plan(args) => plan::plan(&args),
            Self::Drill(args) => drill::drill(&args),
            Self::New(args) => new::new(&args),
            Self::Test(args) => test::test(&args),
            Self::Check(args) => check::check(&args),
            Self::Explain(args) => explain::explain(&args),
            Self::Import(args) => import::import(&args),
            Self::Export(args) => export::export(&args),
            Self::Fmt(args) => fmt::fmt(&args),
            Self::Lsp(args) => Ok(lsp::lsp(&args)),
            Self::Completions(args) => Ok(manual::completions(&args, Cli::command())),
            Self::Man(args) => manual::man(&args, Cli::command()),
        }
    }
}

/// What is wrong with a command line, with a tip where `name=value` stands without the `-i` that makes it an input.
pub(super) fn hinted(mut asked: clap::Error) -> clap::Error {
    let Some(ContextValue::String(word)) = asked.get(ContextKind::InvalidArg).cloned() else { return asked };
    let is_pair = word.split_once('=').is_some_and(|(name, _)| !name.is_empty() && !name.starts_with('-'));
    let usage = asked.get(ContextKind::Usage).map(ToString::to_string).unwrap_or_default();
    let takes = |command: &clap::Command| command.get_arguments().any(|arg| arg.get_short() == Some('i'));
    let commands = Cli::command();
    let named = |command: &clap::Command| usage.contains(&format!("bowline {} ", command.get_name()));
    let inputs = commands.get_subcommands().any(|command| takes(command) && named(command));
    if asked.kind() == ErrorKind::UnknownArgument && is_pair && inputs {
        let tip = format!("to give an input, write `-i {word}`");
        asked.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    asked
}
