//! What the events of a pack say: their chain, the run, and the files that must be there.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::names::{self, Folder};
use super::statement::{EventFacts, LISTED, RunFacts};
use super::votes::{Paper, counts_again, papers};
use crate::event::{Ending, Event, Fact, OutputRef, RunState};
use crate::journal::{Chain, read_event};
use crate::plan::Plan;
use crate::run::{ExitCode, end_of};
use crate::value::{MASKED, hex};

/// SHA-256 of a body.
pub(super) type BodyHash = [u8; 32];

/// A file that an event names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// The event.
    pub seq: u64,
    /// Its name in the pack.
    pub file: String,
    /// Its size, where the event tells it.
    pub bytes: Option<u64>,
    /// Lower-case hex.
    pub sha256: String,
}

/// A fold over the bodies of a run's events.
pub struct Record {
    run: String,
    plan: Option<Arc<Plan>>,
    /// The chain so far.
    pub chain: Chain,
    /// Of each body so far.
    pub(super) hashes: Vec<BodyHash>,
    /// What the files of the pack must be.
    pub promises: Vec<Promise>,
    /// The digest that the plan must have.
    pub(super) digest: Option<String>,
    /// What was asked of people and what they said, as files.
    pub papers: Vec<Paper>,
    /// Votes that do not count when they are verified again: the event, and why.
    pub(super) void: Vec<(u64, String)>,
    /// An end that does not follow from the events before it: the event, and why.
    pub(super) false_end: Option<(u64, String)>,
    /// The first event that cannot be, and why.
    pub(super) broken: Option<(u64, String)>,
    state: RunState,
    began: Timestamp,
    last: Timestamp,
    operators: BTreeSet<String>,
    bowline: BTreeSet<String>,
}

impl Record {
    /// Before the first event of a run. Without its plan only the chain is followed.
    #[must_use]
    pub fn new(run: &str, plan: Option<Arc<Plan>>) -> Self {
        Self {
            run: run.to_owned(),
            plan,
            chain: Chain::of(run),
            hashes: vec![],
            promises: vec![],
            digest: None,
            papers: vec![],
            void: vec![],
            false_end: None,
            broken: None,
            state: RunState::default(),
            began: Timestamp::UNIX_EPOCH,
            last: Timestamp::UNIX_EPOCH,
            operators: BTreeSet::new(),
            bowline: BTreeSet::new(),
        }
    }

    /// Takes in the body of the next event.
    pub fn add(&mut self, body: &str) {
        self.chain.add(body);
        self.hashes.push(Sha256::digest(body.as_bytes()).into());
        let seq = self.count();
        let Some(plan) = self.plan.clone().filter(|_| self.broken.is_none()) else { return };
        let event = read_event(seq, body).map_err(|error| error.to_string());
        let applied = event.and_then(|event| {
            self.event(&event);
            self.votes(&plan, &event);
            self.ended(&plan, &event);
            self.state.apply(&plan, &event).map_err(|error| error.why)
        });
        self.broken = applied.err().map(|why| (seq, why));
    }

    fn event(&mut self, event: &Event) {
        self.last = event.at;
        match &event.fact {
            Fact::Started { digest, sources, settings, .. } => {
                self.began = event.at;
                self.digest = Some(digest.clone());
                for (at, source) in sources.iter().enumerate() {
                    let (file, sha256) = (names::source_name(at, &source.name), source.sha256.clone());
                    self.promises.push(Promise { seq: event.seq, file, bytes: None, sha256 });
                }
                self.driven(&settings.operator.name, &settings.bowline);
            }
            Fact::Resumed { settings } => self.driven(&settings.operator.name, &settings.bowline),
            Fact::Ended { note, .. } => {
                self.promise(event.seq, Folder::Outputs, note.output.as_ref());
                self.promise(event.seq, Folder::Evidence, note.kept.as_ref());
            }
            _ => {}
        }
    }

    fn votes(&mut self, plan: &Plan, event: &Event) {
        if let Fact::Voted { effect, vote, .. } = &event.fact
            && let Err(why) = counts_again(plan, &self.state, (*effect, vote))
        {
            self.void.push((event.seq, format!("is a vote of {} that does not count: {why}", vote.person)));
        }
        for paper in papers(&self.state, &event.fact) {
            let (bytes, sha256) = (Some(paper.text.len() as u64), hex(&Sha256::digest(&paper.text)));
            self.promises.push(Promise { seq: event.seq, file: paper.name.clone(), bytes, sha256 });
            self.papers.push(paper);
        }
    }

    /// Held against the end that the engine derives from the events before. That a run was planned anew its successor tells.
    fn ended(&mut self, plan: &Plan, event: &Event) {
        let Fact::Finished { ending, name } = &event.fact else { return };
        if *ending == Ending::Superseded {
            return;
        }
        let says = ExitCode::standing_of(*ending);
        let why = match end_of(plan, &self.state) {
            Some((derived, why)) if derived == *ending && is_masked(name.as_deref(), why.as_deref()) => {
                return;
            }
            Some((derived, _)) if derived == *ending => "its reason is another".to_owned(),
            Some((derived, _)) => format!("they come to {}", ExitCode::standing_of(derived)),
            None => "by them the run is not over".to_owned(),
        };
        let why = format!(
            "says that the run ended as {says}, which does not follow from the events before it: {why}"
        );
        self.false_end = Some((event.seq, why));
    }

    fn driven(&mut self, operator: &str, bowline: &str) {
        self.operators.insert(operator.to_owned());
        self.bowline.insert(bowline.to_owned());
    }

    fn promise(&mut self, seq: u64, folder: Folder, file: Option<&OutputRef>) {
        self.promises.extend(file.map(|file| Promise {
            seq,
            file: folder.file(&file.file),
            bytes: Some(file.bytes),
            sha256: file.sha256.clone(),
        }));
    }

    /// How many events there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.hashes.len() as u64
    }

    /// Its short id.
    pub(super) fn id(&self) -> &str {
        &self.run
    }

    /// The run as told so far; `None` without its plan, and before it began.
    #[must_use]
    pub fn run(&self) -> Option<RunFacts> {
        let plan = self.plan.as_deref().filter(|_| self.digest.is_some())?;
        let (end, reason) = self.end(plan);
        Some(RunFacts {
            id: self.run.clone(),
            title: plan.title.clone(),
            version: plan.version.to_string(),
            plan: plan.digest.clone(),
            end: end.into(),
            reason,
            began: self.began,
            last: self.last,
            operators: self.operators.iter().cloned().collect(),
            bowline: self.bowline.iter().cloned().collect(),
        })
    }

    fn end(&self, plan: &Plan) -> (&'static str, Option<String>) {
        match (&self.state.finished, &self.state.suspended) {
            (Some((ending, reason)), _) => {
                let word = match ending {
                    Ending::Completed => "completed",
                    Ending::RolledBack => "rolled-back",
                    Ending::FailedKept => "failed-kept",
                    Ending::Superseded => "superseded",
                };
                (word, reason.clone())
            }
            (None, Some((_, why))) if ExitCode::of(plan, &self.state) == ExitCode::Stuck => {
                ("stuck", Some(why.clone()))
            }
            (None, Some((_, why))) => ("waiting", Some(why.clone())),
            (None, None) => ("open", None),
        }
    }

    /// What a statement says of the events.
    #[must_use]
    pub(super) fn events(&self) -> EventFacts {
        let listed = self.hashes.len() <= LISTED;
        EventFacts {
            count: self.count(),
            head: self.chain.head(),
            sha256: listed.then(|| self.hashes.iter().map(|hash| hex(hash)).collect()),
        }
    }
}

/// Whether a text is another one, secrets masked that the run has learned since.
fn is_masked(text: Option<&str>, whole: Option<&str>) -> bool {
    let (Some(text), Some(whole)) = (text, whole) else { return text == whole };
    let mut parts = text.split(MASKED);
    let Some(mut rest) = parts.next().and_then(|first| whole.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let found = if parts.peek().is_none() {
            rest.ends_with(part).then_some("")
        } else {
            rest.split_once(part).map(|(_, behind)| behind)
        };
        let Some(behind) = found else { return false };
        rest = behind;
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::is_masked;

    #[test]
    fn what_was_masked_later_is_the_same_text() {
        let masked = |text, whole| is_masked(Some(text), Some(whole));
        assert!(
            masked("a b", "a b")
                && masked("a *** b", "a hunter22 b")
                && masked("***", "x")
                && masked("x *** ***", "x y z")
        );
        assert!(!masked("a", "a b") && !masked("a *** c", "a hunter22 b") && !masked("b ***", "a b c"));
        assert!(is_masked(None, None) && !is_masked(Some("a"), None) && !is_masked(None, Some("a")));
    }
}
