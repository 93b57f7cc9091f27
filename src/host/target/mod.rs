//! Targets: other machines and containers where the programs of a step run.
//!
//! Knows how a command line gets there ([`Carrier`]), what runs it there ([`wrapper`]) and what is known
//! of it from here ([`Link`]). Knows nothing of plans, and starts nothing itself: `process` starts the
//! client (`ssh`, `docker`, `kubectl`) as any other program.

pub(super) mod errand;
mod exec;
mod link;
mod marked;
mod ssh;
mod voice;
mod wrapper;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::text::nearest;

pub(super) use self::link::{Fate, Link};
pub(super) use self::ssh::Connections;
pub(super) use self::wrapper::{Whose, Wrapped};

/// A program on a target is stopped there when it has heard nothing from us for so long, where nothing else is set up.
pub const SILENCE: Duration = Duration::from_secs(30);

/// Beside the silence, for the time until the target hears us: a beat may be noted so much before it is heard.
const SLACK: Duration = Duration::from_secs(1);

/// Where steps may run, by the name in `on "…"`.
pub type Targets = BTreeMap<String, Target>;

/// A place where programs run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What carries programs to it.
    pub carrier: Carrier,
    /// Heard nothing for so long, the target itself stops what runs; at least 5 s.
    pub silence: Duration,
}

/// What carries a command line to a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// By the OpenSSH client.
    Ssh {
        /// As `ssh` takes it: `host`, `user@host`, `ssh://user@host:port` or a name of its configuration.
        destination: String,
        /// A configuration of its own; the user's where there is none.
        config: Option<PathBuf>,
    },
    /// By `docker exec`, into the container of that name.
    Docker(String),
    /// By `kubectl exec`.
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

/// What is needed to run something on a target.
pub(super) struct Aim {
    /// Its name in the runbook.
    pub name: String,
    pub target: Target,
    pub connections: Arc<Connections>,
    /// Whether what runs changes the world: then nothing goes on until it is certainly dead.
    pub changes: bool,
    /// Takes its standard output, byte by byte, instead of the files of the run.
    pub sink: Option<Box<dyn Write + Send>>,
    /// Noted there at every sign of life that the target gets from us.
    pub alive: PathBuf,
}

impl Target {
    /// The words that run a line of `sh` there.
    fn carry(&self, line: &str, connections: &Connections) -> Vec<String> {
        match &self.carrier {
            Carrier::Ssh { destination, config } => {
                let (sockets, bounded) = connections.to(destination, config.as_deref());
                let (config, sockets) = (config.as_deref(), sockets.as_deref());
                let client = ssh::Client { destination, config, sockets, silence: self.silence, bounded };
                ssh::words(&client, line)
            }
            Carrier::Docker(container) => exec::docker(container, line),
            Carrier::Kubectl { object, namespace, container, context } => {
                let [context, namespace, container] = [context, namespace, container].map(Option::as_deref);
                exec::kubectl(&exec::Pod { object, context, namespace, container }, line)
            }
        }
    }
}

/// How much longer something may live on a target of which the run was left behind, by what it last heard.
/// Where nobody noted that, the whole silence and the slack.
#[must_use]
pub fn may_live(alive: &Path, silence: Duration) -> Duration {
    let heard = std::fs::metadata(alive).and_then(|file| file.modified()).ok();
    let ago = heard.and_then(|heard| heard.elapsed().ok()).unwrap_or_default();
    (silence + SLACK).saturating_sub(ago)
}

/// Waits until what was left there is dead. Blocks.
pub fn outlast(length: Duration) {
    std::thread::sleep(length);
}

/// `; did you mean `db-1`?`, or nothing.
pub(super) fn meant<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> String {
    let near = nearest(name, known.map(String::as_str));
    near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}
