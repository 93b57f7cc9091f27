//! `bowline.toml`: who may approve, who holds which role, where notices go, how loud lints are, where the
//! journal stands. Read and checked like a runbook; `docs/bowline-toml.md` tells it in words.
//!
//! Knows the text of one file and nothing around it: it opens no file, asks no environment, and
//! never holds a secret. Names that a runbook uses are looked up by others.

mod channels;
mod keys;
mod people;
mod reader;
mod secrets;
mod sections;
mod targets;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::diag::Diagnostic;
use crate::text::{Source, SourceId};

/// The name under which the file is looked for, beside a runbook and in the folders above.
pub const FILE_NAME: &str = "bowline.toml";

/// The largest file that is read, in bytes (1 MiB).
pub const MAX_BYTES: u64 = 1024 * 1024;

/// What the file says; what it leaves out has its default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The folder of the journal, as written: relative to the file, or beginning with `~/`.
    pub journal: Option<String>,
    /// Whether `--as NAME` is taken.
    pub allow_as: bool,
    /// Whether approvals are taken without signatures.
    pub unsigned: bool,
    /// An allowed-signers file of OpenSSH, as written: relative to the file.
    pub allowed_signers: Option<String>,
    /// Public keys by person, as OpenSSH writes them: type, base64, comment.
    pub people: BTreeMap<String, Vec<String>>,
    /// Members by group, in the order written.
    pub groups: BTreeMap<String, Group>,
    /// Who may hold a role, in the order written; never empty.
    pub roles: BTreeMap<String, Vec<String>>,
    /// Where notices go.
    pub channels: BTreeMap<String, Channel>,
    /// How loud lints are, by their codes.
    pub lints: BTreeMap<String, Level>,
    /// Where steps with `on "target"` run.
    pub targets: BTreeMap<String, Target>,
}

/// A group of approvers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Distinct names; may be none.
    pub members: Vec<String>,
    /// The line that names it, from 1.
    pub line: u32,
}

/// Where a channel leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A program with its arguments; the text comes on its standard input. Never empty.
    Run(Vec<String>),
    /// A URL that the text is posted to, as JSON.
    Url(Url),
}

/// A URL, or where it is kept because it is a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Url {
    /// As it is; `http` or `https`.
    Plain(String),
    /// In this environment variable.
    Env(String),
}

/// How loud a lint is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Not reported.
    Allow,
    /// A warning.
    Warn,
    /// An error: the runbook does not check.
    Deny,
}

/// A place where a step may run; `local` is always one and never written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// How it is reached.
    pub reach: Reach,
    /// After so long without a word from bowline the target stops what runs there.
    pub silence: Option<Duration>,
}

/// How a target is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// By the OpenSSH client.
    Ssh {
        /// A destination as it takes it: `host`, `user@host`, or a name of its configuration.
        destination: String,
        /// A configuration of its own, as written: relative to the file, or beginning with `~/`.
        config: Option<String>,
    },
    /// A container, by its name.
    Docker(String),
    /// What `kubectl exec` takes, and how it gets there.
    Kubectl {
        /// `deploy/web`, `pod-7f`.
        object: String,
        /// Its namespace.
        namespace: Option<String>,
        /// One of its containers.
        container: Option<String>,
        /// A context of the user's own configuration.
        context: Option<String>,
    },
}

/// What came of a file.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What could be read; whole only where no diagnostic is an error.
    pub config: Config,
    /// What is wrong, each mistake by itself, in the order of places.
    pub diagnostics: Vec<Diagnostic>,
    /// The file as it may be shown: what looks like a secret is starred out, byte by byte.
    pub shown: Source,
}

/// Reads the text of a `bowline.toml`.
#[must_use]
pub fn read(id: SourceId, source: &Source) -> Reading {
    reader::Reader::new(id, source).read()
}

#[cfg(test)]
mod tests;
