//! Approvals in a run: what is asked, what is handed in for it, and whether that decides it. Pure.

use jiff::Timestamp;

use super::door::{HandedIn, Paper, QuestionShown};
use super::path::path_of;
use super::seal::Mask;
use super::settle::apply;
use super::votes::{expiry, needed};
use crate::approval::{Asked, Handed, Needed, Request, Vote, request_id, verify};
use crate::event::{Ballot, EffectId, Fact, RunState};
use crate::plan::{NodeId, Plan};
use crate::value::show;

/// So much is taken note of in one run: a folder full of rubbish must not fill the journal.
const MOST: usize = 500;

/// An approval that is open.
#[derive(Clone, Debug)]
pub struct OpenApproval<'a> {
    /// The effect.
    pub effect: EffectId,
    /// Titles down to it.
    pub path: Vec<String>,
    /// Who is needed.
    pub needed: Needed,
    /// Until when, if there is an end.
    pub expires: Option<Timestamp>,
    /// The text that people sign, and what they said so far.
    pub ballot: &'a Ballot,
}

impl OpenApproval<'_> {
    /// As the one function that verifies takes it.
    #[must_use]
    pub fn asked(&self) -> Asked<'_> {
        let Ballot { text, votes, .. } = self.ballot;
        Asked { text, needed: &self.needed, expires: self.expires, votes }
    }
}

/// The approvals of a run that are open, in the order asked.
#[must_use]
pub fn open_approvals<'a>(plan: &Plan, state: &'a RunState) -> Vec<OpenApproval<'a>> {
    let each = state.ballots().into_iter().filter_map(|(site, run, ballot)| {
        let needed = needed(plan, site.node)?;
        let expires = expiry(plan, state, site, ballot.asked);
        Some(OpenApproval { effect: run.id, path: path_of(plan, state, site), needed, expires, ballot })
    });
    each.collect()
}

/// Every approval of a plan, with who is needed.
pub fn approvals_of(plan: &Plan) -> impl Iterator<Item = (NodeId, Needed)> + '_ {
    let nodes = plan.nodes.iter().enumerate();
    nodes.filter_map(|(at, _)| {
        let node = NodeId(u32::try_from(at).ok()?);
        Some((node, needed(plan, node)?))
    })
}

/// What is recorded when an approval begins to be asked; nothing while a request of this attempt is open.
pub(super) fn request_of(
    plan: &Plan,
    state: &RunState,
    (effect, question): (EffectId, &QuestionShown),
    mask: &dyn Mask,
) -> Option<Fact> {
    let (roster, site) = (state.roster.as_ref()?, state.site(effect)?);
    let needed = needed(plan, site.node)?;
    if state.slot(site)?.ballot().is_some() {
        return None;
    }
    let asked = state.now;
    let showing = match &question.kind {
        super::door::Answered::Approval { showing, .. } => showing.clone(),
        _ => None,
    };
    let request = Request {
        run: roster.run.clone(),
        runbook: format!("{} {}", plan.title, plan.version),
        plan: plan.digest.clone(),
        path: question.path.clone(),
        id: request_id(&state.salt, effect.0, state.seq),
        asked,
        operator: state.settings.as_ref().map(|settings| settings.operator.name.clone()).unwrap_or_default(),
        expires: expiry(plan, state, site, asked),
        needed,
        inputs: inputs(plan, state, mask),
        prose: question.prose.clone(),
        showing,
    };
    Some(Fact::Requested { effect, asked, text: request.text() })
}

/// The inputs as they may be shown.
fn inputs(plan: &Plan, state: &RunState, mask: &dyn Mask) -> Vec<(String, String)> {
    let shown = |value| match value {
        &crate::value::Value::Secret(_) => crate::value::MASKED.to_owned(),
        value => mask.mask(&show(value)),
    };
    let each = state
        .inputs
        .iter()
        .filter_map(|input| Some((plan.var(input.var)?.name.clone(), shown(&input.value))));
    each.collect()
}

/// What becomes of something handed in.
pub(super) enum Taken {
    /// It is recorded.
    Fact(Box<Fact>),
    /// It does not count as it is, and somebody may still be writing it.
    Half,
    /// It is known, or there is too much already.
    Known,
}

/// Takes in something handed in: each once.
pub(super) fn taken(plan: &Plan, state: &RunState, handed: HandedIn, mask: &dyn Mask) -> Taken {
    let HandedIn { file, sha256, arrived, trusted, whole_from, content } = handed;
    if state.was_handed_in(&sha256) || state.handed_in() > MOST {
        return Taken::Known;
    }
    if state.handed_in() == MOST {
        let why = format!("more than {MOST} files were handed in; no further one is taken");
        return Taken::Fact(Box::new(Fact::VoteRefused { file, sha256, why }));
    }
    let counted = match content {
        Paper::Unreadable(why) => Err(why),
        Paper::Text { statement, signature } => {
            let handed = Handed { statement: &statement, signature: signature.as_deref(), arrived, trusted };
            if mask.tainted(handed.statement) {
                Err("it holds a secret of the run".into())
            } else {
                counted(plan, state, handed)
            }
        }
    };
    match counted {
        // What verifies is whole.
        Ok((effect, vote)) => Taken::Fact(Box::new(Fact::Voted { effect, file, sha256, vote })),
        // Too late for all that is asked it stays, however whole it becomes.
        Err(_) if whole_from.is_some() && may_be_in_time(plan, state, arrived) => Taken::Half,
        Err(why) => Taken::Fact(Box::new(Fact::VoteRefused { file, sha256, why })),
    }
}

/// Whether something that came then may count for an approval that is open.
fn may_be_in_time(plan: &Plan, state: &RunState, arrived: Timestamp) -> bool {
    open_approvals(plan, state).iter().any(|open| open.expires.is_none_or(|expires| arrived < expires))
}

/// A run as it will stand once somebody drives it and takes in what was handed in; for whoever only looks.
#[must_use]
pub fn with_handed_in(plan: &Plan, state: RunState, handed: Vec<HandedIn>) -> RunState {
    let mut seen = state;
    let suspended = seen.suspended.take();
    for handed in handed {
        if let Taken::Fact(fact) = taken(plan, &seen, handed, &NoSecrets)
            && matches!(*fact, Fact::Voted { .. })
        {
            // It was verified against this very state.
            let _ = apply(plan, &mut seen, *fact);
        }
    }
    seen.suspended = suspended;
    seen
}

/// The mask of whoever knows no secret.
struct NoSecrets;

impl Mask for NoSecrets {
    fn mask(&self, text: &str) -> String {
        text.to_owned()
    }

    fn tainted(&self, _: &str) -> bool {
        false
    }

    fn learn(&self, _: &str) {}
}

/// The approval that something handed in answers, and the vote that it is.
///
/// # Errors
/// In words why it does not count.
pub fn counted(plan: &Plan, state: &RunState, handed: Handed<'_>) -> Result<(EffectId, Vote), String> {
    let roster = state.roster.as_ref().ok_or("the run takes no approvals by file")?;
    let open = open_approvals(plan, state);
    let asked: Vec<Asked<'_>> = open.iter().map(OpenApproval::asked).collect();
    let (at, vote) = verify(handed, &asked, roster, state.operators())?;
    open.get(at).map(|open| (open.effect, vote)).ok_or_else(|| "it is not asked".to_owned())
}
