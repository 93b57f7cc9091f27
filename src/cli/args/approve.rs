//! The command line of `bowline approve`.

use std::path::PathBuf;

use clap::Args;

use super::JournalArgs;

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("say").multiple(false))]
#[command(group = clap::ArgGroup::new("way").multiple(false))]
pub(in crate::cli) struct ApproveArgs {
    /// The run, or the beginning of its id; a file that is signed or imported names it itself
    #[arg(required_unless_present_any = ["sign", "import"], conflicts_with_all = ["sign", "import"])]
    pub(in crate::cli) run: Option<String>,
    /// Which of several open approvals: its title, or `gate / title`
    pub(in crate::cli) gate: Option<String>,
    /// Say no; this ends the approval
    #[arg(long, value_name = "WHY", group = "say")]
    pub(in crate::cli) reject: Option<String>,
    /// Step aside, and leave it to the others
    #[arg(long, value_name = "WHY", group = "say")]
    pub(in crate::cli) decline: Option<String>,
    /// A note beside a yes
    #[arg(long, value_name = "TEXT", group = "say")]
    pub(in crate::cli) note: Option<String>,
    /// Who you are, where your key alone does not tell
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) name: Option<String>,
    /// Sign with this key: a private key, or the public key of one that an agent holds
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) key: Option<PathBuf>,
    /// Only write what must be signed
    #[arg(long, group = "way")]
    pub(in crate::cli) request: bool,
    /// Sign a request that was written elsewhere; needs no journal
    #[arg(long, value_name = "FILE", group = "way")]
    pub(in crate::cli) sign: Option<PathBuf>,
    /// Hand in what was signed elsewhere
    #[arg(long, value_name = "FILE", group = "way")]
    pub(in crate::cli) import: Option<PathBuf>,
    /// Where to write, with --request and --sign
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Do not ask before signing
    #[arg(short, long)]
    pub(in crate::cli) yes: bool,
    #[command(flatten)]
    pub(in crate::cli) journal: JournalArgs,
}
