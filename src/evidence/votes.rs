//! The votes of a run: each is verified once more by the one function that does, and stands in the pack as files that
//! `ssh-keygen -Y verify` takes as they are.

use crate::approval::{Handed, Vote};
use crate::event::{EffectId, Fact, RunState};
use crate::plan::Plan;
use crate::run::counted;

use super::names::Folder;

/// A file that follows from an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Its name in the pack.
    pub name: String,
    /// What it says.
    pub text: String,
}

impl Paper {
    fn new(name: &str, text: &str) -> Self {
        Self { name: Folder::Approvals.file(name), text: text.to_owned() }
    }
}

/// What an event leaves in the folder of approvals: the keys that count, a request, a vote with its signature.
/// `state` is that before the event.
pub(super) fn papers(state: &RunState, fact: &Fact) -> Vec<Paper> {
    match fact {
        Fact::Enrolled { roster } if roster.signed => {
            vec![Paper::new("allowed_signers", &lines(&roster.signers))]
        }
        Fact::Requested { effect, text, .. } => {
            vec![Paper::new(&format!("{:06}-request.txt", effect.0), text)]
        }
        Fact::Voted { effect, vote, .. } => of_vote(state, *effect, vote),
        _ => vec![],
    }
}

fn lines(signers: &[String]) -> String {
    signers.iter().fold(String::new(), |text, line| text + line + "\n")
}

fn of_vote(state: &RunState, effect: EffectId, vote: &Vote) -> Vec<Paper> {
    let before = state.ballots().into_iter().find(|(_, run, _)| run.id == effect);
    let number = before.map_or(0, |(_, _, ballot)| ballot.votes.len()) + 1;
    let name = format!("{:06}-{number}-{}.txt", effect.0, vote.person);
    let mut papers = vec![Paper::new(&name, &vote.statement)];
    papers.extend(vote.signature.as_ref().map(|signature| Paper::new(&format!("{name}.sig"), signature)));
    papers
}

/// Whether a recorded vote counts when it is verified again, and says what is recorded of it. `state` is that before it.
///
/// # Errors
/// In words why it does not.
pub(super) fn counts_again(
    plan: &Plan,
    state: &RunState,
    (effect, vote): (EffectId, &Vote),
) -> Result<(), String> {
    let handed = Handed {
        statement: &vote.statement,
        signature: vote.signature.as_deref(),
        arrived: vote.arrived,
        // Where it came from then was judged then; without a signature the record is all there is.
        trusted: true,
    };
    let same = counted(plan, state, handed)? == (effect, vote.clone());
    same.then_some(()).ok_or_else(|| "what is recorded of it is not what was signed".to_owned())
}
