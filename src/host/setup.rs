//! What a run brings along to its host.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::inbox::Inbox;
use super::mask::Mask;
use super::people::answers::Answers;
use super::people::{Approvers, Screen, Terminal};
use super::target::Targets;
use super::{Channels, GRACE};
use crate::event::Actor;

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
    /// Where people hand in what they signed; votes are taken only where there is one.
    pub inboxes: Vec<Inbox>,
    /// Where questions are asked; `None` where nobody is there.
    pub terminal: Option<Terminal>,
    /// Stands aside while the terminal is taken.
    pub screen: Option<Arc<dyn Screen>>,
    /// Where `notify` says things.
    pub channels: Channels,
    /// Where steps may run besides here.
    pub targets: Targets,
    /// A file that is touched whenever a target hears from us.
    pub alive: PathBuf,
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
            inboxes: vec![],
            terminal: None,
            screen: None,
            channels: Channels::new(),
            targets: Targets::new(),
            alive: dir.join("alive"),
        }
    }
}

/// The folders in which programs are found here and now, as in `PATH`.
#[must_use]
pub fn search_path() -> String {
    let path = std::env::var_os("PATH").filter(|path| !path.is_empty());
    path.map_or_else(|| "/usr/local/bin:/usr/bin:/bin".into(), |path| path.to_string_lossy().into_owned())
}
